import type { TeamsMessage } from '../../contracts/messages.js';
import { shortened, textPieces, withoutLink } from '../plain-text.js';

/** Teams shows up to version 1.5; what is used here is older, so that every client of Teams shows it. */
const VERSION = '1.4';
/** Of a button's label more is not seen. */
const MAX_LABEL = 100;

interface OpenUrl {
  type: 'Action.OpenUrl';
  title?: string;
  url: string;
}
interface TextRun {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  size?: 'Medium';
  selectAction?: OpenUrl;
}
type Element =
  | { type: 'RichTextBlock'; inlines: TextRun[]; spacing?: 'Medium' }
  | { type: 'Image'; url: string; altText: string; size: 'Large' };

/** What a workflow with the trigger "When a Teams webhook request is received" takes. */
export interface WorkflowPayload {
  type: 'message';
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive';
      contentUrl: null;
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
        type: 'AdaptiveCard';
        version: string;
        body: Element[];
        actions?: OpenUrl[];
      };
    },
  ];
}

/**
 * The message as an Adaptive Card: title, text, image, and buttons that open a URL. The text stands in RichTextBlocks,
 * one for each line, because a TextBlock reads Markdown and text is text; web addresses in it can be followed.
 */
export function workflowPayload(message: TeamsMessage): WorkflowPayload {
  const actions = buttonsOf(message);
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: VERSION,
          body: [...titleOf(message), ...linesOf(message), ...imageOf(message)],
          ...(actions.length === 0 ? {} : { actions }),
        },
      },
    ],
  };
}

function titleOf({ title }: TeamsMessage): Element[] {
  if (title.trim() === '') return [];
  const run: TextRun = { type: 'TextRun', text: title, weight: 'Bolder', size: 'Medium' };
  return [{ type: 'RichTextBlock', inlines: [run] }];
}

function linesOf({ text, link }: TeamsMessage): Element[] {
  const elements: Element[] = [];
  let apart = false;
  // A text that is nothing but the link says what its button says.
  for (const line of withoutLink(`\n${text}`, link).split('\n')) {
    if (line.trim() !== '') {
      elements.push({
        type: 'RichTextBlock',
        inlines: runsOf(line),
        ...(apart && elements.length > 0 ? { spacing: 'Medium' } : {}),
      });
    }
    apart = line.trim() === '';
  }
  return elements;
}

function runsOf(line: string): TextRun[] {
  return textPieces(line).map(({ text, url }) => ({
    type: 'TextRun',
    text,
    ...(url === undefined ? {} : { selectAction: { type: 'Action.OpenUrl', url } }),
  }));
}

function imageOf({ imageUrl, title }: TeamsMessage): Element[] {
  return imageUrl === undefined ? [] : [{ type: 'Image', url: imageUrl, altText: title, size: 'Large' }];
}

function buttonsOf({ actions, link, linkLabel = 'Open' }: TeamsMessage): OpenUrl[] {
  const shown = actions.some(({ url }) => url === link);
  const buttons = [...actions, ...(link === undefined || shown ? [] : [{ label: linkLabel, url: link }])];
  return buttons.map(({ label, url }) => ({
    type: 'Action.OpenUrl',
    title: shortened(label, MAX_LABEL),
    url,
  }));
}
