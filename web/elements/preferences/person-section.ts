import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { languageLabel } from './names.js';
import { PreferencesSection } from './section.js';
import { deviceZone, zoneLabel, zoneOptions } from './time-zones.js';

const WHERE = 'person';

/** The person's own language and zone, `/v1/me`. */
export class PersonSection extends PreferencesSection {
  protected override render(): TemplateResult {
    const { texts } = this;
    return html`<section class="card pad" aria-labelledby="title">
      <h2 id="title">${texts.t('person.title')}</h2>
      <div class="fields">${this.language()} ${this.zone()}</div>
    </section>`;
  }

  private language(): TemplateResult {
    const { texts } = this;
    const current = this.view.me.locale ?? '';
    return html`<div class="field">
      <label for="locale">${texts.t('person.locale')}</label>
      <select
        id="locale"
        .value=${live(current)}
        @change=${(event: Event) => this.save({ locale: valueOf(event) })}
      >
        <option value="" ?selected=${current === ''}>${texts.t('person.organisation')}</option>
        ${this.languages(current).map(
          (tag) =>
            html`<option value=${tag} ?selected=${tag === current}>
              ${languageLabel(tag, texts.lang)}
            </option>`,
        )}
      </select>
    </div>`;
  }

  private zone(): TemplateResult {
    const { texts } = this;
    const { me, preferences } = this.view;
    const current = me.timezone ?? '';
    const { value: inForce, source } = preferences.effective.timezone;
    const device = deviceZone();
    return html`<div class="field">
        <label for="zone">${texts.t('person.zone')}</label>
        <select
          id="zone"
          .value=${live(current)}
          @change=${(event: Event) => this.save({ timezone: valueOf(event) })}
        >
          <option value="" ?selected=${current === ''}>
            ${
              source === 'person'
                ? texts.t('person.organisation')
                : texts.t('person.organisationZone', { zone: zoneLabel(inForce) })
            }
          </option>
          ${zoneOptions(current)}
        </select>
      </div>
      ${
        device === inForce
          ? nothing
          : html`<button class="link" @click=${() => this.save({ timezone: device })}>
              ${texts.t('person.device', { zone: zoneLabel(device) })}
            </button>`
      }`;
  }

  /** Those that types have names in, and what was chosen before. */
  private languages(current: string): string[] {
    const ofTypes = this.view.types.flatMap(({ label }) => Object.keys(label));
    return [...new Set(['en', 'fr', ...ofTypes, current].filter(Boolean))].sort();
  }

  private save(patch: { locale?: string | null; timezone?: string | null }): void {
    void this.model.changeMe(patch, WHERE);
  }
}

/** What was picked; null for the organisation's. */
function valueOf(event: Event): string | null {
  return (event.target as HTMLSelectElement).value || null;
}
