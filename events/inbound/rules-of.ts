import type { NamedRule } from '../../contracts/event-rules.js';
import type { Tenant } from '../../contracts/tenants.js';
import type { EventRuleList } from '../../models/event-rules.js';
import type { Models } from '../../models/models.js';
import type { FilterSettings } from '../../templates/liquid-filters.js';
import { builtInRules } from './built-in-rules.js';

/** What is asked about a tenant's events. */
export interface TenantRules {
  tenantId: string;
  /** In the order in which they are asked. */
  rules: readonly NamedRule[];
  /** How filters write dates. */
  settings: FilterSettings;
}

/** A tenant's rules as they are now; undefined without such a tenant. */
export async function rulesOf(
  models: Pick<Models, 'tenants' | 'eventRules'>,
  tenantId: string,
): Promise<TenantRules | undefined> {
  const [tenant, list] = await Promise.all([models.tenants.find(tenantId), models.eventRules.list(tenantId)]);
  if (!tenant) return undefined;
  return { tenantId, rules: inOrder(list), settings: settingsOf(tenant) };
}

/** The tenant's own, then the built-in ones as it has them. */
export function inOrder({ own, switched }: EventRuleList): NamedRule[] {
  return [
    ...own.map(({ rule }) => rule),
    ...builtInRules.map((rule) => ({ ...rule, enabled: switched.get(rule.id) ?? rule.enabled })),
  ];
}

function settingsOf({ locale, timezone }: Tenant): FilterSettings {
  return { locale, timezone };
}
