import type { NotificationType } from '../../contracts/notification-types.js';
import { findExample, findType } from '../../templates/built-in-types.js';
import type { TemplateContext } from '../../templates/template-context.js';

/** Complete `data` of a built-in type. */
export function exampleOf(name: string): Readonly<Record<string, unknown>> {
  return findExample(name) ?? {};
}

/** A built-in type that must exist. */
export function typeNamed(name: string): NotificationType {
  const type = findType(name);
  if (type === undefined) throw new Error(`no built-in type ${name}`);
  return type;
}

export function contextOf(
  data: Readonly<Record<string, unknown>>,
  tenantName = 'Northwind',
): TemplateContext {
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
