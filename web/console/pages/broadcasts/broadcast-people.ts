import { html, type TemplateResult } from 'lit';
import type { Page } from '../../calls/api.js';
import type { ConsoleContext } from '../../context.js';
import type { Drawing, Texts } from '../../parts/drawing.js';
import { emptyPanel } from '../../parts/failure.js';
import { filterBar } from '../../parts/filters.js';
import { loadedPage } from '../../parts/loaded.js';
import type { Loader } from '../../calls/loader.js';
import { href } from '../../addresses.js';
import type { Decision } from '../../calls/shapes.js';
import { badge } from '../../parts/status.js';
import { table } from '../../parts/table.js';
import { channelInWords, reasonInWords } from '../../parts/words.js';
import { broadcastCounts } from './broadcast-counts.js';
import type { BroadcastsText } from './broadcasts-messages-en.js';

/** Somebody whom a broadcast reached, and what was decided for them. */
export interface Recipient {
  recipient: string;
  notificationId: string;
  status: string;
  channels: Record<string, Decision>;
}

/** Whom a broadcast reached, and what came of each. */
export function broadcastPeople(
  drawing: Drawing<BroadcastsText>,
  recipients: Loader<Page<Recipient>>,
  place: { query: URLSearchParams; path: string; context: ConsoleContext },
): TemplateResult {
  const { texts } = drawing;
  const options = broadcastCounts.map((value) => ({ value, label: texts.t(`count.${value}`) }));
  const filters = [{ name: 'status', label: texts.t('broadcasts.status'), options }];
  return html`<h2>${texts.t('broadcast.recipients')}</h2>
    ${filterBar(drawing, filters, place)}
    ${loadedPage(drawing, recipients, place, (items) => peopleTable(drawing, items))}`;
}

function peopleTable(drawing: Drawing<BroadcastsText>, items: readonly Recipient[]): TemplateResult {
  const { texts } = drawing;
  if (items.length === 0)
    return emptyPanel(
      drawing,
      texts.t('broadcast.noRecipients'),
      texts.t('broadcast.noRecipientsText'),
      'find',
    );
  return html`<div class="panel">
    ${table(
      [[texts.t('broadcast.person')], [texts.t('broadcasts.status')], [texts.t('broadcast.outcome'), 'wide']],
      items.map(
        ({ recipient, notificationId, status, channels }) =>
          html`<tr>
            <td>
              <a class="row-link" href=${href(`notifications/${encodeURIComponent(notificationId)}`)}>
                ${recipient}
              </a>
            </td>
            <td>${badge(status)}</td>
            <td class="wide muted">${decisions(texts, channels)}</td>
          </tr>`,
      ),
    )}
  </div>`;
}

/** "Email · SMS: the person turned it off" */
function decisions(texts: Texts, channels: Record<string, Decision>): string {
  return Object.entries(channels)
    .filter(([, { reason }]) => reason !== 'not_requested')
    .map(([channel, { reason }]) => {
      const name = channelInWords(texts, channel);
      return reason === undefined ? name : `${name}: ${reasonInWords(texts, reason)}`;
    })
    .join(' · ');
}
