import { z } from 'zod';
import type { ChannelName } from '../../contracts/channels.js';
import { CarillonError, invalid } from '../../contracts/errors.js';
import type { NotificationType } from '../../contracts/notification-types.js';
import { jsonData } from '../../contracts/primitives.js';
import type { TemplateKey } from '../../contracts/templates.js';
import type { Tenant } from '../../contracts/tenants.js';
import { recipient, type Trigger } from '../../contracts/trigger.js';
import { dataErrors } from '../../templates/check-data.js';
import { exampleData } from '../../templates/example-data.js';
import { render } from '../../templates/render.js';
import { LoadedTemplate } from '../../templates/template-cache.js';
import type { TemplateContext } from '../../templates/template-context.js';
import { unknownVariables } from '../../templates/unknown-variables.js';
import type { ApiDependencies } from '../dependencies.js';
import { make, type Made } from './make.js';
import { findVersion } from './versions.js';

/** Gmail cuts off mails that are longer than this, in bytes. */
const CUT_OFF_BYTES = 102 * 1024;

export const previewBody = z.strictObject({
  version: z.number().int().min(1).optional(),
  source: z.record(z.string(), z.unknown()).optional(),
  data: jsonData.optional(),
  recipient: recipient.optional(),
});
export type PreviewBody = z.infer<typeof previewBody>;

export const previewView = z.object({
  version: z.number().int().nullable().describe('null for a source that was given'),
  locale: z.string().describe('of the text'),
  data: z.record(z.string(), z.unknown()).describe('what it was filled with'),
  rendered: z
    .record(z.string(), z.unknown())
    .describe('the channel’s texts: subject, html and text of a mail, title and message of an item, …'),
  warnings: z.array(z.object({ path: z.string(), message: z.string() })),
});

/** What is previewed: a type's text, or a layout around one. */
interface Previewed {
  key: TemplateKey;
  channel: ChannelName;
  type: NotificationType;
  tenant: Tenant | undefined;
}

/**
 * What a template comes to, with given data or an example of it. Nothing is stored or sent.
 * @throws CarillonError `unprocessable` where it does not compile, or fails when it is filled.
 */
export async function preview(
  deps: ApiDependencies,
  owner: string,
  previewed: Previewed,
  body: PreviewBody,
): Promise<z.infer<typeof previewView>> {
  const { key, channel, type, tenant } = previewed;
  if (body.version !== undefined && body.source !== undefined)
    throw invalid('source', 'and "version" are two names for the same: give one');
  const { texts, version } = await textsOf(deps, owner, key, body);
  const data = body.data ?? exampleData(type);
  const context = await contextOf(deps, { ...previewed, data }, body.recipient);
  const template = new LoadedTemplate({
    id: 'preview',
    kind: key.kind,
    locale: key.locale,
    compiled: JSON.stringify(texts),
  });
  const { locale = key.kind === 'type' ? (tenant?.locale ?? key.locale) : key.locale, ...seen } = context;
  const rendered = await render({ type, channel, locale, template, context: seen });
  return {
    version,
    locale: key.locale,
    data,
    rendered: { ...rendered },
    warnings: [
      ...(key.kind === 'type' ? unknownVariables(texts, type.variables, data) : []).map((name) => ({
        path: name,
        message: type.variables ? 'is no variable of the type' : 'is not in the data',
      })),
      ...(body.data === undefined ? [] : dataErrors(type.variables, body.data)),
      ...tooLong(rendered),
    ],
  };
}

async function textsOf(
  deps: ApiDependencies,
  owner: string,
  key: TemplateKey,
  { version, source }: PreviewBody,
): Promise<{ texts: Made['texts']; version: number | null }> {
  if (source !== undefined) return { texts: (await make(deps, owner, key, source)).texts, version: null };
  const row = await findVersion(deps, owner, key, version);
  return { texts: JSON.parse(row.compiled) as object, version: row.version };
}

function tooLong(rendered: object) {
  if (!('html' in rendered) || typeof rendered.html !== 'string') return [];
  const bytes = Buffer.byteLength(rendered.html);
  if (bytes <= CUT_OFF_BYTES) return [];
  return [
    { path: 'html', message: `has ${Math.ceil(bytes / 1024)} KB: some mail programs cut off after 102` },
  ];
}

/** What the template sees: a person's or address's own where one is named, an example's otherwise. */
async function contextOf(
  deps: ApiDependencies,
  { key, channel, type, tenant, data }: Previewed & { data: Record<string, unknown> },
  named: Trigger['to']['recipient'] | undefined,
): Promise<TemplateContext & { locale?: string | undefined }> {
  const reader = await readerOf(deps, tenant?.id, named);
  const { locale, ...person } = reader;
  return {
    locale,
    data,
    recipient: person,
    tenant: {
      id: tenant?.id ?? 'example',
      name: tenant?.branding.name ?? tenant?.name ?? 'Example',
      locale: tenant?.locale ?? key.locale,
      timezone: tenant?.timezone ?? 'UTC',
      appUrl: tenant?.appUrl ?? 'https://example.com/',
      branding: tenant?.branding ?? {},
    },
    actor: null,
    notification: {
      id: 'preview',
      type: type.name,
      severity: type.severity,
      actionUrl: '/',
      createdAt: new Date().toISOString(),
      unsubscribeUrl: channel === 'email' && !type.critical ? 'https://example.com/unsubscribe' : null,
    },
  };
}

async function readerOf(
  deps: ApiDependencies,
  tenantId: string | undefined,
  named: Trigger['to']['recipient'] | undefined,
): Promise<TemplateContext['recipient'] & { locale?: string | undefined }> {
  if (typeof named === 'object' && 'id' in named) return named;
  if (typeof named === 'object') return { id: 'preview', ...('pushToken' in named ? {} : named) };
  if (named === undefined || tenantId === undefined) return { id: 'preview', email: 'ann@example.com' };
  const person = await deps.models.subscribers.contact(tenantId, named);
  if (!person) throw new CarillonError('not_found', `there is no subscriber "${named}"`);
  const { id, email, phone, locale, timezone } = person;
  return { id, email, phone, locale, timezone };
}
