import { DIGEST_TYPE } from '../../contracts/digests.js';
import type { ApiDependencies } from '../dependencies.js';
import { demoPeople } from './people.js';
import { demoContracts } from './trigger.js';

const TOKEN_MS = 3_600_000;

/** Everything that the page needs: who is there, with a token of their own each; what can be sent; where else to look. */
export async function demoSession(deps: ApiDependencies, tenantId: string) {
  const { TEMPORAL_UI_URL: temporalUi, CARILLON_DEMO_MAIL_URL: mail } = deps.config;
  const { all } = await deps.types.of(tenantId);
  return {
    people: await Promise.all(
      demoPeople.map(async ({ id, name, role, place }) => ({
        id,
        name,
        role,
        place,
        ...(await deps.tokens.issue(tenantId, id, TOKEN_MS)),
      })),
    ),
    contracts: demoContracts,
    types: all
      .filter(({ name }) => name !== DIGEST_TYPE)
      .map(({ name, label, category, severity, critical, defaultChannels }) => ({
        name,
        label: label.en ?? wordsOf(name),
        category,
        severity,
        critical,
        channels: defaultChannels,
      })),
    links: { docs: '/docs', temporalUi: temporalUi ?? null, mail: mail ?? null },
  };
}

/** `direct` as `Direct`. */
function wordsOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
