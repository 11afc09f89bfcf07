import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { DayName, PreferencesPatch } from '../../client/shapes.js';
import { AfterTyping } from './after-typing.js';
import { capitalised, dayLabel, dayNames } from './names.js';
import { PreferencesSection } from './section.js';
import { zoneLabel } from './time-zones.js';

/** When what is collected comes. */
export class DigestSection extends PreferencesSection {
  private readonly typing = new AfterTyping(this);
  /** What stands in the field while it is being changed; empty between two whole times. */
  private typed?: string;

  protected override render(): TemplateResult {
    const { texts } = this;
    const { digestAt, digestOn, timezone } = this.view.preferences.effective;
    const label = (day: DayName) => capitalised(dayLabel(day, texts.lang, 'long'), texts.lang);
    return html`<section class="card pad" aria-labelledby="title">
      <h2 id="title">${texts.t('digest.title')}</h2>
      <p class="hint">${texts.t('digest.hint', { zone: zoneLabel(timezone.value) })}</p>
      <div class="fields">
        <div class="field">
          <label for="at">${texts.t('digest.at')}</label>
          <input
            id="at"
            type="time"
            required
            .value=${live(this.typed ?? digestAt.value)}
            aria-invalid=${this.failure ? 'true' : 'false'}
            @input=${(event: Event) => this.type((event.target as HTMLInputElement).value)}
          />
        </div>
        <div class="field">
          <label for="on">${texts.t('digest.on')}</label>
          <select
            id="on"
            .value=${live(digestOn.value)}
            @change=${(event: Event) =>
              this.save({ digestOn: (event.target as HTMLSelectElement).value as DayName })}
          >
            ${dayNames.map(
              (day) => html`<option value=${day} ?selected=${day === digestOn.value}>${label(day)}</option>`,
            )}
          </select>
        </div>
      </div>
    </section>`;
  }

  private type(time: string): void {
    this.typed = time;
    this.typing.then(() => {
      this.typed = undefined;
      if (time) this.save({ digestAt: time });
      else this.requestUpdate();
    });
  }

  private save(patch: PreferencesPatch): void {
    void this.model.change(patch, 'digest');
  }
}
