import { html, nothing, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import { safeUrl } from '../../../elements/shared/safe-url.js';
import type { Question } from '../../parts/question.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { perform } from '../../parts/perform.js';
import { href } from '../../addresses.js';
import type { Delivery, Story } from '../../calls/shapes.js';
import { badge } from '../../parts/status.js';
import { timeAgo } from '../../parts/time.js';
import { plain } from '../../parts/words.js';
import { deliveriesPanel } from './story-deliveries.js';
import { english, type StoryText } from './story-messages-en.js';
import { planPanel } from './story-plan.js';
import { storyStyles } from './story-styles.js';
import { timelinePanel } from './story-timeline.js';

addMessages('en', english);

const BUSY_MS = 2_000;
const CALM_MS = 15_000;
const BUSY_AFTER_MS = 20_000;
const WAITING = ['accepted', 'held', 'digesting', 'sending'];
const UNDER_WAY = ['pending', 'sending', 'retrying', 'parked'];

/** `/console/notifications/{id}`: what was decided for one notification, what was done, and what came of it. */
export class ConsoleStory extends ConsolePage<StoryText> {
  static override styles = [...ConsolePage.styles, storyStyles];

  private readonly shown = new Set<string>();
  /** What was asked for takes its time until it shows. */
  private busyUntilMs = 0;
  private readonly story = new Loader<Story>(
    this,
    (signal) => this.context.api.get(this.path, {}, signal),
    (story) => this.story.every(isUnderWay(story) || Date.now() < this.busyUntilMs ? BUSY_MS : CALM_MS),
  );

  override get heading(): string {
    const { value } = this.story;
    return value ? (value.title ?? plain(value.type)) : this.texts.t('story.title');
  }

  private get path(): string {
    return `/v1/notifications/${encodeURIComponent(this.params.id ?? '')}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.story.load();
  }

  protected override render(): TemplateResult {
    const { texts, icons, story } = this;
    const { value } = story;
    return html`<div class="page">
      ${this.head({
        badge: value && badge(value.status),
        id: this.params.id,
        actions: value && this.actions(value),
      })}
      ${loaded({ texts, icons }, story, (one) => this.contents(one), 9)}
    </div>`;
  }

  private actions({ status, temporalUrl }: Story): TemplateResult {
    const { texts, icons } = this;
    const url = safeUrl(temporalUrl);
    const waits = WAITING.includes(status);
    return html`<div class="actions">
      ${
        url === undefined
          ? nothing
          : html`<a class="button" href=${url} target="_blank" rel="noopener">
              ${icons.draw('external')}${texts.t('story.run')}
            </a>`
      }
      ${
        waits
          ? html`<button class="button" @click=${() => this.cancel()}>
                ${icons.draw('close')}${texts.t('story.cancel')}
              </button>
              <button
                class="button primary"
                @click=${() => this.change(`${this.path}/expedite`, 'story.expedited')}
              >
                ${icons.draw('send')}${texts.t('story.expedite')}
              </button>`
          : nothing
      }
    </div>`;
  }

  private contents(story: Story): TemplateResult {
    const { texts, icons, context, shown } = this;
    const drawing = { texts, icons };
    return html`${this.facts(story)}
      <div class="columns">
        <div class="column">
          ${planPanel(drawing, story)}
          ${deliveriesPanel(drawing, story.deliveries, {
            context,
            shown,
            retry: (delivery) => void this.retry(delivery),
            toggle: (id) => this.toggle(id),
          })}
        </div>
        ${timelinePanel(drawing, story)}
      </div>`;
  }

  private facts(story: Story): TemplateResult {
    const { texts } = this;
    const { lang } = texts;
    const { recipient, type, priority, createdAt, sendAt, expiresAt, actor, related, readAt, message } =
      story;
    const person = html`<a href=${href('find', { recipient })}>${recipient}</a>`;
    const facts: [StoryText, unknown][] = [
      ['story.person', person],
      ['story.type', html`<a href=${href('deliveries', { type })}>${plain(type)}</a>`],
      ['story.priority', plain(priority)],
      ['story.triggered', timeAgo(createdAt, lang)],
      ['story.sendAt', sendAt && timeAgo(sendAt, lang)],
      ['story.expires', expiresAt && timeAgo(expiresAt, lang)],
      ['story.actor', actor],
      ['story.related', related && `${plain(related.type)} ${related.id}`],
      ['story.read', readAt && timeAgo(readAt, lang)],
    ];
    return html`<div class="panel">
      <dl class="facts">
        ${facts.map(([label, value]) =>
          value === null || value === ''
            ? nothing
            : html`<div>
                <dt>${texts.t(label)}</dt>
                <dd>${value}</dd>
              </div>`,
        )}
      </dl>
      ${message === null ? nothing : html`<p class="message">${message}</p>`}
    </div>`;
  }

  private toggle(id: string): void {
    if (!this.shown.delete(id)) this.shown.add(id);
    this.requestUpdate();
  }

  private cancel(): Promise<void> {
    const { texts } = this;
    const question = {
      title: texts.t('story.cancelTitle'),
      text: texts.t('story.cancelText'),
      confirm: texts.t('story.cancelConfirm'),
      isDangerous: true,
    };
    return this.change(`${this.path}/cancel`, 'story.cancelled', question);
  }

  private retry({ id }: Delivery): Promise<void> {
    return this.change(`/v1/deliveries/${encodeURIComponent(id)}/retry`, 'story.retried');
  }

  private async change(path: string, said: StoryText, question?: Question): Promise<void> {
    const { context, texts } = this;
    await perform(context, {
      question,
      call: () => context.api.post(path),
      said: texts.t(said),
      after: () => {
        this.busyUntilMs = Date.now() + BUSY_AFTER_MS;
        return this.story.load();
      },
    });
  }
}

function isUnderWay({ status, deliveries }: Story): boolean {
  return WAITING.includes(status) || deliveries.some((one) => UNDER_WAY.includes(one.status));
}

customElements.define('console-story', ConsoleStory);
