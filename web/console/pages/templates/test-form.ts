import { html, type TemplateResult } from 'lit';
import { href } from '../../addresses.js';
import { ConsoleDialog } from '../../parts/dialog.js';
import type { TemplatesText } from './messages-en.js';
import { placePath, type TemplatePlace } from './shapes.js';

/** `<console-template-test>`: sends one notification that is written with a version. */
export class ConsoleTemplateTest extends ConsoleDialog<TemplatesText> {
  static override properties = {
    place: { attribute: false },
    version: { attribute: false },
    data: { attribute: false },
  };

  declare place: TemplatePlace;
  declare version: number;
  declare data: Record<string, unknown> | undefined;

  protected override render(): TemplateResult {
    const { texts } = this;
    return this.sheet(
      texts.t('template.testTitle'),
      html`<form class="form" @submit=${(event: SubmitEvent) => void this.send(event)}>
        <p class="muted">${texts.t('template.testText', { version: this.version })}</p>
        <label>
          <span>${texts.t('template.testTo')}</span>
          <input name="to" required autocomplete="off" placeholder="u-42" />
          <small>${texts.t('template.testToHint')}</small>
        </label>
        ${this.formEnd(texts.t('template.testSend'))}
      </form>`,
    );
  }

  private send(event: SubmitEvent): Promise<void> {
    const { context, place, version, data, texts } = this;
    const topic = place.topic === null ? '' : `?topic=${encodeURIComponent(place.topic)}`;
    return this.submit(event, async ({ to = '' }) => {
      const { id } = await context.api.post<{ id: string }>(`/v1/${placePath(place)}/test${topic}`, {
        to: { recipient: recipientOf(to) },
        version,
        ...(data === undefined ? {} : { data }),
      });
      this.close();
      context.go(href(`notifications/${encodeURIComponent(id)}`));
      context.say(texts.t('template.testSent'));
    });
  }
}

function recipientOf(text: string): unknown {
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) return { email: text };
  return /^\+\d{6,15}$/.test(text) ? { phone: text } : text;
}

customElements.define('console-template-test', ConsoleTemplateTest);
