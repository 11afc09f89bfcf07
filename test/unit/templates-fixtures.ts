import type { NotificationType } from '../../contracts/notification-types.js';
import { findExample, findType } from '../../templates/built-in-types.js';
import type { MailSource } from '../../contracts/templates.js';
import { compileMail, type CompiledMail, type Parts } from '../../templates/compile-template.js';
import { render } from '../../templates/render.js';
import { LoadedTemplate } from '../../templates/template-cache.js';
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

/** A tenant that has neither partials nor layouts. */
export const noParts: Parts = partsOf({});

/** Published partials and layouts: `partial footer` or `layout default` → text. */
export function partsOf(published: Readonly<Record<string, string>>): Parts {
  const finder = (kind: 'partial' | 'layout') => (name: string) => {
    const text = published[`${kind} ${name}`];
    return Promise.resolve(
      text === undefined
        ? undefined
        : { text, used: { kind, name, locale: 'en', version: 1, id: `${kind}-${name}` } },
    );
  };
  return { partial: finder('partial'), layout: finder('layout') };
}

/** A version as a worker has it, of texts that are compiled. */
export function loaded(texts: object, locale = 'en', kind: 'type' | 'layout' = 'type'): LoadedTemplate {
  return new LoadedTemplate({ id: 'tpv_1', kind, locale, compiled: JSON.stringify(texts) });
}

/** Compiles a mail and writes one. */
export async function renderMail(source: MailSource, data: Record<string, unknown>, parts = noParts) {
  return renderCompiled((await compileMail(source, parts)).texts, data);
}

export function renderCompiled(texts: CompiledMail, data: Record<string, unknown>) {
  return render({
    type: typeNamed('system'),
    channel: 'email',
    locale: 'en',
    template: loaded(texts),
    context: contextOf(data),
  });
}
