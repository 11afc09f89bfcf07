import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { asCarillonError } from '../../../client/carillon-error.js';
import { addMessages } from '../../../elements/shared/i18n.js';
import { formStyles } from '../../parts/form-styles.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { perform } from '../../parts/perform.js';
import { filled } from '../../parts/problems.js';
import { href } from '../../addresses.js';
import { channelInWords, plain } from '../../parts/words.js';
import './code-editor.js';
import type { ConsoleCode } from './code-editor.js';
import { Draft } from './draft.js';
import { english, type TemplatesText } from './messages-en.js';
import { previewPanel } from './preview-panel.js';
import { sampleData } from './sample-data.js';
import type { Kind, TemplateInFull, TemplatePlace, VersionInFull } from './shapes.js';
import { starterOf } from './source-fields.js';
import { sourceForm } from './source-form.js';
import { templateStyles } from './template-styles.js';
import './test-form.js';
import type { VariableSchema } from './variable-schema.js';
import { versionList } from './versions.js';

addMessages('en', english);

interface Shown {
  /** Undefined before its first version. */
  template?: TemplateInFull;
  variables: VariableSchema | null;
}

/** `/console/templates/:name/:channel/:locale`, and of partials and layouts: writes versions and publishes them. */
export class ConsoleTemplate extends ConsolePage<TemplatesText> {
  static override styles = [...ConsolePage.styles, formStyles, templateStyles];

  private isBusy = false;
  private isTesting = false;
  private readonly draft = new Draft(this);
  private readonly shown = new Loader<Shown>(this, (signal) => this.read(signal));

  get place(): TemplatePlace {
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
    this.draft.close();
  }

  private readonly leaving = (event: BeforeUnloadEvent) => {
    if (this.draft.isDirty) event.preventDefault();
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('params')) void this.begin();
  }

  private async read(signal: AbortSignal): Promise<Shown> {
    const { api } = this.context;
    const { kind, name } = this.place;
    const template = api.get<TemplateInFull>(this.draft.path(), {}, signal).catch((error: unknown) => {
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
    else if (this.shown.value) this.draft.take(starterOf(this.place.kind, this.place.channel));
  }

  private async openVersion(version: number): Promise<void> {
    const { context, texts } = this;
    const isSure =
      !this.draft.isDirty ||
      (await context.confirm({
        title: texts.t('template.discardTitle'),
        text: texts.t('template.discardText'),
        confirm: texts.t('template.discard'),
        isDangerous: true,
      }));
    if (!isSure) return;
    try {
      const { source } = await context.api.get<VersionInFull>(this.draft.path(`/versions/${version}`));
      this.draft.take(source, version);
    } catch (error) {
      context.fail(error);
    }
  }

  protected override render(): TemplateResult {
    const { texts, icons, shown } = this;
    const { value } = shown;
    const { kind, topic } = this.place;
    return html`<div class="page">
      ${this.head({
        back: {
          to: href('templates', { kind: kind === 'templates' ? '' : kind }),
          label: texts.t('template.back'),
        },
        text: topic === null ? undefined : texts.t('templates.topic', { topic }),
        actions: value && this.actions(value),
      })}
      ${loaded({ texts, icons }, shown, (one) => this.desk(one), 9)}
    </div>`;
  }

  private actions({ template }: Shown): TemplateResult {
    const { texts, icons } = this;
    const { opened } = this.draft;
    const test = () => {
      if (opened === undefined) return this.context.say(texts.t('template.testNeedsVersion'));
      const problem = this.draft.dataProblem();
      if (problem !== undefined) return this.context.say(texts.t('template.badJson', { message: problem }));
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
    const { texts, draft } = this;
    const { opened, isDirty } = draft;
    const state = isDirty
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
          ${sourceForm({
            texts,
            draft,
            isMail: this.place.channel === 'email',
            goTo: (field, line) => this.editor(field)?.showLine(line),
          })}
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
        ${this.place.kind === 'templates' ? sampleData(texts, draft, variables) : nothing}
      </div>
      <div class="stack preview">
        ${previewPanel(texts, draft, this.place.kind)}
        <section class="panel" aria-labelledby="versions">
          <header><h2 id="versions">${texts.t('template.versions')}</h2></header>
          ${versionList(texts, template?.versions ?? [], {
            opened: isDirty ? undefined : opened,
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
              .data=${draft.dataProblem() === undefined ? draft.sampleData() : undefined}
              @console-close=${() => {
                this.isTesting = false;
                this.requestUpdate();
              }}
            ></console-template-test>`
          : nothing
      }
    </div>`;
  }

  private editor(field: string): ConsoleCode | null | undefined {
    return this.shadowRoot?.querySelector<ConsoleCode>(`console-code[data-field="${field}"]`);
  }

  private async save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    this.isBusy = true;
    this.requestUpdate();
    const version = await this.draft.save(filled(form));
    if (version !== undefined) {
      form.reset();
      this.context.say(this.texts.t('template.saved', { version }));
      await this.shown.load();
    }
    this.isBusy = false;
    this.requestUpdate();
  }

  private async publish(version: number): Promise<void> {
    const { context, texts } = this;
    const now = this.shown.value?.template?.published?.version ?? 0;
    await perform(context, {
      question: {
        title: texts.t('template.publishTitle', { version }),
        text: texts.t(version < now ? 'template.goBackText' : 'template.publishText'),
        confirm: texts.t('template.publish'),
      },
      call: () => context.api.post(this.draft.path('/publish'), { version }),
      said: texts.t('template.published', { version }),
      after: () => this.shown.load(),
    });
  }

  private async unpublish(): Promise<void> {
    const { context, texts } = this;
    await perform(context, {
      question: {
        title: texts.t('template.unpublishTitle'),
        text: texts.t('template.unpublishText'),
        confirm: texts.t('template.unpublish'),
      },
      call: () => context.api.post(this.draft.path('/unpublish'), {}),
      said: texts.t('template.unpublished'),
      after: () => this.shown.load(),
    });
  }
}

function given(template: TemplateInFull | undefined): Pick<Shown, 'template'> {
  return template ? { template } : {};
}

customElements.define('console-template', ConsoleTemplate);
