import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { apiCaller, startEngine, type Engine } from '../support/engine.js';
import {
  addPeople,
  broadcastTo,
  gate,
  ids,
  smallPages,
  type BroadcastAnswer,
} from '../support/broadcasts.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
  });
  await engine.api('POST', '/v1/tenants', { id: 'other', name: 'Other' });
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.smtp.behave();
});

interface Event {
  event: string;
  data: BroadcastAnswer;
}

/** Opens the stream of a broadcast's progress. */
async function openStream(id: string): Promise<Response> {
  return fetch(`${engine.url}/v1/broadcasts/${id}/progress`, {
    headers: { authorization: `Bearer ${engine.bootstrapKey}`, 'x-tenant-id': 'acme' },
  });
}

/** The events of a stream as they come, until it ends. */
async function* eventsOf(response: Response): AsyncGenerator<Event> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (event && data) yield { event, data: JSON.parse(data) as BroadcastAnswer };
    }
  }
}

async function all(events: AsyncGenerator<Event>): Promise<Event[]> {
  const seen: Event[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

/** A broadcast to 12 people whose first mails wait until `open` is called. */
async function underWay(prefix: string) {
  await addPeople(engine, ids(prefix, 12));
  const { opened, open } = gate();
  const { met } = engine.smtp.behave({ at: 'message', do: { after: opened } });
  const broadcast = await broadcastTo(engine, { to: { recipients: ids(prefix, 12) } });
  await met;
  return { broadcast, open };
}

describe('the stream of a broadcast’s progress', () => {
  it('says where it is, and once at last that it has ended', async () => {
    const { broadcast, open } = await underWay('streamed');
    const response = await openStream(broadcast.id);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = eventsOf(response);
    const first = await events.next();
    expect(first.value).toMatchObject({ event: 'progress', data: { status: 'running', total: 12 } });
    open();
    const rest = await all(events);
    expect(rest.at(-1)).toMatchObject({ event: 'end', data: { status: 'completed', counts: { sent: 12 } } });
    expect(rest.filter(({ event }) => event === 'end')).toHaveLength(1);
  });

  it('says of one that is over that it has ended, and nothing else', async () => {
    await addPeople(engine, ['over-1']);
    const broadcast = await broadcastTo(engine, { to: { recipients: ['over-1'] } });
    await broadcast.over();
    const events = await all(eventsOf(await openStream(broadcast.id)));
    expect(events).toMatchObject([{ event: 'end', data: { id: broadcast.id, status: 'completed' } }]);
  });

  it('is a 404 for a broadcast that there is not', async () => {
    const response = await openStream('brd_none');
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });
});

describe('the broadcasts of a tenant', () => {
  it('are listed newest first, page by page, and by status', async () => {
    const api = apiCaller(engine.url, engine.bootstrapKey, 'other');
    await addPeople({ api }, ['listed-1']);
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const one = await broadcastTo(
        { api, client: engine.client },
        { to: { recipients: ['listed-1'] } },
        'other',
      );
      await one.over();
      made.unshift(one.id);
    }
    const draft = await broadcastTo({ api, client: engine.client }, {}, 'other');
    const idsAt = async (path: string) => {
      const { body } = await api('GET', path);
      return {
        ids: (body.items as { id: string }[]).map(({ id }) => id),
        nextCursor: body.nextCursor as string | null,
      };
    };
    const first = await idsAt('/v1/broadcasts?limit=3');
    const second = await idsAt(`/v1/broadcasts?limit=3&cursor=${first.nextCursor}`);
    expect([first.ids, second]).toEqual([
      [draft.id, ...made.slice(0, 2)],
      { ids: made.slice(2), nextCursor: null },
    ]);
    expect((await idsAt('/v1/broadcasts?status=completed')).ids).toEqual(made);
  });

  it('shows one with its times and its run', async () => {
    await addPeople(engine, ['shown-1']);
    const broadcast = await broadcastTo(engine, { to: { recipients: ['shown-1'] } });
    expect(await broadcast.over()).toEqual({
      id: broadcast.id,
      name: 'News',
      type: 'system',
      status: 'completed',
      total: 1,
      processed: 1,
      counts: {
        sent: 1,
        partial: 0,
        held: 0,
        digesting: 0,
        inFlight: 0,
        suppressed: 0,
        failed: 0,
        cancelled: 0,
        expired: 0,
      },
      ratePerSecond: null,
      secondsLeft: null,
      createdAt: expect.any(String) as string,
      sendAt: null,
      startedAt: expect.any(String) as string,
      finishedAt: expect.any(String) as string,
      workflowId: `broadcast/acme/${broadcast.id}`,
      temporalUrl: null,
    });
  });

  it.each([
    ['GET', ''],
    ['GET', '/progress'],
    ['POST', '/start'],
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['POST', '/cancel'],
  ] as const)('are not there for another tenant: %s %s', async (method, path) => {
    const broadcast = await broadcastTo(engine, {});
    const { status, body } = await engine.api(method, `/v1/broadcasts/${broadcast.id}${path}`, undefined, {
      tenant: 'other',
    });
    expect({ status, body }).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
