import { html, nothing, type TemplateResult } from 'lit';
import { ConsoleDialog } from '../../parts/dialog.js';
import { failure, sentence, skeleton } from '../../parts/failure.js';
import { Loader } from '../../calls/loader.js';
import type { Texts } from '../../parts/drawing.js';
import { channelInWords, reasonInWords } from '../../parts/words.js';
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
export class ConsoleCredentials extends ConsoleDialog<ProvidersText> {
  static override styles = [...ConsoleDialog.styles, providersStyles];
  static override properties = {
    channel: { attribute: false },
    provider: { attribute: false },
  };

  declare channel: Channel;
  /** The one whose credentials are replaced; undefined for a new one. */
  declare provider: Provider | undefined;

  private chosen?: string;
  private isJson = false;
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
    return this.sheet(
      heading,
      html`${known.error ? failure({ texts, icons }, known.error, () => void known.load()) : nothing}
      ${known.value ? this.form() : known.error ? nothing : skeleton(texts, 5)}`,
    );
  }

  private form(): TemplateResult {
    const { texts, current, verified } = this;
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
      ${this.formEnd(
        texts.t('providers.save'),
        html`<button type="submit" name="verify" class="button" ?disabled=${this.isBusy}>
          ${texts.t('providers.verifyGiven')}
        </button>`,
      )}
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
    const isTrial = (event.submitter as HTMLButtonElement | null)?.name === 'verify';
    const { context, current, channel } = this;
    this.change({ verified: undefined, badJson: undefined });
    await this.submit(event, async (given) => {
      const credentials = current && this.credentialsIn(given, current.fields);
      if (!credentials) return;
      const path = providerPath(channel.channel, current.provider);
      if (isTrial) {
        this.verified = await context.api.post<Verified>(`${path}/verify`, credentials);
      } else {
        await context.api.put(path, credentials);
        context.say(this.texts.t('providers.saved', { provider: current.provider }));
        this.saved();
      }
    });
    await this.updateComplete;
    // Below a long form it may be out of view.
    this.shadowRoot?.querySelector('[role=status], [role=alert]')?.scrollIntoView({ block: 'center' });
  }

  /** As the API takes them; undefined, and said, for what is not JSON where it should be. */
  private credentialsIn(
    { json = '', ...texts }: Record<string, string>,
    fields: readonly Field[],
  ): { credentials: unknown } | undefined {
    try {
      if (this.isJson) return { credentials: JSON.parse(json) as unknown };
      const kinds = new Map(fields.map(({ name, kind }) => [name, kind]));
      const values = Object.entries(texts).map(([name, text]) => [name, valueOf(kinds.get(name), text)]);
      return { credentials: Object.fromEntries(values) as unknown };
    } catch (error) {
      this.badJson = (error as Error).message;
      return undefined;
    }
  }

  private change(values: Record<string, unknown>): void {
    Object.assign(this, values);
    this.requestUpdate();
  }
}

function input(
  { name, kind, choices, isRequired, isSecret }: Field,
  value: string,
  texts: Texts<ProvidersText>,
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
