import { html, nothing, type TemplateResult } from 'lit';
import { fullTime } from '../../../elements/shared/relative-time.js';
import { failedDeliveryStatuses } from '../../../../contracts/redelivery.js';
import type { DeliveryStatus } from '../../../../contracts/statuses.js';
import type { ConsoleContext } from '../../context.js';
import { empty } from '../../parts/failure.js';
import { channelIcon } from '../../parts/icons.js';
import type { Attempt, Delivery } from '../../calls/shapes.js';
import { badge } from '../../parts/status.js';
import { duration, exactTime, timeAgo } from '../../parts/time.js';
import { adviceFor, channelInWords, plain, reasonInWords } from '../../parts/words.js';
import './delivery-content.js';
import type { StoryDrawing } from './story-plan.js';

/** What the page does with a delivery. */
export interface DeliveryActions {
  context: ConsoleContext;
  retry(delivery: Delivery): void;
  /** IDs of those whose contents are shown. */
  shown: ReadonlySet<string>;
  toggle(id: string): void;
}

/** Every delivery with its attempts, and what the provider answered to each. */
export function deliveriesPanel(
  drawing: StoryDrawing,
  deliveries: readonly Delivery[],
  actions: DeliveryActions,
): TemplateResult {
  const { texts } = drawing;
  // What was left out is told by the plan.
  const told = deliveries.filter(({ status, attempts }) => status !== 'skipped' || attempts.length > 0);
  return html`<section class="panel" aria-labelledby="deliveries">
    <header><h2 id="deliveries">${texts.t('story.deliveries')}</h2></header>
    ${
      told.length === 0
        ? empty(drawing, texts.t('story.noDeliveries'), texts.t('story.noDeliveriesText'), 'send')
        : html`<ul class="deliveries">
            ${told.map((one) => delivery(drawing, one, actions))}
          </ul>`
    }
  </section>`;
}

function delivery(drawing: StoryDrawing, one: Delivery, actions: DeliveryActions): TemplateResult {
  const { texts, icons } = drawing;
  const { id, channel, provider, target, status, failureReason, nextAttemptAt, providerMessageId } = one;
  const isShown = actions.shown.has(id);
  const advice =
    failedDeliveryStatuses.includes(status as DeliveryStatus) && failureReason !== null
      ? adviceFor(texts, failureReason)
      : undefined;
  return html`<li data-channel=${channel}>
    <div class="line">
      ${icons.draw(channelIcon(channel))}
      <div>
        <strong>${channelInWords(texts, channel)}</strong>
        <span class="muted">
          ${channel === 'in_app' ? nothing : `${texts.t('story.through', { provider })} `}${texts.t('story.to', { target })}
        </span>
      </div>
      ${badge(status)}
    </div>
    ${advice === undefined ? nothing : html`<p class="advice">${advice}</p>`}
    ${channel === 'in_app' && one.attempts.length === 1 ? nothing : attempts(drawing, one.attempts)}
    ${status === 'parked' ? html`<p class="muted small">${texts.t('story.parked')}</p>` : nothing}
    ${
      nextAttemptAt === null || Date.parse(nextAttemptAt) < Date.now()
        ? nothing
        : html`<p class="muted small">
            ${icons.draw('hourglass')}
            <span title=${fullTime(nextAttemptAt, texts.lang)}>
              ${texts.t('story.next')} ${timeAgo(nextAttemptAt, texts.lang)}
            </span>
          </p>`
    }
    ${
      providerMessageId === null
        ? nothing
        : html`<p class="muted small">${texts.t('story.messageId')} <code>${providerMessageId}</code></p>`
    }
    <div class="actions">
      ${
        failedDeliveryStatuses.includes(status as DeliveryStatus) && channel !== 'in_app'
          ? html`<button class="button" @click=${() => actions.retry(one)}>
              ${icons.draw('refresh')}${texts.t('story.retry')}
            </button>`
          : nothing
      }
      <button class="link" aria-expanded=${isShown} @click=${() => actions.toggle(id)}>
        ${texts.t(isShown ? 'story.contentHide' : 'story.content')}
      </button>
    </div>
    ${
      isShown
        ? html`<console-delivery-content
            .context=${actions.context}
            .deliveryId=${id}
          ></console-delivery-content>`
        : nothing
    }
  </li>`;
}

function attempts({ texts }: StoryDrawing, all: readonly Attempt[]): TemplateResult {
  if (all.length === 0) return html`<p class="muted small">${texts.t('story.noAttempt')}</p>`;
  return html`<ol class="attempts" aria-label=${texts.t('story.attempts')}>
    ${all.map(({ at, durationMs, provider, outcome, failureReason, providerResponse }) => {
      const tone = outcome === 'sent' ? 'good' : outcome === 'failed' ? 'bad' : 'active';
      return html`<li class=${tone}>
        <div>
          <span class="what">${outcomeInWords(texts, outcome, failureReason)}</span>
          <span class="muted small">
            ${provider}${durationMs === null ? nothing : ` · ${duration(durationMs, texts.lang)}`} ·
            <time datetime=${at} title=${fullTime(at, texts.lang)}>${exactTime(at, texts.lang)}</time>
          </span>
        </div>
        ${providerResponse === undefined ? nothing : html`<code title=${texts.t('story.answer')}>${providerResponse}</code>`}
      </li>`;
    })}
  </ol>`;
}

function outcomeInWords(
  texts: StoryDrawing['texts'],
  outcome: Attempt['outcome'],
  failureReason: string | undefined,
): string {
  if (outcome === 'started' || outcome === 'interrupted') return plain(texts.t(`story.${outcome}`));
  if (outcome === 'sent' || failureReason === undefined) return plain(outcome);
  return `${plain(outcome)}: ${reasonInWords(texts, failureReason)}`;
}
