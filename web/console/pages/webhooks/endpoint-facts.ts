import { html, nothing, type TemplateResult } from 'lit';
import { fullTime } from '../../../elements/shared/relative-time.js';
import type { Drawing } from '../../parts/drawing.js';
import { sentence } from '../../parts/failure.js';
import { timeAgo } from '../../parts/time.js';
import type { WebhooksText } from './messages-en.js';
import { endpointTones, type Endpoint } from './shapes.js';

/** How an endpoint does, what it asks for, and how many secrets sign. */
export function endpointFacts({ texts }: Drawing<WebhooksText>, endpoint: Endpoint): TemplateResult {
  const { lang } = texts;
  const { url, description, events, state, disabledReason, disabledAt, failingSince, secrets } = endpoint;
  const until = secrets.find((one) => one.until !== null)?.until;
  const why =
    disabledReason === 'failing'
      ? 'webhooks.failingReason'
      : (`webhooks.${disabledReason ?? 'by_hand'}` as const);
  return html`<section class="panel pad" aria-label=${new URL(url).host}>
    ${endpoint.problem === null ? nothing : html`<p class="bad">${sentence(endpoint.problem)}</p>`}
    <dl class="facts">
      <dt>${texts.t('webhooks.state')}</dt>
      <dd>
        <span class="badge ${endpointTones[state]}">${texts.t(`webhooks.${state}`)}</span>
        ${state === 'failing' ? html`${texts.t('webhooks.since')} ${timeAgo(failingSince, lang)}` : nothing}
        ${state === 'disabled' ? html`${texts.t(why)}, ${timeAgo(disabledAt, lang)}` : nothing}
      </dd>
      <dt>${texts.t('webhooks.url')}</dt>
      <dd><code>${url}</code></dd>
      ${
        description === null
          ? nothing
          : html`<dt>${texts.t('webhooks.description')}</dt>
              <dd>${description}</dd>`
      }
      <dt>${texts.t('webhooks.events')}</dt>
      <dd>${events.includes('*') ? texts.t('webhooks.allEvents') : events.join(', ')}</dd>
      <dt>${texts.t('webhooks.secrets')}</dt>
      <dd>
        ${until ? texts.t('webhooks.twoSecrets', { time: fullTime(until, lang) }) : texts.t('webhooks.oneSecret')}
      </dd>
    </dl>
  </section>`;
}
