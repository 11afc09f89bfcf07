import type { Readable } from 'node:stream';
import { z } from 'zod';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { tenantId as tenantIdSchema } from '../../contracts/primitives.js';
import { applyTold } from '../../events/callbacks/apply.js';
import type { ApiDependencies } from '../dependencies.js';
import { readBytes } from '../events/http-event.js';
import { feedbackDependencies } from '../hooks/feedback.js';
import type { Hook, TakeCallback } from '../hooks/hook.js';
import { findHook } from '../hooks/hooks.js';
import { route } from '../route.js';
import { errorBody } from '../schemas.js';

const post = route({
  method: 'post',
  path: '/hooks/{tenant}/{provider}',
  tag: 'hooks',
  summary: 'A provider tells what became of deliveries, and proves itself in its own way',
  access: 'public',
  params: z.object({ tenant: z.string().max(400), provider: z.string().max(100) }),
  // Which delivery it is of, where the provider repeats the address that it was given.
  query: z.looseObject({}),
  stream: {
    'application/x-www-form-urlencoded': 'of Twilio and Slack, and of providers of the deployment’s own',
    'text/plain': 'of Amazon SNS: JSON; of providers of the deployment’s own',
    'application/json': 'the same',
    'message/rfc822': 'a mail that came back, as it is',
  },
  answers: {
    200: { description: 'taken, also where nothing followed of it' },
    403: { description: 'it is not proved to be the provider’s', schema: errorBody },
  },
  async handle({ params, stream, header, address, mediaType, url }, deps) {
    const { tenant, provider } = params;
    // Whose callbacks were right lately goes on, where strangers share its address: a proxy's.
    const credential = `hook ${tenant}/${provider} ${address}`;
    await deps.requestLimits.beforeCredential(address, credential);
    const { hook, take } = await found(deps, tenant, provider, { stream, address });
    if (!hook.mediaTypes.includes(mediaType)) {
      stream.resume();
      throw invalid('Content-Type', `must be ${hook.mediaTypes.join(' or ')}`);
    }
    const body = await readBytes(stream, hook.maxBytes);
    const base = deps.config.CARILLON_PUBLIC_URL?.replace(/\/+$/, '') ?? '';
    const taken = await take({ body, header, url: base + url, nowMs: Date.now() });
    if (!taken.ok) {
      await deps.requestLimits.wrongCredential(address);
      deps.log.warn({ tenantId: tenant, provider, reason: taken.problem }, 'callback refused');
      throw new CarillonError('forbidden', taken.problem);
    }
    deps.requestLimits.known(credential);
    await applyTold(feedbackDependencies(deps), tenant, provider, taken.told);
    return { status: 200 };
  },
});

/**
 * Which of the two there is not, the answer does not tell.
 * @throws CarillonError `not_found` also where the tenant has not set the provider's callbacks up.
 */
async function found(
  deps: ApiDependencies,
  tenant: string,
  provider: string,
  { stream, address }: { stream: Readable; address: string },
): Promise<{ hook: Hook; take: TakeCallback }> {
  const hook = findHook(deps, provider);
  const take = tenantIdSchema.safeParse(tenant).success ? await hook?.open(deps, tenant) : undefined;
  if (hook && take) return { hook, take };
  stream.resume();
  await deps.requestLimits.wrongCredential(address);
  throw new CarillonError('not_found', 'nobody calls back here');
}

export const hookRoutes = [post];
