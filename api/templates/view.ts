import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { templateKinds } from '../../contracts/templates.js';
import type { TemplateVersionRow } from '../../models/template-versions.js';
import type { TemplateRow } from '../../models/templates.js';
import type { PublishedTemplates } from '../../templates/published-templates.js';
import { isCurrent } from './make.js';

const time = z.iso.datetime();
const publication = z.object({ version: z.number().int().nullable(), at: time, by: z.string() });

/** A template in a list. */
export const templateView = z.object({
  name: z.string().describe('the type’s, the partial’s or the layout’s'),
  channel: channelName.nullable(),
  locale: z.string(),
  topic: z.string().nullable().describe('the one topic that it is for'),
  latest: z.number().int().describe('the highest number of a version'),
  published: publication.extend({ version: z.number().int(), id: z.string() }).nullable(),
  createdAt: time,
  updatedAt: time,
});

const versionFields = {
  id: z.string().describe('as notifications name it in plan.templates'),
  version: z.number().int(),
  published: z.boolean(),
  note: z.string().nullable(),
  uses: z.array(
    z.object({
      kind: z.enum(templateKinds),
      name: z.string(),
      locale: z.string(),
      version: z.number().int(),
      current: z.boolean().describe('false where another version of it is published by now'),
    }),
  ),
  createdAt: time,
  createdBy: z.string(),
};

export const versionView = z.object(versionFields);

/** A template with its newest versions and its last publications. */
export const templateFullView = templateView.extend({
  versions: z.array(versionView),
  publications: z.array(publication).describe('newest first; a version of null for when it was withdrawn'),
});

/** A version with what it was made of. */
export const versionFullView = z.object({
  ...versionFields,
  source: z.record(z.string(), z.unknown()),
});

export function showTemplate(row: TemplateRow): z.infer<typeof templateView> {
  const { published } = row;
  return {
    name: row.name,
    channel: row.channel ?? null,
    locale: row.locale,
    topic: row.topic ?? null,
    latest: row.latest,
    published: published
      ? { id: published.id, version: published.version, at: published.at.toISOString(), by: published.by }
      : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What a version's view depends on beside itself. */
export interface Around {
  template: Pick<TemplateRow, 'published'> | undefined;
  templates: PublishedTemplates;
  tenantLocale: string;
}

export function showVersion(
  row: Omit<TemplateVersionRow, 'source' | 'compiled'>,
  { template, templates, tenantLocale }: Around,
): z.infer<typeof versionView> {
  return {
    id: row.id,
    version: row.version,
    published: template?.published?.version === row.version,
    note: row.note ?? null,
    uses: row.uses.map((used) => ({
      kind: used.kind,
      name: used.name,
      locale: used.locale,
      version: used.version,
      current: isCurrent(used, templates, { locale: row.locale, tenantLocale }),
    })),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
}

export function showTemplateInFull(
  row: TemplateRow,
  versions: readonly Omit<TemplateVersionRow, 'source' | 'compiled'>[],
  around: Omit<Around, 'template'>,
): z.infer<typeof templateFullView> {
  return {
    ...showTemplate(row),
    versions: versions.map((version) => showVersion(version, { ...around, template: row })),
    publications: row.publications
      .map(({ version, at, by }) => ({ version, at: at.toISOString(), by }))
      .reverse(),
  };
}

export function showVersionInFull(row: TemplateVersionRow, around: Around): z.infer<typeof versionFullView> {
  return {
    ...showVersion(row, around),
    source: JSON.parse(row.source) as Record<string, unknown>,
  };
}
