import { withBuiltIn } from '../../contracts/channels.js';
import { CarillonError } from '../../contracts/errors.js';
import type { EffectivePreferences, Preferences } from '../../contracts/preferences.js';
import { effectivePreferences } from '../../policy/effective-preferences.js';
import type { ApiDependencies } from '../dependencies.js';
import { recheckWaiting } from '../recheck.js';
import { checkPreferences } from './check.js';

/**
 * Changes what a person wants, and tells what waits for them. Who wants no insights is forgotten there.
 * @param next what they want then, from what they want now.
 * @throws CarillonError `not_found` for a person whom there is not; what {@link checkPreferences} throws
 */
export async function changePreferences(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
  next: (current: Preferences) => Preferences,
): Promise<Preferences> {
  await mustExist(deps, tenantId, id);
  const types = await deps.types.current(tenantId);
  const changed = await deps.models.preferences.change(tenantId, id, (current) =>
    checkPreferences(next(current), current, types),
  );
  if (!changed.insights) await deps.models.insights.remove(tenantId, id);
  await recheckWaiting(deps, tenantId, id);
  return changed;
}

/**
 * What a person said, and what is in force for them.
 * @throws CarillonError `not_found` for a person whom there is not
 */
export async function showPreferences(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
): Promise<Preferences & { effective: EffectivePreferences }> {
  const { models } = deps;
  const [contact, preferences, tenant] = await Promise.all([
    models.subscribers.contact(tenantId, id),
    models.preferences.find(tenantId, id),
    models.tenants.find(tenantId),
  ]);
  if (!contact) throw noSuch(id);
  if (!tenant) throw new CarillonError('not_found', 'there is no such tenant');
  const types = await deps.types.of(tenantId, tenant.typesVersion);
  const channels = withBuiltIn(deps.channels.channelNames());
  const providers = await deps.credentials.of(tenantId, tenant.credentialsVersion);
  const configured = ['in_app' as const, ...providers.map(({ channel }) => channel)];
  const effective = effectivePreferences(types.all, { preferences, tenant, contact, configured }, channels);
  return { ...preferences, effective };
}

async function mustExist(deps: ApiDependencies, tenantId: string, id: string): Promise<void> {
  if (!(await deps.models.subscribers.tokenState(tenantId, id))) throw noSuch(id);
}

function noSuch(id: string): CarillonError {
  return new CarillonError('not_found', `there is no subscriber "${id}"`);
}
