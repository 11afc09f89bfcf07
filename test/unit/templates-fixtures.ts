import type { NotificationType } from '../../contracts/notification-types.js';
import { findType } from '../../templates/built-in-types.js';
import type { TemplateContext } from '../../templates/template-context.js';

/** Complete `data` for each built-in type that has texts of its own. */
export const dataOf: Readonly<Record<string, Record<string, unknown>>> = {
  approval_request: {
    contract: { title: 'NDA with Acme' },
    requester: 'Ann Marlow',
    dueAt: '2026-12-04T16:00:00Z',
  },
  contract_approved: { contract: { title: 'NDA with Acme' }, approver: 'Bob Keller' },
  contract_rejected: {
    contract: { title: 'NDA with Acme' },
    approver: 'Bob Keller',
    reason: 'Cap too low.\nAsk legal.',
  },
  contract_updated: {
    contract: { title: 'NDA with Acme' },
    editor: 'Ann Marlow',
    changes: ['Term: 36 months', 'Annex B'],
  },
  contract_expiring: { contract: { title: 'NDA with Acme' }, expiresAt: '2026-12-31', daysLeft: 30 },
  mention: {
    contract: { title: 'NDA with Acme' },
    author: 'Ann Marlow',
    excerpt: 'Is clause 4 right?',
    place: 'Comments',
  },
  delivery_failing: {
    channel: 'sms',
    provider: 'twilio',
    failures: 25,
    minutes: 60,
    reason: 'auth_error',
  },
  system: { title: 'Maintenance', message: 'On Sunday at two.' },
};

/** A built-in type that must exist. */
export function typeNamed(name: string): NotificationType {
  const type = findType(name);
  if (type === undefined) throw new Error(`no built-in type ${name}`);
  return type;
}

export function contextOf(data: Record<string, unknown>, tenantName = 'Northwind'): TemplateContext {
  return {
    data,
    recipient: { id: 'u-42', timezone: 'Europe/Paris' },
    tenant: { id: 't-1', name: tenantName, locale: 'en', timezone: 'UTC', appUrl: 'https://app.example' },
    actor: { id: 'u-7', name: 'Ann Marlow' },
    notification: {
      id: 'n-1',
      type: 'any',
      severity: 'info',
      actionUrl: '/contracts/c-1',
      createdAt: '2026-12-01T08:30:00Z',
      unsubscribeUrl: 'https://n.example/u/abc',
    },
  };
}
