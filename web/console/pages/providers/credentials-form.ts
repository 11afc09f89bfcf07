import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { Icons } from '../../../elements/shared/icons.js';
import { Localizer } from '../../../elements/shared/i18n.js';
import { theme } from '../../../elements/shared/theme.js';
import type { ConsoleContext } from '../../context.js';
import { failure, sentence, skeleton } from '../../failure.js';
import { formStyles } from '../../form-styles.js';
import { Loader } from '../../loader.js';
import type { ConsoleText } from '../../messages-en.js';
import { filled, refusal } from '../../problems.js';
import '../../sheet.js';
import { consoleStyles } from '../../styles.js';
import { channelInWords, reasonInWords } from '../../words.js';
import type { ProvidersText } from './messages-en.js';
import {
  asText,
  providerPath,
  type Channel,
  type Field,
  type Known,
  type Provider,
  type Verified,
} from './shapes.js';
import { providersStyles } from './styles.js';

/** `<console-credentials>`: asks for what a provider's credentials are made of; what is secret is written, never read. */
export class ConsoleCredentials extends LitElement {
  static override styles = [theme, consoleStyles, formStyles, providersStyles];
  static override properties = {
    context: { attribute: false },
    channel: { attribute: false },
    provider: { attribute: false },
  };

  declare context: ConsoleContext;
  declare channel: Channel;
  /** The one whose credentials are replaced; undefined for a new one. */
  declare provider: Provider | undefined;

  private readonly texts = new Localizer<ConsoleText | ProvidersText>(this);
  private readonly icons = new Icons(this);
  private chosen?: string;
  private isJson = false;
  private isBusy = false;
  private error?: CarillonError;
  private badJson?: string;
  private verified?: Verified;
  private readonly known = new Loader(this, (signal) =>
    this.context.api.get<Known>(
      `/v1/tenant/channels/${encodeURIComponent(this.channel.channel)}/known`,
      {},
      signal,
    ),
  );

  override connectedCallback(): void {
    super.connectedCallback();
    void this.known.load();
  }

  private get open(): Known['items'] {
    const { own } = this.channel;
    const items = this.known.value?.items ?? [];
    return items.filter(({ provider }) =>
      this.provider ? provider === this.provider.provider : !own.includes(provider),
    );
  }

  private get current(): Known['items'][number] | undefined {
    return this.open.find(({ provider }) => provider === this.chosen) ?? this.open[0];
  }

  protected override render(): TemplateResult {
    const { texts, icons, known, provider } = this;
    const heading = provider
      ? texts.t('providers.replaceTitle', { provider: provider.provider })
      : texts.t('providers.addTo', { channel: channelInWords(texts, this.channel.channel) });
    return html`<console-sheet heading=${heading} @console-close=${() => this.close()}>
      ${known.error ? failure({ texts, icons }, known.error, () => void known.load()) : nothing}
      ${known.value ? this.form() : known.error ? nothing : skeleton(texts, 5)}
    </console-sheet>`;
  }

  private form(): TemplateResult {
    const { texts, icons, current, verified } = this;
    const tab = (label: ProvidersText, isJson: boolean) =>
      html`<button
        type="button"
        aria-pressed=${this.isJson === isJson}
        @click=${() => this.change({ isJson, error: undefined, badJson: undefined })}
      >
        ${texts.t(label)}
      </button>`;
    return html`<form class="form" @submit=${(event: SubmitEvent) => void this.save(event)}>
      ${
        this.open.length > 1
          ? html`<label>
              <span>${texts.t('providers.provider')}</span>
              <select
                @change=${(event: Event) => this.change({ chosen: (event.target as HTMLSelectElement).value })}
              >
                ${this.open.map(({ provider }) => html`<option ?selected=${provider === current?.provider}>${provider}</option>`)}
              </select>
            </label>`
          : nothing
      }
      <div class="tabs">${tab('providers.asFields', false)}${tab('providers.asJson', true)}</div>
      ${this.provider ? html`<p class="hint">${texts.t('providers.again')}</p>` : nothing}
      ${
        this.isJson
          ? html`<label>
              <span>${texts.t('providers.json')}</span>
              <textarea name="json" rows="10" spellcheck="false" required></textarea>
              <small>${texts.t('providers.jsonHint')}</small>
            </label>`
          : current?.fields.map((field) => this.field(field))
      }
      ${this.badJson === undefined ? nothing : html`<p class="bad said" role="alert">${texts.t('providers.badJson', { message: this.badJson })}</p>`}
      ${refusal({ texts, icons }, this.error)}
      ${
        verified === undefined
          ? nothing
          : verified.ok
            ? html`<p class="good said" role="status">
                ${texts.t('providers.works')} ${verified.note ? sentence(verified.note) : nothing}
              </p>`
            : html`<p class="bad said" role="alert">
                ${sentence(reasonInWords(texts, verified.reason))} <code>${verified.detail}</code>
              </p>`
      }
      <div class="choices">
        <button type="button" class="button" @click=${() => this.close()}>${texts.t('cancel')}</button>
        <button type="submit" name="verify" class="button" ?disabled=${this.isBusy}>
          ${texts.t('providers.verifyGiven')}
        </button>
        <button type="submit" class="button primary" ?disabled=${this.isBusy}>
          ${texts.t('providers.save')}
        </button>
      </div>
    </form>`;
  }

  private field(field: Field): TemplateResult {
    const { texts } = this;
    const { name, isRequired, isSecret } = field;
    const stored = this.provider?.credentials[name];
    const value = isSecret || stored === undefined ? '' : asText(stored);
    const hint = [
      ...(isRequired ? [] : [texts.t('providers.optional')]),
      ...(isSecret ? [texts.t('providers.secretHint')] : []),
    ].join(' · ');
    return html`<label>
      <span>${name}</span>
      ${input(field, value, texts)} ${hint === '' ? nothing : html`<small>${hint}</small>`}
    </label>`;
  }

  private async save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const isTrial = (event.submitter as HTMLButtonElement | null)?.name === 'verify';
    const { context, current, channel } = this;
    if (!current) return;
    this.change({ error: undefined, verified: undefined, badJson: undefined });
    let credentials: unknown;
    try {
      credentials = this.given(event.target as HTMLFormElement, current.fields);
    } catch (error) {
      this.change({ badJson: (error as Error).message });
      return;
    }
    const path = providerPath(channel.channel, current.provider);
    this.change({ isBusy: true });
    try {
      if (isTrial) {
        this.change({ verified: await context.api.post<Verified>(`${path}/verify`, { credentials }) });
      } else {
        await context.api.put(path, { credentials });
        context.say(this.texts.t('providers.saved', { provider: current.provider }));
        this.dispatchEvent(new Event('console-saved'));
      }
    } catch (error) {
      this.change({ error: asCarillonError(error) });
    }
    this.change({ isBusy: false });
    await this.updateComplete;
    // Below a long form it may be out of view.
    this.shadowRoot?.querySelector('[role=status], [role=alert]')?.scrollIntoView({ block: 'center' });
  }

  /** @throws SyntaxError for what is not JSON where it should be */
  private given(form: HTMLFormElement, fields: readonly Field[]): unknown {
    const { json, ...texts } = filled(form);
    if (this.isJson) return JSON.parse(json ?? '') as unknown;
    const kinds = new Map(fields.map(({ name, kind }) => [name, kind]));
    return Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, valueOf(kinds.get(name), text)]),
    );
  }

  private change(values: Record<string, unknown>): void {
    Object.assign(this, values);
    this.requestUpdate();
  }

  private close(): void {
    this.dispatchEvent(new Event('console-close'));
  }
}

function input(
  { name, kind, choices, isRequired, isSecret }: Field,
  value: string,
  texts: Localizer<ConsoleText | ProvidersText>,
) {
  const options = kind === 'flag' ? ['true', 'false'] : choices;
  if (options)
    return html`<select name=${name}>
      <option value="">${texts.t('providers.default')}</option>
      ${options.map(
        (one) =>
          html`<option value=${one} ?selected=${one === value}>
            ${kind === 'flag' ? texts.t(one === 'true' ? 'providers.yes' : 'providers.no') : one}
          </option>`,
      )}
    </select>`;
  if (kind === 'json' || /^(ca|dkim|private_key)$/.test(name))
    return html`<textarea
      name=${name}
      rows="3"
      spellcheck="false"
      .value=${value}
      ?required=${isRequired}
    ></textarea>`;
  return html`<input
    name=${name}
    type=${kind === 'number' ? 'number' : isSecret ? 'password' : 'text'}
    .value=${value}
    autocomplete=${isSecret ? 'new-password' : 'off'}
    spellcheck="false"
    ?required=${isRequired}
  />`;
}

/** Text that looks like an object or a list, as a mailbox in parts does, is one. */
function valueOf(kind: Field['kind'] | undefined, text: string): unknown {
  if (kind === 'number') return Number(text);
  if (kind === 'flag') return text === 'true';
  return /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text;
}

customElements.define('console-credentials', ConsoleCredentials);
