import { css, html, nothing, type TemplateResult } from 'lit';
import { bar } from '../../parts/bar.js';
import type { Drawing } from '../../parts/drawing.js';
import { href } from '../../addresses.js';
import type { Broadcast } from '../../calls/shapes.js';
import { duration, timeAgo } from '../../parts/time.js';
import { plain } from '../../parts/words.js';
import { broadcastCounts, countTones, partsOf } from './broadcast-counts.js';
import type { BroadcastsText } from './broadcasts-messages-en.js';

/**
 * How far a broadcast is, how fast, and what came of those whom it reached.
 *
 * @param status the one that the recipients below are narrowed to; null for none
 */
export function broadcastProgress(
  { texts }: Drawing<BroadcastsText>,
  broadcast: Broadcast,
  status: string | null,
): TemplateResult {
  const { lang } = texts;
  const { processed, total, ratePerSecond, secondsLeft, counts, startedAt, finishedAt, sendAt } = broadcast;
  const progress = texts.t('broadcasts.of', { processed, total: total ?? '?' });
  return html`<section class="panel how" aria-label=${texts.t('broadcasts.progress')}>
    <div class="line">
      <span aria-live="polite">
        ${
          total === null
            ? texts.t('broadcast.counting')
            : html`<b>${progress}</b> <span class="muted">${plain(broadcast.type)}</span>`
        }
      </span>
      <span class="muted">
        ${ratePerSecond === null ? nothing : texts.t('broadcast.rate', { rate: ratePerSecond })}
        ${
          secondsLeft === null
            ? nothing
            : html` · ${texts.t('broadcast.left', { time: duration(secondsLeft * 1000, lang) })}`
        }
        ${
          finishedAt === null
            ? startedAt === null
              ? html`${texts.t('broadcast.sendAt')} ${timeAgo(sendAt, lang)}`
              : nothing
            : html`${texts.t('broadcast.finished')} ${timeAgo(finishedAt, lang)}`
        }
      </span>
    </div>
    ${bar(partsOf(broadcast), progress)}
    <nav class="counts" aria-label=${texts.t('broadcast.outcome')}>
      ${broadcastCounts.map((name) =>
        counts[name] === 0
          ? nothing
          : html`<a
              class=${countTones[name]}
              aria-current=${status === name ? 'true' : nothing}
              href=${href(`broadcasts/${encodeURIComponent(broadcast.id)}`, {
                status: status === name ? null : name,
              })}
            >
              ${texts.t(`count.${name}`)} <strong>${counts[name].toLocaleString(lang)}</strong>
            </a>`,
      )}
    </nav>
  </section>`;
}

export const progressStyles = css`
  .how {
    display: grid;
    gap: 10px;
    padding: 16px;
  }
  .how .line {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 4px 20px;
  }
  .how b {
    font-size: 18px;
    font-variant-numeric: tabular-nums;
  }
  .how .progress {
    height: 12px;
    border-radius: 6px;
  }
  .progress rect {
    fill: var(--tone, var(--c-muted));
  }
  .counts {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .counts a {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 5px 11px;
    border: 1px solid var(--c-line);
    border-radius: 9px;
    color: var(--c-text);
    text-decoration: none;
  }
  .counts a:hover,
  .counts a[aria-current] {
    border-color: var(--c-accent);
  }
  .counts a::before {
    content: '';
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--tone, var(--c-muted));
  }
`;
