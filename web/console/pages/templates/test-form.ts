import { html, LitElement, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { Icons } from '../../../elements/shared/icons.js';
import { Localizer } from '../../../elements/shared/i18n.js';
import { theme } from '../../../elements/shared/theme.js';
import type { ConsoleContext } from '../../context.js';
import { formStyles } from '../../form-styles.js';
import type { ConsoleText } from '../../messages-en.js';
import { filled, refusal } from '../../problems.js';
import { href } from '../../addresses.js';
import '../../sheet.js';
import { consoleStyles } from '../../styles.js';
import type { TemplatesText } from './messages-en.js';
import { placePath, type TemplatePlace } from './shapes.js';

/** `<console-template-test>`: sends one notification that is written with a version. */
export class ConsoleTemplateTest extends LitElement {
  static override styles = [theme, consoleStyles, formStyles];
  static override properties = {
    context: { attribute: false },
    place: { attribute: false },
    version: { attribute: false },
    data: { attribute: false },
  };

  declare context: ConsoleContext;
  declare place: TemplatePlace;
  declare version: number;
  declare data: Record<string, unknown> | undefined;

  private readonly texts = new Localizer<ConsoleText | TemplatesText>(this);
  private readonly icons = new Icons(this);
  private isBusy = false;
  private error?: CarillonError;

  protected override render(): TemplateResult {
    const { texts, icons } = this;
    return html`<console-sheet heading=${texts.t('template.testTitle')} @console-close=${() => this.close()}>
      <form class="form" @submit=${(event: SubmitEvent) => void this.send(event)}>
        <p class="muted">${texts.t('template.testText', { version: this.version })}</p>
        <label>
          <span>${texts.t('template.testTo')}</span>
          <input name="to" required autocomplete="off" placeholder="u-42" />
          <small>${texts.t('template.testToHint')}</small>
        </label>
        ${refusal({ texts, icons }, this.error)}
        <div class="choices">
          <button type="button" class="button" @click=${() => this.close()}>${texts.t('cancel')}</button>
          <button class="button primary" ?disabled=${this.isBusy}>${texts.t('template.testSend')}</button>
        </div>
      </form>
    </console-sheet>`;
  }

  private async send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { context, place, version, data, texts } = this;
    const { to = '' } = filled(event.target as HTMLFormElement);
    this.isBusy = true;
    this.error = undefined;
    this.requestUpdate();
    try {
      const topic = place.topic === null ? '' : `?topic=${encodeURIComponent(place.topic)}`;
      const { id } = await context.api.post<{ id: string }>(`/v1/${placePath(place)}/test${topic}`, {
        to: { recipient: recipientOf(to) },
        version,
        ...(data === undefined ? {} : { data }),
      });
      this.close();
      context.go(href(`notifications/${encodeURIComponent(id)}`));
      context.say(texts.t('template.testSent'));
    } catch (error) {
      this.error = asCarillonError(error);
    }
    this.isBusy = false;
    this.requestUpdate();
  }

  private close(): void {
    this.dispatchEvent(new Event('console-close'));
  }
}

function recipientOf(text: string): unknown {
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) return { email: text };
  return /^\+\d{6,15}$/.test(text) ? { phone: text } : text;
}

customElements.define('console-template-test', ConsoleTemplateTest);
