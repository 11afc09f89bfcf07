import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { addMessages } from '../../../elements/shared/i18n.js';
import { isAbort } from '../../api.js';
import { failure, sentence, skeleton } from '../../failure.js';
import { formStyles } from '../../form-styles.js';
import { Loader } from '../../loader.js';
import { ConsolePage } from '../../page.js';
import { filled } from '../../problems.js';
import { href } from '../../addresses.js';
import { channelInWords, plain } from '../../words.js';
import './code-editor.js';
import type { ConsoleCode } from './code-editor.js';
import { english, type TemplatesText } from './messages-en.js';
import './rendered.js';
import {
  placePath,
  type Kind,
  type Preview,
  type Source,
  type TemplateInFull,
  type TemplatePlace,
  type VersionInFull,
} from './shapes.js';
import {
  bodyOf,
  fieldsOf,
  linesNamed,
  mailBodies,
  sourceFrom,
  starterOf,
  textsOf,
  type MailBody,
  type SourceField,
} from './source-fields.js';
import { templateStyles } from './template-styles.js';
import './test-form.js';
import type { VariableSchema } from './variable-schema.js';
import { variableList } from './variables.js';
import { versionList } from './versions.js';

addMessages('en', english);

/** After the last key, in milliseconds. */
const PREVIEW_AFTER_MS = 350;

interface Shown {
  /** Undefined before its first version. */
  template?: TemplateInFull;
  variables: VariableSchema | null;
}

/** `/console/templates/:name/:channel/:locale`, and of partials and layouts: writes versions and publishes them. */
export class ConsoleTemplate extends ConsolePage<TemplatesText> {
  static override styles = [...ConsolePage.styles, formStyles, templateStyles];

  private texts_: Record<string, string> = {};
  private written: MailBody = 'mjml';
  /** The version that the texts were opened from. */
  private opened?: number;
  private isDirty = false;
  /** As JSON; undefined until the first preview brought an example. */
  private data?: string;
  private preview?: Preview;
  private refused?: CarillonError;
  private badJson?: { field: string; message: string };
  private isFilling = false;
  private isBusy = false;
  private isTesting = false;
  private timer?: ReturnType<typeof setTimeout>;
  private filling?: AbortController;
  private readonly shown = new Loader<Shown>(this, (signal) => this.read(signal));

  private get place(): TemplatePlace {
    const [kind = 'templates'] = location.pathname.split('/').slice(2) as Kind[];
    const { name = '', channel, locale = '' } = this.params;
    const topic = this.query.get('topic');
    return { kind, name, locale, topic, ...(channel === undefined ? {} : { channel }) };
  }

  override get heading(): string {
    const { kind, name, channel, locale } = this.place;
    const of = channel === undefined ? '' : `${channelInWords(this.texts, channel)}, `;
    return `${kind === 'templates' ? plain(name) : name}: ${of}${locale}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('beforeunload', this.leaving);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('beforeunload', this.leaving);
    clearTimeout(this.timer);
    this.filling?.abort();
  }

  private readonly leaving = (event: BeforeUnloadEvent) => {
    if (this.isDirty) event.preventDefault();
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('params')) void this.begin();
  }

  private path(what = ''): string {
    const { topic } = this.place;
    return `/v1/${placePath(this.place)}${what}${topic === null ? '' : `?topic=${encodeURIComponent(topic)}`}`;
  }

  private async read(signal: AbortSignal): Promise<Shown> {
    const { api } = this.context;
    const { kind, name } = this.place;
    const template = api.get<TemplateInFull>(this.path(), {}, signal).catch((error: unknown) => {
      if (asCarillonError(error).code === 'not_found') return undefined;
      throw error;
    });
    if (kind !== 'templates') return { variables: null, ...given(await template) };
    const path = `/v1/types/${encodeURIComponent(name)}`;
    const { variables } = await api.get<{ variables: VariableSchema | null }>(path, {}, signal);
    return { variables, ...given(await template) };
  }

  /** Opens the published version, else the newest, else a beginning. */
  private async begin(): Promise<void> {
    await this.shown.restart();
    const { template } = this.shown.value ?? {};
    const version = template?.published?.version ?? template?.versions[0]?.version;
    if (version !== undefined) await this.openVersion(version);
    else if (this.shown.value) this.take(starterOf(this.place.kind, this.place.channel));
  }

  private async openVersion(version: number): Promise<void> {
    const { context, texts } = this;
    const isSure =
      !this.isDirty ||
      (await context.confirm({
        title: texts.t('template.discardTitle'),
        text: texts.t('template.discardText'),
        confirm: texts.t('template.discard'),
        isDangerous: true,
      }));
    if (!isSure) return;
    try {
      const { source } = await context.api.get<VersionInFull>(this.path(`/versions/${version}`));
      this.take(source, version);
    } catch (error) {
      context.fail(error);
    }
  }

  private take(source: Source, version?: number): void {
    this.written = bodyOf(source);
    this.texts_ = textsOf(source);
    this.opened = version;
    this.isDirty = false;
    void this.fill();
  }

  private get fields(): SourceField[] {
    const { kind, channel } = this.place;
    return fieldsOf(kind, channel, this.written);
  }

  protected override render(): TemplateResult {
    const { texts, icons, shown } = this;
    const { value } = shown;
    return html`<div class="page">
      <div class="head">
        <div>
          <a
            class="back"
            href=${href('templates', { kind: this.place.kind === 'templates' ? '' : this.place.kind })}
          >
            ${texts.t('template.back')}
          </a>
          <h1 tabindex="-1">${this.heading}</h1>
          ${this.place.topic === null ? nothing : html`<p>${texts.t('templates.topic', { topic: this.place.topic })}</p>`}
        </div>
        ${value ? this.actions(value) : nothing}
      </div>
      ${shown.error ? failure({ texts, icons }, shown.error, () => void this.begin()) : nothing}
      ${value ? this.desk(value) : shown.error ? nothing : html`<div class="panel">${skeleton(texts, 9)}</div>`}
    </div>`;
  }

  private actions({ template }: Shown): TemplateResult {
    const { texts, icons, opened } = this;
    const test = () => {
      if (opened === undefined) return this.context.say(texts.t('template.testNeedsVersion'));
      this.isTesting = true;
      this.requestUpdate();
    };
    return html`<div class="actions">
      ${
        template?.published
          ? html`<button class="button" @click=${() => void this.unpublish()}>
              ${texts.t('template.unpublish')}
            </button>`
          : nothing
      }
      ${
        this.place.kind === 'templates'
          ? html`<button class="button" @click=${test}>
              ${icons.draw('send')}${texts.t('template.test')}
            </button>`
          : nothing
      }
    </div>`;
  }

  private desk({ template, variables }: Shown): TemplateResult {
    const { texts, opened } = this;
    const state = this.isDirty
      ? html`<span class="badge waiting">${texts.t('template.unsaved')}</span>`
      : opened === undefined
        ? html`<span class="badge">${texts.t('template.isNew')}</span>`
        : html`<span class="badge">${texts.t('templates.version', { version: opened })}</span>`;
    return html`<div class="desk">
      <div class="stack">
        <section class="panel" aria-labelledby="source">
          <header>
            <h2 id="source">${texts.t('template.source')}</h2>
            ${state}
          </header>
          ${this.problems()}
          <div class="form pad">${this.fields.map((field) => this.field(field))}</div>
          <form class="save form" @submit=${(event: SubmitEvent) => void this.save(event)}>
            <label>
              <span>${texts.t('template.note')}</span>
              <input
                name="note"
                maxlength="500"
                placeholder=${texts.t('template.noteHint')}
                autocomplete="off"
              />
            </label>
            <button class="button primary" ?disabled=${this.isBusy}>${texts.t('template.save')}</button>
          </form>
        </section>
        ${this.place.kind === 'templates' ? this.sample(variables) : nothing}
      </div>
      <div class="stack preview">
        ${this.previewed()}
        <section class="panel" aria-labelledby="versions">
          <header><h2 id="versions">${texts.t('template.versions')}</h2></header>
          ${versionList(texts, template?.versions ?? [], {
            opened: this.isDirty ? undefined : opened,
            open: (version) => void this.openVersion(version),
            publish: (version) => void this.publish(version),
          })}
        </section>
      </div>
      ${
        this.isTesting && opened !== undefined
          ? html`<console-template-test
              .context=${this.context}
              .place=${this.place}
              .version=${opened}
              .data=${this.sampleData()}
              @console-close=${() => {
                this.isTesting = false;
                this.requestUpdate();
              }}
            ></console-template-test>`
          : nothing
      }
    </div>`;
  }

  private field(field: SourceField): TemplateResult {
    const { texts } = this;
    const { name, kind } = field;
    const label = texts.t(`template.field.${name}` as TemplatesText);
    const value = this.texts_[name] ?? '';
    if (kind === 'line' || kind === 'text') {
      const hint =
        name === 'layout' ? 'template.layoutHint' : name === 'text' ? 'template.plainHint' : undefined;
      const typed = (event: Event) => this.write(name, (event.target as HTMLInputElement).value);
      return html`<label>
        <span>${label}</span>
        ${
          kind === 'line'
            ? html`<input .value=${value} autocomplete="off" @input=${typed} />`
            : html`<textarea rows="3" .value=${value} @input=${typed}></textarea>`
        }
        ${hint === undefined ? nothing : html`<small>${texts.t(hint)}</small>`}
      </label>`;
    }
    const wrong = linesNamed(this.refused?.errors ?? [], name);
    return html`<div class="field">
      <div class="label">
        <span>${label}</span>
        ${this.place.channel === 'email' ? this.bodyChoice() : nothing}
      </div>
      <console-code
        data-field=${name}
        .label=${label}
        .value=${value}
        .wrongLines=${wrong}
        @input=${(event: Event) => this.write(name, (event.target as ConsoleCode).value)}
      ></console-code>
      <small>${texts.t('template.editorHint')}</small>
    </div>`;
  }

  private bodyChoice(): TemplateResult {
    const choose = (event: Event) => {
      const next = (event.target as HTMLSelectElement).value as MailBody;
      this.texts_ = { ...this.texts_, [next]: this.texts_[this.written] ?? '' };
      this.written = next;
      this.touch();
    };
    return html`<select aria-label=${this.texts.t('template.writtenAs')} @change=${choose}>
      ${mailBodies.map(
        (one) =>
          html`<option value=${one} ?selected=${one === this.written}>
            ${this.texts.t(`template.field.${one}`)}
          </option>`,
      )}
    </select>`;
  }

  private problems(): TemplateResult | typeof nothing {
    const { texts, refused, badJson } = this;
    if (badJson)
      return html`<div class="errors bad" role="alert">
        ${texts.t('template.badJson', { message: badJson.message })}
      </div>`;
    if (!refused) return nothing;
    const errors = refused.errors.length > 0 ? refused.errors : [{ path: '', message: refused.message }];
    return html`<div class="errors bad" role="alert">
      <b>${texts.t('template.errors')}</b>
      <ul>
        ${errors.map((error) => {
          const field = error.path.replace(/^source\./, '');
          const [line] = linesNamed([error], field);
          const text = sentence(error.message);
          return html`<li>
            ${error.path === '' ? nothing : html`<code>${field}</code>`}
            ${line === undefined ? text : html`<button @click=${() => this.goTo(field, line)}>${text}</button>`}
          </li>`;
        })}
      </ul>
    </div>`;
  }

  private goTo(field: string, line: number): void {
    this.shadowRoot?.querySelector<ConsoleCode>(`console-code[data-field="${field}"]`)?.showLine(line);
  }

  private sample(variables: VariableSchema | null): TemplateResult {
    const { texts } = this;
    const typed = (event: Event) => {
      this.data = (event.target as ConsoleCode).value;
      this.later();
    };
    return html`<section class="panel" aria-labelledby="data">
      <header><h2 id="data">${texts.t('template.data')}</h2></header>
      <div class="form pad">
        <p class="hint">${texts.t('template.dataHint')}</p>
        <console-code
          class="small-code"
          data-field="data"
          .label=${texts.t('template.data')}
          .value=${this.data ?? ''}
          @input=${typed}
        ></console-code>
        ${variableList(texts, variables)}
      </div>
    </section>`;
  }

  private previewed(): TemplateResult {
    const { texts, preview, place } = this;
    const warnings = preview?.warnings ?? [];
    return html`<section class="panel" aria-labelledby="preview" aria-busy=${this.isFilling}>
      <header>
        <h2 id="preview">${texts.t('template.preview')}</h2>
        <span class="busy">${this.isFilling ? texts.t('template.previewing') : ''}</span>
      </header>
      ${
        warnings.length === 0
          ? nothing
          : html`<div class="errors waiting">
              <b>${texts.t('template.warnings')}</b>
              <ul>
                ${warnings.map(({ path, message }) => html`<li><code>${path}</code> ${message}</li>`)}
              </ul>
            </div>`
      }
      ${
        place.kind === 'partials'
          ? html`<p class="pad muted">${texts.t('template.noPreview')}</p>`
          : preview
            ? html`<console-rendered .rendered=${preview.rendered}></console-rendered>`
            : html`<p class="pad muted">${texts.t('template.fillIn')}</p>`
      }
    </section>`;
  }

  private write(name: string, text: string): void {
    this.texts_ = { ...this.texts_, [name]: text };
    this.touch();
  }

  private touch(): void {
    this.isDirty = true;
    this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.fill(), PREVIEW_AFTER_MS);
    this.requestUpdate();
  }

  /** What stands in the fields, as the API takes it; undefined, and said, where one of them is no JSON. */
  private given(): { source: Source; data?: Record<string, unknown> } | undefined {
    this.badJson = undefined;
    let field = 'source';
    try {
      const source = sourceFrom(this.fields, this.texts_);
      field = 'data';
      const data = this.data === undefined || this.place.kind !== 'templates' ? undefined : this.sampleData();
      return { source, ...(data === undefined ? {} : { data }) };
    } catch (error) {
      this.badJson = { field, message: (error as Error).message };
      this.requestUpdate();
      return undefined;
    }
  }

  /** @throws SyntaxError */
  private sampleData(): Record<string, unknown> | undefined {
    if (this.data === undefined || this.data.trim() === '') return undefined;
    return JSON.parse(this.data) as Record<string, unknown>;
  }

  /** Has the API fill what stands in the fields. */
  private async fill(): Promise<void> {
    this.filling?.abort();
    if (this.place.kind === 'partials') return this.requestUpdate();
    const body = this.given();
    if (!body) return;
    const own = (this.filling = new AbortController());
    this.isFilling = true;
    this.requestUpdate();
    try {
      const preview = await this.context.api.post<Preview>(this.path('/preview'), body);
      if (own.signal.aborted) return;
      this.preview = preview;
      this.refused = undefined;
      this.data ??= JSON.stringify(preview.data, null, 2);
    } catch (error) {
      if (own.signal.aborted || isAbort(error)) return;
      this.refused = asCarillonError(error);
    }
    this.isFilling = false;
    this.requestUpdate();
  }

  private async save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const body = this.given();
    if (!body) return;
    const { context, texts } = this;
    this.isBusy = true;
    this.requestUpdate();
    try {
      const { version } = await context.api.post<VersionInFull>(this.path('/versions'), {
        source: body.source,
        ...filled(form),
      });
      form.reset();
      this.opened = version;
      this.isDirty = false;
      this.refused = undefined;
      context.say(texts.t('template.saved', { version }));
      await this.shown.load();
    } catch (error) {
      const known = asCarillonError(error);
      if (known.errors.some(({ path }) => path.startsWith('source'))) this.refused = known;
      else context.fail(known);
    }
    this.isBusy = false;
    this.requestUpdate();
  }

  private async publish(version: number): Promise<void> {
    const { context, texts } = this;
    const now = this.shown.value?.template?.published?.version ?? 0;
    const isSure = await context.confirm({
      title: texts.t('template.publishTitle', { version }),
      text: texts.t(version < now ? 'template.goBackText' : 'template.publishText'),
      confirm: texts.t('template.publish'),
    });
    if (!isSure) return;
    try {
      await context.api.post(this.path('/publish'), { version });
      context.say(texts.t('template.published', { version }));
    } catch (error) {
      context.fail(error);
    }
    await this.shown.load();
  }

  private async unpublish(): Promise<void> {
    const { context, texts } = this;
    const isSure = await context.confirm({
      title: texts.t('template.unpublishTitle'),
      text: texts.t('template.unpublishText'),
      confirm: texts.t('template.unpublish'),
    });
    if (!isSure) return;
    try {
      await context.api.post(this.path('/unpublish'), {});
      context.say(texts.t('template.unpublished'));
    } catch (error) {
      context.fail(error);
    }
    await this.shown.load();
  }
}

function given(template: TemplateInFull | undefined): Pick<Shown, 'template'> {
  return template ? { template } : {};
}

customElements.define('console-template', ConsoleTemplate);
