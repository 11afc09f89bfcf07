import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import { safeUrl } from '../../../elements/shared/safe-url.js';
import type { Page } from '../../calls/api.js';
import type { Question } from '../../parts/question.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { perform } from '../../parts/perform.js';
import { href } from '../../addresses.js';
import type { Broadcast } from '../../calls/shapes.js';
import { badge } from '../../parts/status.js';
import { isOver } from './broadcast-counts.js';
import { Following } from './broadcast-following.js';
import { broadcastPeople, type Recipient } from './broadcast-people.js';
import { broadcastProgress, progressStyles } from './broadcast-progress.js';
import { english, type BroadcastsText } from './broadcasts-messages-en.js';

addMessages('en', english);

/** `/console/broadcasts/{id}`: one broadcast, live. */
export class ConsoleBroadcast extends ConsolePage<BroadcastsText> {
  static override styles = [...ConsolePage.styles, progressStyles];

  private readonly following = new Following(this, () => void this.recipients.load());
  private readonly recipients = new Loader<Page<Recipient>>(this, (signal) =>
    this.context.api.get(`${this.path}/recipients`, Object.fromEntries(this.query), signal),
  );

  override get heading(): string {
    return this.following.value?.name ?? this.texts.t('broadcast.title');
  }

  get path(): string {
    return `/v1/broadcasts/${encodeURIComponent(this.params.id ?? '')}`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.recipients.restart();
  }

  protected override render(): TemplateResult {
    const { texts, icons, following } = this;
    const { value } = following;
    return html`<div class="page">
      ${this.head({
        badge: value && badge(value.status),
        id: this.params.id,
        actions: value && this.actions(value),
      })}
      ${loaded({ texts, icons }, following, (broadcast) => this.contents(broadcast))}
    </div>`;
  }

  private contents(broadcast: Broadcast): TemplateResult {
    const { texts, icons, query, context } = this;
    const drawing = { texts, icons };
    const path = href(`broadcasts/${encodeURIComponent(broadcast.id)}`);
    return html`${broadcastProgress(drawing, broadcast, query.get('status'))}
    ${broadcastPeople(drawing, this.recipients, { query, path, context })}`;
  }

  private actions(broadcast: Broadcast): TemplateResult {
    const { texts, icons } = this;
    const { status } = broadcast;
    const url = safeUrl(broadcast.temporalUrl);
    const canStop = !isOver(broadcast) && status !== 'draft';
    return html`<div class="actions">
      ${
        url === undefined
          ? nothing
          : html`<a class="button" href=${url} target="_blank" rel="noopener">
              ${icons.draw('external')}${texts.t('broadcast.run')}
            </a>`
      }
      ${
        canStop
          ? html`<button class="button" @click=${() => this.cancel()}>
              ${icons.draw('close')}${texts.t('broadcast.cancel')}
            </button>`
          : nothing
      }
      ${
        status === 'paused'
          ? html`<button class="button primary" @click=${() => this.tell('resume', 'broadcast.resumed')}>
              ${icons.draw('play')}${texts.t('broadcast.resume')}
            </button>`
          : canStop
            ? html`<button class="button" @click=${() => this.tell('pause', 'broadcast.paused')}>
                ${icons.draw('pause')}${texts.t('broadcast.pause')}
              </button>`
            : nothing
      }
    </div>`;
  }

  private cancel(): Promise<boolean> {
    const { texts } = this;
    return this.tell('cancel', 'broadcast.cancelled', {
      title: texts.t('broadcast.cancelTitle'),
      text: texts.t('broadcast.cancelText'),
      confirm: texts.t('broadcast.cancelConfirm'),
      isDangerous: true,
    });
  }

  private tell(
    action: 'pause' | 'resume' | 'cancel',
    said: BroadcastsText,
    question?: Question,
  ): Promise<boolean> {
    const { context, texts } = this;
    return perform(context, {
      question,
      call: () => context.api.post(`${this.path}/${action}`),
      said: texts.t(said),
    });
  }
}

customElements.define('console-broadcast', ConsoleBroadcast);
