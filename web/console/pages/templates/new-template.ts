import { html, type TemplateResult } from 'lit';
import { href } from '../../addresses.js';
import type { Page } from '../../calls/api.js';
import { ConsoleDialog } from '../../parts/dialog.js';
import { Loader } from '../../calls/loader.js';
import { channelInWords, plain } from '../../parts/words.js';
import type { TemplatesText } from './messages-en.js';
import { placePath, type Kind } from './shapes.js';

interface Type {
  name: string;
  supportedChannels: string[];
}

export const headingsOfNew = {
  templates: 'templates.new',
  partials: 'templates.newPartial',
  layouts: 'templates.newLayout',
} as const;

/** `<console-new-template>`: asks for the place of a template, then opens it in the editor. */
export class ConsoleNewTemplate extends ConsoleDialog<TemplatesText> {
  static override properties = { kind: {} };

  declare kind: Kind;

  private chosen?: string;
  private readonly types = new Loader<Page<Type>>(this, (signal) =>
    this.context.api.get('/v1/types', { limit: 100 }, signal),
  );

  override connectedCallback(): void {
    super.connectedCallback();
    void this.types.load();
  }

  protected override render(): TemplateResult {
    const { texts } = this;
    return this.sheet(
      texts.t(headingsOfNew[this.kind]),
      html`<form class="form" @submit=${(event: SubmitEvent) => void this.open(event)}>
        ${this.kind === 'templates' ? this.forType() : this.forPart()}
        <label>
          <span>${texts.t('templates.locale')}</span>
          <input name="locale" required value="en" pattern="[A-Za-z]{2,3}(-[A-Za-z0-9]+)*" />
          <small>${texts.t('templates.localeHint')}</small>
        </label>
        ${this.formEnd(texts.t('templates.open'))}
      </form>`,
    );
  }

  private forType(): TemplateResult {
    const { texts } = this;
    const types = this.types.value?.items ?? [];
    const type = types.find(({ name }) => name === this.chosen) ?? types[0];
    const choose = (event: Event) => {
      this.chosen = (event.target as HTMLSelectElement).value;
      this.requestUpdate();
    };
    return html`<label>
        <span>${texts.t('templates.type')}</span>
        <select name="name" required @change=${choose}>
          ${types.map(({ name }) => html`<option value=${name}>${plain(name)}</option>`)}
        </select>
      </label>
      <label>
        <span>${texts.t('templates.channel')}</span>
        <select name="channel" required>
          ${(type?.supportedChannels ?? []).map(
            (channel) => html`<option value=${channel}>${channelInWords(texts, channel)}</option>`,
          )}
        </select>
      </label>`;
  }

  private forPart(): TemplateResult {
    const { texts, kind } = this;
    return html`<label>
      <span>${texts.t('templates.name')}</span>
      <input name="name" required .value=${kind === 'layouts' ? 'default' : ''} />
      <small>${texts.t('templates.nameHint')}</small>
    </label>`;
  }

  private open(event: SubmitEvent): Promise<void> {
    return this.submit(event, ({ name = '', channel, locale = 'en' }) => {
      const place = { kind: this.kind, name, locale, ...(channel === undefined ? {} : { channel }) };
      this.context.go(href(placePath(place)));
    });
  }
}

customElements.define('console-new-template', ConsoleNewTemplate);
