import { describe, expect, it } from 'vitest';
import { whereToFind } from '../../web/console/parts/find-target.js';
import { href, match } from '../../web/console/addresses.js';
import { perform, type Reader } from '../../web/console/parts/perform.js';
import { eventsOf } from '../../web/console/calls/server-events.js';

describe('the console’s addresses', () => {
  it.each([
    ['', '', {}],
    ['deliveries', 'deliveries', {}],
    ['notifications/:id', 'notifications/ntf_1', { id: 'ntf_1' }],
    ['people/:id', 'people/a%2Fb%40c', { id: 'a/b@c' }],
    ['notifications/:id', 'notifications', undefined],
    ['notifications/:id', 'notifications/', undefined],
    ['notifications/:id', 'notifications/a/b', undefined],
    ['people/:id', 'people/%E0%A4%A', undefined],
  ])('%s reads %s', (pattern, path, found) => {
    expect(match(pattern, path)).toEqual(found);
  });

  it('leave out what is empty', () => {
    expect(href()).toBe('/console');
    expect(href('deliveries', { status: 'failed', type: '', cursor: null, recipient: 'a&b' })).toBe(
      '/console/deliveries?status=failed&recipient=a%26b',
    );
  });

  it.each([
    ['ntf_01ABC', '/console/notifications/ntf_01ABC'],
    ['ntf_01ABC-email', '/console/notifications/ntf_01ABC'],
    ['ntf_01ABC-in_app', '/console/notifications/ntf_01ABC'],
    ['u-42', '/console/find?recipient=u-42'],
    ['ann@example.com', '/console/find?recipient=ann%40example.com'],
  ])('are found by what is typed: %s', (what, address) => {
    expect(whereToFind(what)).toBe(address);
  });
});

describe('Server-Sent Events', () => {
  const streamOf = (...chunks: string[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
  const read = async (...chunks: string[]) => {
    const found: unknown[] = [];
    for await (const event of eventsOf(streamOf(...chunks))) found.push(event);
    return found;
  };

  it('are read however they are cut', async () => {
    const text = 'event: progress\ndata: {"n":1}\n\n: still here\n\nevent: end\ndata: {"n":\ndata: 2}\n\n';
    const expected = [
      { event: 'progress', data: { n: 1 } },
      { event: 'end', data: { n: 2 } },
    ];
    expect(await read(text)).toEqual(expected);
    expect(await read(...text)).toEqual(expected);
    expect(await read(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('that were cut off do not count', async () => {
    expect(await read('event: progress\ndata: {"n":1}\n')).toEqual([]);
  });
});

describe('what the reader wants done', () => {
  const question = { title: 'Really?', text: 'It is gone then.', confirm: 'Yes' };
  /** A console in which everything that happens is written down; `sure` is the reader's answer. */
  function consoleOf(sure = true) {
    const told: string[] = [];
    const reader: Reader = {
      say: (text) => void told.push(`said ${text}`),
      fail: (error) => void told.push(`failed ${(error as Error).message}`),
      confirm: ({ title }) => {
        told.push(`asked ${title}`);
        return Promise.resolve(sure);
      },
    };
    return { told, reader };
  }

  it('is asked about first, done, said, and followed by what shows it', async () => {
    const { told, reader } = consoleOf();
    const isDone = await perform(reader, {
      question,
      call: () => Promise.resolve(told.push('called')),
      said: (length) => `it was the ${length}nd`,
      after: () => told.push('after'),
    });
    expect(isDone).toBe(true);
    expect(told).toEqual(['asked Really?', 'called', 'said it was the 2nd', 'after']);
  });

  it('is left alone where the reader thinks better of it', async () => {
    const { told, reader } = consoleOf(false);
    const call = () => Promise.resolve(told.push('called'));
    expect(await perform(reader, { question, call, said: 'done', after: () => told.push('after') })).toBe(
      false,
    );
    expect(told).toEqual(['asked Really?']);
  });

  it('is told of where it failed, and shown as it is then', async () => {
    const { told, reader } = consoleOf();
    const call = () => Promise.reject(new Error('gone already'));
    expect(await perform(reader, { call, said: 'done', after: () => told.push('after') })).toBe(false);
    expect(told).toEqual(['failed gone already', 'after']);
  });
});
