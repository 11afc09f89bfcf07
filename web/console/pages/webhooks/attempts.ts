import { css, html, nothing, type TemplateResult } from 'lit';
import type { Page } from '../../calls/api.js';
import type { ConsoleContext } from '../../context.js';
import type { Drawing } from '../../parts/drawing.js';
import { emptyPanel } from '../../parts/failure.js';
import { filterBar } from '../../parts/filters.js';
import { loadedPage } from '../../parts/loaded.js';
import type { Loader } from '../../calls/loader.js';
import { table } from '../../parts/table.js';
import { duration, timeAgo } from '../../parts/time.js';
import type { WebhooksText } from './messages-en.js';
import type { WebhookAttempt } from './shapes.js';

/** Where the log stands, and what can be done from it. */
interface AttemptsPlace {
  query: URLSearchParams;
  path: string;
  context: ConsoleContext;
  /** Sends the event of this ID again. */
  again: (eventId: string) => void;
}

const outcomes = ['delivered', 'failed'] as const;

/** What became of each call to an endpoint. */
export function attemptsLog(
  drawing: Drawing<WebhooksText>,
  attempts: Loader<Page<WebhookAttempt>>,
  place: AttemptsPlace,
): TemplateResult {
  const { texts } = drawing;
  const filters = [
    {
      name: 'outcome',
      label: texts.t('webhooks.outcome'),
      options: outcomes.map((value) => ({ value, label: texts.t(`webhooks.${value}`) })),
    },
    { name: 'event', label: texts.t('webhooks.eventId'), placeholder: 'evt_…' },
  ];
  return html`<section class="attempts" aria-labelledby="attempts">
    <h2 id="attempts">${texts.t('webhooks.attempts')}</h2>
    ${filterBar(drawing, filters, place)}
    ${loadedPage(drawing, attempts, place, (items) => attemptsTable(drawing, items, place))}
  </section>`;
}

function attemptsTable(
  drawing: Drawing<WebhooksText>,
  items: readonly WebhookAttempt[],
  { query, again }: AttemptsPlace,
): TemplateResult {
  const { texts } = drawing;
  if (items.length === 0) {
    const title = texts.t(query.size > 0 ? 'webhooks.noFit' : 'webhooks.noAttempts');
    return emptyPanel(drawing, title, texts.t('webhooks.noAttemptsText'), 'send');
  }
  return html`<div class="panel">
    ${table(
      [
        [texts.t('webhooks.event')],
        [texts.t('webhooks.outcome')],
        [texts.t('webhooks.answer'), 'wide'],
        [texts.t('webhooks.took'), 'wide number'],
        [texts.t('webhooks.at'), 'end'],
        [html`<span class="sr">${texts.t('webhooks.again')}</span>`, 'wide'],
      ],
      items.map((one) => row(drawing, one, again)),
    )}
  </div>`;
}

function row(
  { texts, icons }: Drawing<WebhooksText>,
  attempt: WebhookAttempt,
  again: AttemptsPlace['again'],
): TemplateResult {
  const { id, eventId, eventType, kind, outcome, status, response, durationMs, at, nextAttemptAt } = attempt;
  return html`<tr data-id=${id}>
    <td>
      <strong>${eventType}</strong>
      <small
        >${texts.t(`webhooks.kind.${kind}`, { attempt: attempt.attempt })}<span class="wide">
          · ${eventId}</span
        ></small
      >
    </td>
    <td>
      <span class="badge ${outcome === 'delivered' ? 'good' : 'bad'}">${texts.t(`webhooks.${outcome}`)}</span>
      ${nextAttemptAt === null ? nothing : html`<small>${texts.t('webhooks.next')} ${timeAgo(nextAttemptAt, texts.lang)}</small>`}
    </td>
    <td class="wide">
      ${status ?? texts.t('webhooks.noAnswer')}
      ${response === null || response === '' ? nothing : html`<small><code>${response.slice(0, 160)}</code></small>`}
    </td>
    <td class="wide number">${duration(durationMs, texts.lang)}</td>
    <td class="end">${timeAgo(at, texts.lang)}</td>
    <td class="wide end">
      ${
        kind === 'test'
          ? nothing
          : html`<button
              class="quiet"
              aria-label="${texts.t('webhooks.again')}: ${eventType}"
              title=${texts.t('webhooks.again')}
              @click=${() => again(eventId)}
            >
              ${icons.draw('refresh')}
            </button>`
      }
    </td>
  </tr>`;
}

export const attemptStyles = css`
  .attempts {
    display: grid;
    gap: 10px;
  }
  td code {
    color: var(--c-muted);
  }
`;
