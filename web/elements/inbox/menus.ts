import type { ThreadedItem } from '../../client/shapes.js';
import { addMessages, type Localizer } from '../shared/i18n.js';
import { actionIcon, actionTexts, quickActions, type ItemAction } from './item-row.js';
import { Menu, type MenuEntry } from './menu.js';
import { english, type MoreText } from './messages-more-en.js';
import type { InboxText } from './messages-en.js';
import { snoozeTimes } from './snooze-times.js';

addMessages('en', english);

type Texts = Localizer<InboxText | MoreText>;

/** What can be done to one entry. */
export function itemEntries(
  item: ThreadedItem,
  texts: Texts,
  act: (action: ItemAction) => void,
  snooze: (until: Date) => void,
): MenuEntry[] {
  const clock = new Intl.DateTimeFormat(texts.lang, { weekday: 'short', hour: 'numeric', minute: '2-digit' });
  const plain = (action: ItemAction): MenuEntry => ({
    label: texts.t(actionTexts[action]),
    icon: actionIcon(action),
    act: () => act(action),
  });
  const [read, archive, remove] = quickActions(item) as [ItemAction, ItemAction, ItemAction];
  const times = snoozeTimes(new Date()).map(({ key, until }): MenuEntry => ({
    label: texts.t(key),
    icon: 'clock',
    hint: clock.format(until),
    act: () => snooze(until),
  }));
  const later = [
    { label: texts.t('menu.snooze') },
    ...times,
    { label: texts.t('menu.own'), icon: 'calendar', chooseTime: snooze },
  ];
  return [plain(read), plain(archive), plain(remove), ...(item.archivedAt ? [] : later)];
}

/** What can be done to the whole inbox. */
export function inboxEntries(
  texts: Texts,
  isGrouped: boolean,
  group: () => void,
  clear: (which: 'read' | 'all') => void,
): MenuEntry[] {
  return [
    { label: texts.t('menu.group'), isOn: isGrouped, act: group },
    {
      label: texts.t('menu.clearRead'),
      icon: 'trash',
      question: texts.t('menu.confirmRead'),
      act: () => clear('read'),
    },
    {
      label: texts.t('menu.clearAll'),
      icon: 'trash',
      question: texts.t('menu.confirmAll'),
      act: () => clear('all'),
    },
  ];
}

/** The menu of a shadow root, made on first use. */
export function menuIn(root: ParentNode & Node): Menu {
  return root.querySelector('carillon-menu') ?? root.appendChild(new Menu());
}
