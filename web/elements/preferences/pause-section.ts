import { html, nothing, type TemplateResult } from 'lit';
import { fullTime } from '../shared/relative-time.js';
import type { PreferencesText } from './messages-en.js';
import { pausePresets } from './pause-presets.js';
import { PreferencesSection } from './section.js';

const WHERE = 'pause';

/** "Mute until". */
export class PauseSection extends PreferencesSection {
  static override properties = {
    ...PreferencesSection.properties,
    choosing: { state: true },
    problem: { state: true },
  };

  declare private choosing: boolean;
  declare private problem: boolean;

  constructor() {
    super();
    this.choosing = false;
    this.problem = false;
  }

  protected override render(): TemplateResult {
    const { texts } = this;
    const { mutedUntil } = this.view.preferences;
    const isPaused = mutedUntil !== null && Date.parse(mutedUntil) > Date.now();
    return html`<section class="card pad" aria-labelledby="title">
      <h2 id="title">${texts.t('pause.title')}</h2>
      <p class="hint">${texts.t('pause.hint')}</p>
      ${isPaused ? this.paused(mutedUntil) : this.presets()}
    </section>`;
  }

  private paused(until: string): TemplateResult {
    const { texts } = this;
    return html`<div class="fields">
      <strong role="status">${texts.t('pause.paused', { time: fullTime(until, texts.lang) })}</strong>
      <button class="button" @click=${() => this.pause(null)}>${texts.t('pause.end')}</button>
    </div>`;
  }

  private presets(): TemplateResult {
    const { texts } = this;
    const presets = Object.entries(pausePresets(new Date()));
    return html`<div class="fields" role="group" aria-labelledby="title">
        ${presets.map(
          ([name, until]) =>
            html`<button class="button" @click=${() => this.pause(until)}>
              ${texts.t(`pause.${name}` as PreferencesText)}
            </button>`,
        )}
        <button
          class="button"
          aria-expanded=${this.choosing ? 'true' : 'false'}
          @click=${() => (this.choosing = !this.choosing)}
        >
          ${texts.t('pause.other')}
        </button>
      </div>
      ${this.choosing ? this.choice() : nothing}`;
  }

  private choice(): TemplateResult {
    const { texts } = this;
    return html`<div class="fields">
        <div class="field">
          <label for="until">${texts.t('pause.until')}</label>
          <input
            id="until"
            type="datetime-local"
            aria-invalid=${this.problem ? 'true' : 'false'}
            aria-describedby="problem"
          />
        </div>
        <button class="button primary" @click=${() => this.pauseAsChosen()}>${texts.t('pause.set')}</button>
      </div>
      <p id="problem" class="error" role="alert" ?hidden=${!this.problem}>
        ${this.problem ? texts.t('pause.past') : nothing}
      </p>`;
  }

  private pauseAsChosen(): void {
    const field = this.shadowRoot?.querySelector<HTMLInputElement>('#until');
    const until = new Date(field?.value ?? '');
    this.problem = !(until.getTime() > Date.now());
    if (this.problem) return field?.focus();
    this.choosing = false;
    this.pause(until);
  }

  private pause(until: Date | null): void {
    void this.model.change({ mutedUntil: until && until.toISOString() }, WHERE);
  }
}
