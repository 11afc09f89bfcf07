import { CarillonError } from '../../contracts/errors.js';
import type { TemplateKey } from '../../contracts/templates.js';
import type { TemplateVersionRow } from '../../models/template-versions.js';
import type { TemplateRow } from '../../models/templates.js';
import type { ApiDependencies } from '../dependencies.js';
import { subjectOf } from './places.js';

/** @throws CarillonError `not_found` */
export async function findTemplate(
  deps: ApiDependencies,
  owner: string,
  key: TemplateKey,
): Promise<TemplateRow> {
  const row = await deps.models.templates.find(owner, key);
  if (row) return row;
  throw new CarillonError('not_found', `there is no template ${subjectOf(key)}`);
}

/**
 * A version of a template: without a number the published one, else the newest.
 * @throws CarillonError `not_found`
 */
export async function findVersion(
  deps: ApiDependencies,
  owner: string,
  key: TemplateKey,
  wanted: number | undefined,
): Promise<TemplateVersionRow> {
  const template = await findTemplate(deps, owner, key);
  const version =
    wanted ?? template.published?.version ?? (await newest(deps, owner, key)) ?? template.latest;
  const row = await deps.models.templateVersions.find(owner, key, version);
  if (row) return row;
  throw new CarillonError('not_found', `there is no version ${version} of ${subjectOf(key)}`);
}

async function newest(
  { models }: ApiDependencies,
  owner: string,
  key: TemplateKey,
): Promise<number | undefined> {
  const [row] = await models.templateVersions.list(owner, key, { limit: 1 });
  return row?.version;
}
