import { html, nothing, type TemplateResult } from 'lit';
import { safeUrl } from '../../../elements/shared/safe-url.js';
import { bar } from '../../parts/bar.js';
import type { Drawing } from '../../parts/drawing.js';
import type { Redrive } from '../../calls/shapes.js';
import { badge } from '../../parts/status.js';
import { timeAgo } from '../../parts/time.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import type { FailuresText } from './failures-messages-en.js';

interface RedriveDrawing extends Drawing<FailuresText> {
  cancel: (redrive: Redrive) => void;
}

/** Whether more of it is to come. */
export function isRunning({ status, results }: Redrive): boolean {
  return ['accepted', 'running'].includes(status) || results.underWay > 0;
}

/** How far each redrive is, and what came of it. */
export function redriveList(drawing: RedriveDrawing, redrives: readonly Redrive[]): TemplateResult {
  const { texts } = drawing;
  return html`<section class="panel" aria-labelledby="redrives">
    <header><h2 id="redrives">${texts.t('redrives.title')}</h2></header>
    <ul class="redrives">
      ${redrives.map((one) => item(drawing, one))}
    </ul>
  </section>`;
}

function item({ texts, icons, cancel }: RedriveDrawing, redrive: Redrive): TemplateResult {
  const { id, status, counts, results, createdAt, createdBy, temporalUrl } = redrive;
  const { matched, started, skipped } = counts;
  const share = (count: number) => (matched === 0 ? 0 : count / matched);
  const told: [FailuresText, number][] = [
    ['redrives.sent', results.sent],
    ['redrives.failed', results.failed],
    ['redrives.underWay', results.underWay],
    ['redrives.notSent', results.notSent],
    ['redrives.skipped', skipped],
  ];
  const progress = texts.t('redrives.started', { started, matched });
  const url = safeUrl(temporalUrl);
  return html`<li data-id=${id}>
    <div class="line">
      <strong>${filterInWords(texts, redrive)}</strong>
      ${badge(status)}
    </div>
    ${bar(
      [
        { tone: 'good', share: share(results.sent) },
        { tone: 'bad', share: share(results.failed) },
        { tone: 'active', share: share(results.underWay) },
        { tone: 'none', share: share(skipped + results.notSent) },
      ],
      progress,
    )}
    <p class="muted small">
      ${progress}${told.map(([label, count]) => (count === 0 ? nothing : html` · ${texts.t(label, { count })}`))}
    </p>
    <p class="muted small foot">
      ${timeAgo(createdAt, texts.lang)} ${texts.t('redrives.by', { actor: createdBy })}
      ${
        url === undefined
          ? nothing
          : html`<a class="link" href=${url} target="_blank" rel="noopener">
              ${icons.draw('external')}Temporal
            </a>`
      }
      ${
        ['accepted', 'running'].includes(status)
          ? html`<button class="link" @click=${() => cancel(redrive)}>${texts.t('redrives.cancel')}</button>`
          : nothing
      }
    </p>
  </li>`;
}

function filterInWords(texts: RedriveDrawing['texts'], { filter }: Redrive): string {
  const { channel, provider, failureReason, type, recipient } = filter;
  const parts = [
    failureReason && plain(reasonInWords(texts, failureReason)),
    channel && channelInWords(texts, channel),
    provider,
    type && plain(type),
    recipient,
  ].filter(Boolean);
  return parts.length === 0 ? texts.t('redrives.all') : parts.join(' · ');
}
