import { randomBytes } from 'node:crypto';
import type { Severity } from '../../contracts/notification-types.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { rowId } from '../../models/row-id.js';
import type { CheckedEngine } from '../unit/api-checked.js';

/** An item to put into an inbox; what is left out is plain. */
export interface GivenItem {
  title: string;
  message?: string;
  type?: string;
  category?: string;
  severity?: Severity;
  icon?: string;
  color?: string;
  actor?: string;
  actionUrl?: string;
  imageUrl?: string;
  actions?: { label: string; url: string }[];
  threadKey?: string;
  minutesAgo?: number;
  isRead?: boolean;
  isArchived?: boolean;
}

/** Puts items into a person's inbox, as a worker would; answers their IDs. The first is the newest unless they say. */
export async function giveItems(
  engine: CheckedEngine,
  recipientId: string,
  items: readonly GivenItem[],
): Promise<string[]> {
  const vault = await engine.models.dataKeys.vault(engine.tenantId);
  const nowMs = Date.now();
  const rows = items.map((item, index): NotificationRow => {
    const { title, message = `About ${title}`, isRead, isArchived, minutesAgo } = item;
    const id = `ntf_${randomBytes(8).toString('hex')}`;
    const at = new Date(nowMs - (minutesAgo === undefined ? index : minutesAgo * 60_000));
    const trigger = {
      type: item.type ?? 'direct',
      to: { recipient: recipientId },
      data: {},
      actor: item.actor,
      actionUrl: item.actionUrl,
      imageUrl: item.imageUrl,
      actions: item.actions ?? [],
      priority: 'normal',
    };
    return {
      _id: rowId(engine.tenantId, id),
      tenantId: engine.tenantId,
      id,
      recipientId,
      type: item.type ?? 'direct',
      category: item.category ?? 'direct',
      severity: item.severity ?? 'info',
      icon: item.icon ?? 'message',
      color: item.color ?? '#2563eb',
      priority: 'normal',
      status: 'sent',
      createdAt: at,
      updatedAt: at,
      requestHash: '',
      trigger: vault.seal(JSON.stringify(trigger)),
      threadKey: item.threadKey,
      plan: { sequence: 1, decidedAt: at, channels: { in_app: { action: 'send' } } },
      outcomes: { in_app: 'sent' },
      timeline: [],
      title,
      message,
      box: isArchived ? 'archive' : 'inbox',
      inboxAt: at,
      ...(isArchived ? { archivedAt: at } : {}),
      ...(isRead ? { readAt: at, seenAt: at } : { unread: true as const, unseen: true as const }),
      purgeAt: new Date(nowMs + 86_400_000),
    };
  });
  await engine.models.notificationBulk.insert(rows);
  return rows.map(({ id }) => id);
}

/** So many plain items, the newest first: "Item 1", "Item 2" … */
export function plainItems(count: number, more: Partial<GivenItem> = {}): GivenItem[] {
  return Array.from({ length: count }, (_, index) => ({ title: `Item ${index + 1}`, ...more }));
}

/** What an inbox looks like after a few days of work. */
export const workdays: GivenItem[] = [
  {
    title: 'Maya Chen asks you to approve “NDA with Acme”',
    message: 'The counterparty accepted clause 7. It needs your signature before Friday.',
    type: 'approval_request',
    category: 'contracts',
    icon: 'file-check',
    color: '#2563eb',
    severity: 'warning',
    actor: 'Maya Chen',
    actionUrl: '/contracts/c-1',
    actions: [
      { label: 'Approve', url: '/contracts/c-1/approve' },
      { label: 'Decline', url: '/contracts/c-1/decline' },
    ],
    minutesAgo: 2,
  },
  {
    title: 'Security alert: new sign-in from Firefox on Windows',
    message: 'If this was not you, change your password at once and tell your administrator.',
    type: 'security_alert',
    category: 'security',
    icon: 'shield-alert',
    color: '#b91c1c',
    severity: 'error',
    minutesAgo: 18,
  },
  {
    title: 'Jonas mentioned you in “Q3 forecast”',
    message: '@you could you check the numbers for Lyon? They look too good to be true.',
    type: 'mention',
    category: 'collaboration',
    icon: 'at-sign',
    color: '#7c3aed',
    actor: 'Jonas Weber',
    actionUrl: '/docs/q3',
    threadKey: 'q3',
    minutesAgo: 55,
  },
  {
    title: 'Amira replied in “Q3 forecast”',
    message: 'They include the two deals that slipped from June.',
    type: 'comment_reply',
    category: 'collaboration',
    icon: 'reply',
    color: '#7c3aed',
    actor: 'Amira Haddad',
    actionUrl: '/docs/q3',
    threadKey: 'q3',
    minutesAgo: 190,
    isRead: true,
  },
  {
    title: 'Your report “Churn by region” is ready',
    message: '1,204 rows · kept for 7 days',
    type: 'report_ready',
    category: 'operations',
    icon: 'file-text',
    color: '#15803d',
    severity: 'success',
    actionUrl: '/reports/r-9',
    actions: [{ label: 'Download', url: 'https://example.com/reports/r-9.csv' }],
    minutesAgo: 420,
    isRead: true,
  },
  {
    title: 'Welcome to the design workspace',
    message: 'Priya invited you. Say hello when you have a minute.',
    type: 'workspace_invitation',
    category: 'collaboration',
    icon: 'user-plus',
    color: '#0e7490',
    actor: 'Priya Nair',
    imageUrl: '/host-image.svg',
    minutesAgo: 1_500,
    isRead: true,
  },
  {
    title: 'Jonas commented on “Q3 forecast”',
    message: 'Draft is up for review.',
    type: 'comment_mention',
    category: 'collaboration',
    icon: 'message',
    color: '#7c3aed',
    actor: 'Jonas Weber',
    threadKey: 'q3',
    minutesAgo: 3_000,
    isRead: true,
  },
  {
    title: 'Contract “Lease Lyon 2” expires in 30 days',
    message: 'Renew it or give notice by 14 July.',
    type: 'contract_expiring',
    category: 'contracts',
    icon: 'clock',
    color: '#b45309',
    severity: 'warning',
    actionUrl: '/contracts/c-2',
    minutesAgo: 13_000,
    isRead: true,
  },
];

/** What somebody could try, and what people write. */
export const hostileItems: GivenItem[] = [
  {
    title: '<script>window.ran = true</script><img src=x onerror="window.ran = true">',
    message: '</p><style>*{display:none}</style><b>bold</b> &amp; {{ constructor }} ${7*7}',
    actor: '<img src=x onerror=window.ran=true>',
    actionUrl: 'javascript:window.ran=true',
    imageUrl: 'javascript:window.ran=true',
    actions: [
      { label: 'Unsafe', url: 'javascript:window.ran=true' },
      { label: 'Data', url: 'data:text/html,<script>opener.ran=true</script>' },
      { label: '<b>Safe</b>', url: 'https://example.com/' },
    ],
    color: 'red;background:url(https://evil.test)',
    icon: '__proto__',
  },
  {
    title: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3),
    message: 'a'.repeat(600),
    actor: 'Nobody'.repeat(30),
    actions: [{ label: 'Verylonglabel'.repeat(10), url: '/x' }],
    icon: 'constructor',
  },
  { title: '👩‍👩‍👧‍👦🏳️‍🌈🇫🇷 Zo͏̈ë 👍🏽 '.repeat(6), message: 'Z̸̢̛͍a̷l̶g̵o̸ \u202Eesrever\u202C 🎉' },
  { title: 'تمت الموافقة على العقد NDA-42 من قبل Maya', message: 'يرجى مراجعة البند 7 (قبل الجمعة).' },
  { title: '\u200B', message: '' },
];
