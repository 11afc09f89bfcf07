import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { ClientSource, clientProperties } from '../shared/client-source.js';
import type { CarillonClient } from '../../client/carillon-client.js';
import { addMessages, Localizer } from '../shared/i18n.js';
import { Icons } from '../shared/icons.js';
import { theme } from '../shared/theme.js';
import { english, type PreferencesText } from './messages-en.js';
import { pageStyles } from './page-styles.js';
import { PreferencesModel, type Failure, type PreferencesView } from './preferences-model.js';
import { saidOf } from './said.js';
import { sectionStyles } from './section-styles.js';

addMessages('en', english);
addMessages('fr', () => import('./messages-fr.js').then(({ french }) => french));

/** The parts of the page, in their order. */
export const preferenceSections = [
  'pause',
  'channels',
  'types',
  'quiet-hours',
  'digests',
  'topics',
  'person',
  'privacy',
  'reset',
] as const;
export type PreferenceSection = (typeof preferenceSections)[number];

/**
 * `<carillon-preferences>`: what a person is told of, where, how often and when. Every change is saved at once.
 *
 * @fires carillon-error - `detail`: a `CarillonError`, where something could not be loaded or saved.
 */
export class CarillonPreferences extends LitElement {
  static override styles = [theme, sectionStyles, pageStyles];
  static override properties = {
    ...clientProperties,
    sections: {},
    topicNames: { attribute: false },
  };

  declare client?: CarillonClient;
  declare apiUrl?: string;
  declare token?: string;
  /** The parts that are shown, apart by spaces: `pause channels types quiet-hours digests topics person privacy reset`. Default all. */
  declare sections?: string;
  /** What people call the topics, by their IDs. */
  declare topicNames: Record<string, string>;

  private readonly texts = new Localizer<PreferencesText>(this);
  private readonly icons = new Icons(this);
  private model?: PreferencesModel;
  private told?: unknown;

  constructor() {
    super();
    this.topicNames = {};
    new ClientSource(this, (client) => {
      const model = client && new PreferencesModel(client, () => this.show(model));
      this.model = model;
      void model?.load();
      this.requestUpdate();
    });
  }

  protected override render(): TemplateResult {
    const { model } = this;
    if (!model?.view) return model?.loadError ? this.failed(model) : this.loading();
    return html`<div class="page">${this.parts(model, model.view)}</div>
      ${this.status(model)} ${this.dialog(model)}`;
  }

  private parts(model: PreferencesModel, view: PreferencesView): (TemplateResult | typeof nothing)[] {
    const wanted = this.sections?.trim().split(/[\s,]+/) ?? [];
    const isShown = (part: PreferenceSection) => wanted.length === 0 || wanted.includes(part);
    const failure = (where: string): Failure | undefined =>
      model.failure?.where === where ? model.failure : undefined;
    const parts: Record<PreferenceSection, () => TemplateResult | typeof nothing> = {
      pause: () =>
        html`<carillon-preferences-pause .model=${model} .view=${view}></carillon-preferences-pause>`,
      channels: () =>
        html`<carillon-preferences-channels .model=${model} .view=${view}></carillon-preferences-channels>`,
      types: () =>
        html`<carillon-preferences-types .model=${model} .view=${view}></carillon-preferences-types>`,
      'quiet-hours': () =>
        html`<carillon-preferences-quiet-hours
          .model=${model}
          .view=${view}
          .failure=${failure('quiet')}
        ></carillon-preferences-quiet-hours>`,
      digests: () =>
        html`<carillon-preferences-digests
          .model=${model}
          .view=${view}
          .failure=${failure('digest')}
        ></carillon-preferences-digests>`,
      topics: () =>
        view.topics.length + view.preferences.mutedTopics.length === 0
          ? nothing
          : html`<carillon-preferences-topics
              .model=${model}
              .view=${view}
              .names=${this.topicNames}
            ></carillon-preferences-topics>`,
      person: () =>
        html`<carillon-preferences-person .model=${model} .view=${view}></carillon-preferences-person>`,
      privacy: () =>
        html`<carillon-preferences-privacy .model=${model} .view=${view}></carillon-preferences-privacy>`,
      reset: () =>
        html`<div class="foot">
          <button class="button" @click=${() => this.confirm()}>${this.texts.t('reset.button')}</button>
        </div>`,
    };
    return preferenceSections.map((part) => (isShown(part) ? parts[part]() : nothing));
  }

  private loading(): TemplateResult {
    return html`<p class="card pad state" role="status">${this.texts.t('preferences.loading')}</p>`;
  }

  private failed(model: PreferencesModel): TemplateResult {
    const { texts } = this;
    const reason = model.loadError && saidOf(model.loadError, texts);
    return html`<div class="card pad state" role="alert">
      <p>
        <strong>${texts.t('preferences.loadFailed')}</strong><br />
        <span lang=${reason?.lang ?? nothing}>${reason?.text}</span>
      </p>
      <button class="button" @click=${() => model.load()}>${texts.t('preferences.retry')}</button>
    </div>`;
  }

  /** At the bottom of what is in view, so that it is seen wherever one is in a long page. */
  private status({ saving, saved, failure }: PreferencesModel): TemplateResult {
    const { texts } = this;
    const said = saving ? texts.t('preferences.saving') : saved ? texts.t('preferences.saved') : nothing;
    return html`<div class="status">
      <span class="pill" role="status" data-state=${saving ? 'saving' : saved ? 'saved' : 'idle'}
        >${failure ? nothing : said}</span
      >
      ${failure && failure.where !== 'quiet' ? this.failure(failure) : nothing}
    </div>`;
  }

  private failure({ error }: Failure): TemplateResult {
    const { texts } = this;
    const { text, lang } = saidOf(error, texts);
    return html`<div class="failure" role="alert">
      ${this.icons.draw('x-circle')}
      <span>${texts.t('preferences.failed')} <span lang=${lang ?? nothing}>${text}</span></span>
      <button
        class="quiet"
        aria-label=${texts.t('preferences.dismiss')}
        @click=${() => this.model?.forgetFailure()}
      >
        ${this.icons.draw('close')}
      </button>
    </div>`;
  }

  private dialog(model: PreferencesModel): TemplateResult {
    const { texts } = this;
    const reset = () => {
      this.dialogElement?.close();
      void model.reset('reset');
    };
    return html`<dialog aria-labelledby="reset-title" aria-describedby="reset-text">
      <h2 id="reset-title">${texts.t('reset.title')}</h2>
      <p class="hint" id="reset-text">${texts.t('reset.text')}</p>
      <div class="choices">
        <button class="button" autofocus @click=${() => this.dialogElement?.close()}>
          ${texts.t('reset.cancel')}
        </button>
        <button class="button danger" @click=${reset}>${texts.t('reset.confirm')}</button>
      </div>
    </dialog>`;
  }

  private get dialogElement(): HTMLDialogElement | null | undefined {
    return this.shadowRoot?.querySelector('dialog');
  }

  private confirm(): void {
    this.dialogElement?.showModal();
  }

  private show(model: PreferencesModel | undefined): void {
    if (model !== this.model) return;
    const detail = model?.loadError ?? model?.failure?.error;
    if (detail && detail !== this.told)
      this.dispatchEvent(new CustomEvent('carillon-error', { detail, bubbles: true, composed: true }));
    this.told = detail;
    this.requestUpdate();
  }
}
