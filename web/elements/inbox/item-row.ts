import { html, nothing, type TemplateResult } from 'lit';
import type { ThreadedItem } from '../../client/shapes.js';
import type { Localizer } from '../shared/i18n.js';
import type { Icons } from '../shared/icons.js';
import { fullTime, relativeTime } from '../shared/relative-time.js';
import { safeUrl } from '../shared/safe-url.js';
import type { InboxText } from './messages-en.js';

/** What can be done to an entry; `more` opens its menu. */
export type ItemAction = 'read' | 'unread' | 'archive' | 'unarchive' | 'delete' | 'more';

/** What an entry needs of the list that it stands in. */
export interface ItemList {
  readonly texts: Localizer<InboxText>;
  readonly icons: Icons;
  /** The entry that Tab reaches. */
  readonly activeId?: string;
  isExpanded(item: ThreadedItem): boolean;
  /** The rest of an open thread. */
  renderThread(item: ThreadedItem): unknown;
  isThreadOpen(item: ThreadedItem): boolean;
  toggleThread(item: ThreadedItem): void;
  /** Its link, or one of its actions, was chosen: tells so by an event, and reads it. */
  follows(
    item: ThreadedItem,
    name: 'carillon-item-click' | 'carillon-action',
    detail: unknown,
    event: Event,
  ): void;
  act(item: ThreadedItem, action: ItemAction): void;
}

/** Whether it, or any of the thread that it stands for, is unread. */
export function isUnread(item: ThreadedItem): boolean {
  return (item.threadUnread ?? (item.readAt ? 0 : 1)) > 0;
}

/** What can be done to an entry with one click. */
export function quickActions(item: ThreadedItem): ItemAction[] {
  return [isUnread(item) ? 'read' : 'unread', item.archivedAt ? 'unarchive' : 'archive', 'delete', 'more'];
}

export const actionTexts: Record<ItemAction, InboxText> = {
  read: 'item.read',
  unread: 'item.markUnread',
  archive: 'item.archive',
  unarchive: 'item.unarchive',
  delete: 'item.delete',
  more: 'item.more',
};

const actionIcons: Partial<Record<ItemAction, string>> = { read: 'check', delete: 'trash' };

/** The icon of something that can be done. */
export const actionIcon = (action: ItemAction): string => actionIcons[action] ?? action;

/** What a link can be recognised by. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** One entry. `place` is its position and the length of the list, where not all of it is in the page. */
export function renderItem(item: ThreadedItem, list: ItemList, place?: [number, number]): TemplateResult {
  const { texts, icons } = list;
  const { severity } = item;
  const tab = item.id === list.activeId ? 0 : -1;
  const unread = isUnread(item);
  const others = (item.threadCount ?? 1) - 1;
  const threadOpen = others > 0 && list.isThreadOpen(item);
  const link = safeUrl(item.actionUrl);
  const image = safeUrl(item.imageUrl);
  const title = html`${unread ? html`<span class="sr">${texts.t('item.unread')}: </span>` : nothing}<bdi
      >${VISIBLE.test(item.title) ? item.title : item.type}</bdi
    >`;
  const open = (event: Event) => list.follows(item, 'carillon-item-click', item, event);
  const isMarked = severity === 'warning' || severity === 'error';
  return html`<li
    class="row ${unread ? 'unread' : ''} ${list.isExpanded(item) ? 'open' : ''}"
    part="item"
    data-id=${item.id}
    aria-posinset=${place?.[0] ?? nothing}
    aria-setsize=${place?.[1] ?? nothing}
  >
    <span class="mark" .style=${tint(item.color)}>${icons.draw(item.icon, severity)}</span>
    ${
      link
        ? html`<a
            class="title"
            part="title"
            href=${link}
            rel="noopener noreferrer"
            tabindex=${tab}
            @click=${open}
            >${title}</a
          >`
        : html`<button class="title" part="title" tabindex=${tab} @click=${open}>${title}</button>`
    }
    ${item.message ? html`<p class="message" part="message"><bdi>${item.message}</bdi></p>` : nothing}
    ${image ? html`<img src=${image} alt="" loading="lazy" referrerpolicy="no-referrer" @error=${hide} />` : nothing}
    <div class="meta">
      ${isMarked ? html`<span class=${severity}>${texts.t(`item.${severity}`)}</span>` : nothing}
      <time part="time" datetime=${item.createdAt} title=${fullTime(item.createdAt, texts.lang)}
        >${relativeTime(item.createdAt, texts.lang)}</time
      >
    </div>
    ${
      item.actions.length > 0 || others > 0
        ? html`<div class="actions">
            ${item.actions.map((action) => {
              const url = safeUrl(action.url);
              const follow = (event: Event) => list.follows(item, 'carillon-action', { item, action }, event);
              return url
                ? html`<a part="action" href=${url} rel="noopener noreferrer" tabindex=${tab} @click=${follow}
                    >${action.label}</a
                  >`
                : nothing;
            })}
            ${
              others > 0
                ? html`<button
                    class="thread"
                    aria-expanded=${threadOpen}
                    tabindex=${tab}
                    @click=${() => list.toggleThread(item)}
                  >
                    ${texts.t('item.thread', { count: others > 98 ? '99+' : others })}${icons.draw('chevron')}
                  </button>`
                : nothing
            }
          </div>`
        : nothing
    }
    <div class="tools">
      ${quickActions(item).map((action) => {
        const label = texts.t(actionTexts[action]);
        return html`<button
          class="quiet ${action}"
          title=${label}
          aria-label=${label}
          aria-haspopup=${action === 'more' ? 'menu' : nothing}
          tabindex=${tab}
          @click=${() => list.act(item, action)}
        >
          ${icons.draw(actionIcon(action))}
        </button>`;
      })}
    </div>
    ${threadOpen ? list.renderThread(item) : nothing}
  </li>`;
}

/** The type's colour; anything that is none is left out. Set as a property, which needs no inline style. */
function tint(color: string): string {
  return /^#[\da-f]{3,8}$/i.test(color) ? `--item:${color}` : '';
}

/** A picture that cannot be had leaves no hole. */
function hide(event: Event): void {
  (event.target as HTMLElement).hidden = true;
}

/** An entry that is still to come. */
export function renderGhost(): TemplateResult {
  return html`<li class="row ghost" aria-hidden="true"><i></i></li>`;
}
