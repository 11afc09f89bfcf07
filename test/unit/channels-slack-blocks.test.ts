import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slackPost } from '../../channels/slack/blocks.js';
import { mrkdwn, mrkdwnParts } from '../../channels/slack/mrkdwn.js';
import { slackMessage } from '../support/chat-messages.js';
import { slackBlocks } from '../support/slack-blocks.js';

describe('a message to Slack', () => {
  it('is text, image and buttons, and all of the text for those who see no blocks', () => {
    const post = slackPost(slackMessage({ imageUrl: 'https://app.example/seven.png' }));
    expect(post).toEqual({
      text: 'Approval asked for\nPlease look at contract 7.\n<https://app.example/contracts/7>',
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: 'Approval asked for\nPlease look at contract 7.',
            verbatim: true,
          },
        },
        {
          type: 'image',
          image_url: 'https://app.example/seven.png',
          alt_text: 'Approval asked for',
        },
        {
          type: 'actions',
          elements: [
            button('open-0', 'Approve', 'https://app.example/contracts/7?approve'),
            button('open-1', 'Ouvrir', 'https://app.example/contracts/7'),
          ],
        },
      ],
    });
  });

  it('names its delivery in every button, where it is told its name', () => {
    const { blocks } = slackPost(slackMessage(), { returnToken: 'k-1' });
    const buttons = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    expect(buttons.map(({ value }) => value)).toEqual(['k-1', 'k-1']);
  });

  it('has no second button for the link that an action opens already', () => {
    const link = 'https://app.example/contracts/7';
    const { blocks } = slackPost(slackMessage({ link, actions: [{ label: 'Look', url: link }] }));
    expect(blocks.at(-1)).toEqual({ type: 'actions', elements: [button('open-0', 'Look', link)] });
  });

  it('may be text alone, and that a link alone', () => {
    const link = 'https://app.example/x?a=1&b=2';
    const { blocks } = slackPost(slackMessage({ text: link, link: undefined, actions: [] }));
    expect(blocks).toEqual([
      {
        type: 'section',
        text: { type: 'mrkdwn', text: '<https://app.example/x?a=1&amp;b=2>', verbatim: true },
      },
    ]);
  });

  it('cuts the label of a button at 75 characters, an emoji never in its middle', () => {
    const label = `${'a'.repeat(73)}😀😀`;
    const { blocks } = slackPost(
      slackMessage({ link: undefined, actions: [{ label, url: 'https://a.example' }] }),
    );
    expect(blocks.at(-1)).toMatchObject({ elements: [{ text: { text: `${'a'.repeat(73)}…` } }] });
  });

  it.each([
    ['without text', { text: ' \n ' }, 'there is no text'],
    ['of more than 40,000 characters', { text: 'a'.repeat(40_001) }, 'longer than 40000'],
    ['of as many once it is escaped', { text: '&'.repeat(10_000) }, 'longer than 40000'],
    [
      'with a URL of more than 3000',
      { link: `https://a.example/${'a'.repeat(3000)}` },
      'a URL is longer than 3000',
    ],
    [
      'with more than 25 buttons',
      { actions: Array.from({ length: 25 }, (_, at) => ({ label: 'a', url: `https://a.example/${at}` })) },
      'more than 25 buttons',
    ],
  ])('is refused %s', (_what, changes, said) => {
    expect(() => slackPost(slackMessage(changes))).toThrow(
      expect.objectContaining({
        reason: 'content_error',
        providerResponse: expect.stringContaining(said) as string,
      }),
    );
  });
});

describe('text for Slack', () => {
  it('mentions nobody and hides no address behind a word', () => {
    expect(mrkdwn('<!channel> <@U1> <https://evil.example|bank> a&b')).toBe(
      '&lt;!channel&gt; &lt;@U1&gt; &lt;<https://evil.example>|bank&gt; a&amp;b',
    );
  });

  it('links addresses without what ends a sentence', () => {
    expect(mrkdwn('See https://a.example/x, (https://b.example/y).')).toBe(
      'See <https://a.example/x>, (<https://b.example/y>).',
    );
  });

  it('is cut between lines', () => {
    const lines = ['a'.repeat(1500), 'b'.repeat(1400), 'c'.repeat(200)];
    expect(mrkdwnParts(lines.join('\n'), 3000)).toEqual([`${lines[0]}\n${lines[1]}`, lines[2]]);
  });

  it('is cut between words where a line is too long, and within a word only where that is', () => {
    const words = ['a'.repeat(2000), 'b'.repeat(1500), 'c'.repeat(7000)];
    const parts = mrkdwnParts(words.join(' '), 3000);
    expect(parts.every((part) => part.length <= 3000)).toBe(true);
    expect(parts[0]).toBe(words[0]);
    expect(parts.join('').replaceAll(' ', '')).toBe(words.join(''));
  });

  it('passes what Slack checks, whatever it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(
        '<',
        '>',
        '&',
        '|',
        '<!here>',
        'https://a.example/?a=<&b',
        'http://',
        '\n',
        '\n\n',
        '@ann',
      ),
      fc.webUrl({ withQueryParameters: true }),
      fc.constantFrom('x'.repeat(5000), '& '.repeat(1000), '😀'.repeat(1600)),
    );
    const texts = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => `a${pieces.join('')}`);
    fc.assert(
      fc.property(texts, (text) => {
        const { blocks } = slackPost(slackMessage({ text }));
        expect(slackBlocks.parse(blocks)).toEqual(blocks);
      }),
    );
  });
});

function button(action_id: string, label: string, url: string) {
  return { type: 'button', action_id, text: { type: 'plain_text', text: label, emoji: false }, url };
}
