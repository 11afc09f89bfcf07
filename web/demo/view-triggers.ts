import { html, nothing, type TemplateResult } from 'lit';
import { channelInWords, plain, sentenceCase } from './wording.js';
import type { TypeButton } from './calls.js';
import type { DemoApp, Extra } from './app.js';

/** What else a press can ask for, to see what happens then. */
const extras: [Extra, string, string][] = [
  ['sms', 'Ask for an SMS, too', 'Nobody set up a provider: the log says so.'],
  ['webhook', 'Call a webhook that is down', 'It is tried again, under a retry policy.'],
  ['digest', 'Collect for 20 seconds', 'One mail tells of all that came in that time.'],
];

/** Of the categories, those that are open from the start. */
const OPEN = ['contracts', 'collaboration'];

/** Who is told, how, and a button for each type. */
export function triggers(app: DemoApp): TemplateResult {
  return html`
    <section class="panel triggers" aria-labelledby="triggers-title">
      <h2 id="triggers-title">Make something happen</h2>
      <fieldset class="segments">
        <legend>Tell</legend>
        ${app.seats.map(
          ({ person }) => html`
            <label>
              <input
                type="radio"
                name="to"
                .checked=${app.to === person.id}
                @change=${() => app.choose(person.id)}
              />
              <span>${firstName(person.name)}</span>
            </label>
          `,
        )}
      </fieldset>
      <fieldset class="extras">
        <legend class="sr">And also</legend>
        ${extras.map(
          ([extra, label, hint]) => html`
            <label title=${hint}>
              <input
                type="checkbox"
                name=${extra}
                .checked=${app.also.has(extra)}
                @change=${() => app.toggleExtra(extra)}
              />
              <span>${label}</span>
            </label>
          `,
        )}
      </fieldset>
      <p class=${app.hasFailed ? 'said failed' : 'said'} role="status">${app.said}</p>
      <div class="categories">
        ${[...categoriesOf(app.session.types)].map(([category, types]) => group(app, category, types))}
      </div>
    </section>
  `;
}

function group(app: DemoApp, category: string, types: readonly TypeButton[]): TemplateResult {
  return html`
    <details ?open=${OPEN.includes(category)}>
      <summary>
        <h3>${sentenceCase(plain(category))}</h3>
        <span class="count">${types.length}</span>
      </summary>
      <ul>
        ${types.map((type) => html`<li>${button(app, type)}</li>`)}
      </ul>
    </details>
  `;
}

function button(app: DemoApp, { name, label, severity, critical, channels }: TypeButton): TemplateResult {
  return html`
    <button
      type="button"
      class="type"
      data-type=${name}
      title=${`${name} · ${channels.map(channelInWords).join(', ')}`}
      @click=${() => void app.press(name, label)}
    >
      <span class="dot ${severity}" aria-hidden="true"></span>
      <span>${label}</span>
      ${critical ? html`<small class="tag">critical</small>` : nothing}
    </button>
  `;
}

function categoriesOf(types: readonly TypeButton[]): Map<string, TypeButton[]> {
  const groups = new Map<string, TypeButton[]>();
  for (const type of types) groups.set(type.category, [...(groups.get(type.category) ?? []), type]);
  return groups;
}

export function firstName(name: string): string {
  return name.split(' ')[0] ?? name;
}
