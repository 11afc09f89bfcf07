import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import type { ApiDependencies } from '../dependencies.js';
import { allHooks } from '../hooks/hooks.js';
import { route } from '../route.js';

const tag = 'hooks';
/** Who has no signature of its own, and proves itself by a secret that Carillon makes. */
const params = z.object({ provider: z.enum(['smtp']) });
const hookView = z.object({
  provider: z.string(),
  url: z.string().nullable().describe('where the provider calls; null while CARILLON_PUBLIC_URL is not set'),
  ready: z.boolean().describe('there is something that its calls can be proved by'),
});

const list = route({
  method: 'get',
  path: '/v1/tenant/hooks',
  tag,
  summary: 'Where providers tell what became of deliveries',
  access: 'admin',
  answers: { 200: { description: 'all that there are', schema: z.object({ items: z.array(hookView) }) } },
  async handle({ tenantId }, deps) {
    const items = await Promise.all(
      [...allHooks(deps)].map(async ([provider, hook]) => ({
        provider,
        url: urlOf(deps, tenantId, provider),
        ready: (await hook.open(deps, tenantId)) !== undefined,
      })),
    );
    return { status: 200, body: { items } };
  },
});

const make = route({
  method: 'post',
  path: '/v1/tenant/hooks/{provider}/secret',
  tag,
  summary: 'Make a secret for a mail server that posts bounces; the one before stays good until the next',
  access: 'admin',
  audit: 'hook_secret.made',
  params,
  answers: {
    201: {
      description: 'the secret, which is shown this once',
      schema: z.object({ provider: z.string(), url: z.string().nullable(), secret: z.string() }),
    },
  },
  async handle({ tenantId, params: { provider } }, deps) {
    const secret = await deps.models.hookSecrets.make(tenantId, provider);
    const body = { provider, url: urlOf(deps, tenantId, provider), secret };
    return { status: 201, body, audited: { subject: provider } };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/tenant/hooks/{provider}/secret',
  tag,
  summary: 'Remove the secrets: what comes by them is refused',
  access: 'admin',
  audit: 'hook_secret.removed',
  params,
  answers: { 204: { description: 'removed' } },
  async handle({ tenantId, params: { provider } }, deps) {
    if (!(await deps.models.hookSecrets.remove(tenantId, provider)))
      throw new CarillonError('not_found', `there is no secret of "${provider}"`);
    return { status: 204, audited: { subject: provider } };
  },
});

function urlOf({ config }: ApiDependencies, tenantId: string, provider: string): string | null {
  const base = config.CARILLON_PUBLIC_URL?.replace(/\/+$/, '');
  return base === undefined ? null : `${base}/hooks/${tenantId}/${provider}`;
}

export const tenantHookRoutes = [list, make, remove];
