import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { externalId, typeName } from '../../contracts/primitives.js';
import { partName, templateLocale, type TemplateKey } from '../../contracts/templates.js';
import { EVERY_TENANT } from '../../models/notification-types.js';
import { typesOf, type Types } from '../../templates/type-registry.js';
import type { ApiDependencies } from '../dependencies.js';

/** Path of a type's text on one channel in one language. */
export const typeParams = z.object({ type: typeName, channel: channelName, locale: templateLocale });
/** Path of a partial or a layout in one language. */
export const partParams = z.object({ name: partName, locale: templateLocale });
export const version = z.coerce.number().int().min(1);
/** `?topic=`: the text for one topic only. */
export const topicQuery = z.strictObject({ topic: externalId.optional() });

export function typeKey(
  { type, channel, locale }: z.infer<typeof typeParams>,
  { topic }: z.infer<typeof topicQuery>,
): TemplateKey {
  return { kind: 'type', name: type, channel, locale, topic };
}

export function partKey(
  kind: 'partial' | 'layout',
  { name, locale }: z.infer<typeof partParams>,
): TemplateKey {
  return { kind, name, locale };
}

/** What the audit trail calls a template: `approval_request/email/fr`. */
export function subjectOf({ kind, name, channel, locale, topic }: TemplateKey): string {
  const place = kind === 'type' ? [name, channel, locale] : [kind, name, locale];
  return [...place, ...(topic === undefined ? [] : [topic])].join('/');
}

/** Types and published templates, as they are now: the tenant's, or those of all tenants. */
export async function typesNow(deps: ApiDependencies, owner: string): Promise<Types> {
  if (owner !== EVERY_TENANT) return deps.types.current(owner);
  const { notificationTypes, templates } = deps.models;
  return typesOf(0, await notificationTypes.list(owner), await templates.published(owner));
}

/** The language that texts fall back to, before English. */
export async function localeOf(deps: ApiDependencies, owner: string): Promise<string> {
  return (await deps.models.tenants.find(owner))?.locale ?? 'en';
}
