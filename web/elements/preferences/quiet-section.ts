import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { QuietHours, QuietWindow } from '../../client/shapes.js';
import { AfterTyping } from './after-typing.js';
import { dayNames } from './names.js';
import { quietReason, windowAt } from './quiet-reasons.js';
import { quietStyles } from './quiet-styles.js';
import { quietWindow } from './quiet-window.js';
import { PreferencesSection } from './section.js';
import { zoneLabel, zoneOptions } from './time-zones.js';

const night: QuietWindow = { days: [...dayNames], start: '22:00', end: '07:00' };
const noon: QuietWindow = { days: [...dayNames], start: '12:00', end: '13:00' };
const MOST_WINDOWS = 50;

/** Quiet hours. What is refused stays in its field, with the reason, until it is right or undone. */
export class QuietSection extends PreferencesSection {
  static override styles = [PreferencesSection.styles, quietStyles];
  static override properties = { ...PreferencesSection.properties, draft: { state: true } };

  /** As it is being changed; undefined once it is saved. */
  declare private draft?: QuietHours;
  private readonly typing = new AfterTyping(this);
  /** What was there before it was turned off. */
  private lastHours?: QuietHours;

  protected override render(): TemplateResult {
    const { texts } = this;
    const { value, source } = this.view.preferences.effective.quietHours;
    const hours = this.draft ?? value;
    const isOn = hours !== null && hours.windows.length > 0;
    return html`<section class="card pad" aria-labelledby="title">
      <div class="head">
        <div>
          <h2 id="title">${texts.t('quiet.title')}</h2>
          <p class="hint" id="hint">${texts.t('quiet.hint')}</p>
        </div>
        <input
          class="switch"
          type="checkbox"
          role="switch"
          aria-labelledby="title"
          aria-describedby="hint"
          .checked=${live(isOn)}
          @change=${() => this.toggle(isOn, hours)}
        />
      </div>
      ${isOn ? this.windows(hours) : nothing}
      ${
        source === 'tenant' && !this.draft
          ? html`<p class="hint">${texts.t('quiet.fromTenant')}</p>`
          : nothing
      }
      ${this.problem(undefined)}
      <div class="foot">
        ${
          isOn && hours.windows.length < MOST_WINDOWS
            ? html`<button class="button" @click=${() => this.add(hours)}>${texts.t('quiet.add')}</button>`
            : nothing
        }
        ${
          this.failure
            ? html`<button class="link" @click=${() => this.undo()}>${texts.t('quiet.undo')}</button>`
            : nothing
        }
        ${
          source === 'person'
            ? html`<button class="link" @click=${() => this.back()}>${texts.t('quiet.back')}</button>`
            : nothing
        }
      </div>
    </section>`;
  }

  private windows(hours: QuietHours): TemplateResult {
    const { texts } = this;
    const { timezone } = this.view.preferences.effective;
    const zone = hours.timezone ?? '';
    const replaceAt = (at: number, window: QuietWindow) =>
      hours.windows.map((one, index) => (index === at ? window : one));
    return html`<ol class="windows">
        ${hours.windows.map((window, at) =>
          quietWindow({
            texts,
            icons: this.icons,
            window,
            number: at + 1,
            isRefused: windowAt(this.failure?.error) === at,
            problem: this.problem(at),
            change: (changed) => this.save({ ...hours, windows: replaceAt(at, changed) }),
            type: (changed) => this.type({ ...hours, windows: replaceAt(at, changed) }),
            remove: () => this.save({ ...hours, windows: hours.windows.toSpliced(at, 1) }),
          }),
        )}
      </ol>
      <div class="field zone">
        <label for="zone">${texts.t('quiet.zone')}</label>
        <select
          id="zone"
          .value=${live(zone)}
          @change=${(event: Event) => {
            const timezone = (event.target as HTMLSelectElement).value;
            this.save({ windows: hours.windows, ...(timezone ? { timezone } : {}) });
          }}
        >
          <option value="" ?selected=${zone === ''}>
            ${texts.t('quiet.ownZone', { zone: zoneLabel(timezone.value) })}
          </option>
          ${zoneOptions(zone)}
        </select>
      </div>`;
  }

  /** Why a window is refused, or without one, all of them. */
  private problem(at: number | undefined): TemplateResult | typeof nothing {
    if (!this.failure || windowAt(this.failure.error) !== at) return nothing;
    const { texts } = this;
    const { text, lang } = quietReason(this.failure.error, texts);
    return html`<p class="error" role="alert" id="problem">
      ${texts.t('quiet.notSaved')} <span lang=${lang ?? nothing}>${text}</span>
    </p>`;
  }

  private toggle(isOn: boolean, hours: QuietHours | null): void {
    if (!isOn) return this.save(this.lastHours ?? { windows: [night] });
    this.lastHours = hours ?? undefined;
    this.save({ windows: [] });
  }

  private add(hours: QuietHours): void {
    this.save({ ...hours, windows: [...hours.windows, noon] });
  }

  private type(hours: QuietHours): void {
    this.draft = hours;
    const isWhole = hours.windows.every(({ start, end }) => start && end);
    this.typing.then(() => isWhole && this.save(hours));
  }

  private save(hours: QuietHours): void {
    this.typing.drop();
    this.draft = hours;
    void this.model.change({ quietHours: hours }, 'quiet').then((isSaved) => {
      // Meanwhile it may have been changed again.
      if (isSaved && this.draft === hours) this.draft = undefined;
    });
  }

  private undo(): void {
    this.typing.drop();
    this.draft = undefined;
    this.model.forgetFailure();
  }

  private back(): void {
    this.undo();
    void this.model.change({ quietHours: null }, 'quiet');
  }
}
