import { html, nothing, type TemplateResult } from 'lit';
import { fullTime } from '../../../elements/shared/relative-time.js';
import type { Drawing } from '../../parts/drawing.js';
import { empty } from '../../parts/failure.js';
import { channelIcon } from '../../parts/icons.js';
import type { Decision, Story } from '../../calls/shapes.js';
import { badge } from '../../parts/status.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import type { StoryText } from './story-messages-en.js';

/** Of a channel that has no delivery yet. */
const statusOf = { send: 'pending', hold: 'held', digest: 'digesting', skip: 'skipped' } as const;

export type StoryDrawing = Drawing<StoryText>;

/** What was decided for each channel, and why, in words. */
export function planPanel({ texts, icons }: StoryDrawing, { plan, deliveries }: Story): TemplateResult {
  const channels = Object.entries(plan.channels);
  const asked = channels.filter(([, { reason }]) => reason !== 'not_requested');
  const notAsked = channels.filter(([, { reason }]) => reason === 'not_requested');
  return html`<section class="panel" aria-labelledby="plan">
    <header>
      <h2 id="plan">${texts.t('story.plan')}</h2>
      ${
        plan.decidedAt === null
          ? nothing
          : html`<span class="muted small" title=${fullTime(plan.decidedAt, texts.lang)}>
              ${texts.t('story.planned', { sequence: plan.sequence })}
            </span>`
      }
    </header>
    ${
      channels.length === 0
        ? empty({ texts, icons }, texts.t('story.unplanned'), texts.t('story.unplannedText'), 'hourglass')
        : html`<ul class="decisions">
            ${asked.map(([channel, decision]) => {
              const status = deliveries.find((one) => one.channel === channel)?.status;
              return html`<li data-channel=${channel}>
                ${icons.draw(channelIcon(channel))}
                <div>
                  <strong>${channelInWords(texts, channel)}</strong>
                  <span class="muted">${decisionInWords(texts, decision)}</span>
                </div>
                ${status === undefined ? badge(statusOf[decision.action]) : badge(status)}
              </li>`;
            })}
          </ul>`
    }
    ${
      notAsked.length === 0
        ? nothing
        : html`<p class="muted small not-asked">
            ${texts.t('story.notAsked', {
              channels: notAsked.map(([channel]) => channelInWords(texts, channel)).join(', '),
            })}
          </p>`
    }
  </section>`;
}

function decisionInWords(texts: StoryDrawing['texts'], decision: Decision): string {
  const { action, until = '', reason = '', detail } = decision;
  const why =
    reasonInWords(texts, reason) + (detail === undefined ? '' : ` (${plain(detail).toLowerCase()})`);
  const time = until === '' ? '' : fullTime(until, texts.lang);
  const isPast = until !== '' && Date.parse(until) < Date.now();
  switch (action) {
    case 'send':
      return texts.t('story.send');
    case 'hold':
      return texts.t(isPast ? 'story.holdPast' : 'story.hold', { time, reason: why });
    case 'digest':
      return texts.t(isPast ? 'story.digestPast' : 'story.digest', { time, reason: why });
    case 'skip':
      return texts.t('story.skip', { reason: why });
  }
}
