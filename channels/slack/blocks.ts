import type { MessageExtras, SlackMessage } from '../../contracts/messages.js';
import { ChannelError } from '../channel.js';
import { shortened, withoutLink } from '../plain-text.js';
import { mrkdwn, mrkdwnParts } from './mrkdwn.js';

/** What Slack takes, in UTF-16 units: docs.slack.dev/reference/block-kit, and chat.postMessage for `text`. */
export const slackLimits = {
  text: 40_000,
  section: 3000,
  blocks: 50,
  buttons: 25,
  buttonLabel: 75,
  url: 3000,
  altText: 2000,
} as const;

export interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: false;
}
export interface Button {
  type: 'button';
  action_id: string;
  text: PlainText;
  url: string;
  /** Comes back when the button is pressed. */
  value?: string;
}
export type Block =
  | { type: 'section'; text: { type: 'mrkdwn'; text: string; verbatim: true } }
  | { type: 'image'; image_url: string; alt_text: string }
  | { type: 'actions'; elements: Button[] };

/** What is posted, wherever it is posted to. */
export interface SlackPost {
  /** What notifications and screen readers say. */
  text: string;
  blocks: Block[];
  /** Slack would open each link to look at it, which uses up links that work once. */
  unfurl_links: false;
  unfurl_media: false;
}

/**
 * The message as Block Kit: sections of text, an image, buttons. A label that is too long is cut, as a button without a
 * label would be no better.
 * @throws {ChannelError} `content_error` for what Slack would not take.
 */
export function slackPost(
  message: SlackMessage,
  { image = true, returnToken }: { image?: boolean; returnToken?: string | undefined } = {},
): SlackPost {
  const text = mrkdwn(message.text);
  const blocks: Block[] = [
    ...mrkdwnParts(withoutLink(message.text, message.link), slackLimits.section).map(sectionOf),
    ...(image ? imageOf(message) : []),
    ...actionsOf(message, returnToken),
  ];
  const wrong = wrongWith(message, text, blocks);
  if (wrong !== undefined)
    throw new ChannelError('content_error', { providerResponse: `not sent: ${wrong}` });
  return { text, blocks, unfurl_links: false, unfurl_media: false };
}

function wrongWith(message: SlackMessage, text: string, blocks: readonly Block[]): string | undefined {
  const { link, imageUrl, actions } = message;
  if (text.trim() === '') return 'there is no text';
  if (text.length > slackLimits.text) return `the text is longer than ${slackLimits.text}`;
  if (blocks.length > slackLimits.blocks) return `it has more than ${slackLimits.blocks} blocks`;
  if (actions.length >= slackLimits.buttons) return `it has more than ${slackLimits.buttons} buttons`;
  const urls = [link, imageUrl, ...actions.map(({ url }) => url)];
  if (urls.some((url) => (url ?? '').length > slackLimits.url)) {
    return `a URL is longer than ${slackLimits.url}`;
  }
  return undefined;
}

function sectionOf(text: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function imageOf({ imageUrl, text }: SlackMessage): Block[] {
  if (imageUrl === undefined) return [];
  const [first = ''] = text.trim().split('\n');
  return [{ type: 'image', image_url: imageUrl, alt_text: shortened(first, slackLimits.altText) }];
}

function actionsOf(
  { actions, link, linkLabel = 'Open' }: MessageExtras,
  returnToken: string | undefined,
): Block[] {
  const shown = actions.some(({ url }) => url === link);
  const buttons = [...actions, ...(link === undefined || shown ? [] : [{ label: linkLabel, url: link }])];
  if (buttons.length === 0) return [];
  const elements = buttons.map(({ label, url }, at): Button => ({
    type: 'button',
    action_id: `open-${at}`,
    text: { type: 'plain_text', text: shortened(label, slackLimits.buttonLabel), emoji: false },
    url,
    ...(returnToken === undefined ? {} : { value: returnToken }),
  }));
  return [{ type: 'actions', elements }];
}
