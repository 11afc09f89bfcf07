import type { Socket } from 'socket.io';
import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { tenantId as tenantIdSchema } from '../../contracts/primitives.js';
import type { ApiDependencies } from '../dependencies.js';
import { mayCallFrom } from '../middleware/cors.js';
import { MAX_TOKEN_LENGTH, verifyPerson } from '../verify-person.js';
import type { ConnectedPerson } from './connection.js';

/** What a client says of itself. `tenantId` is for tokens whose tenant stands in a nested claim. */
const handshake = z.object({
  token: z.string().min(1).max(MAX_TOKEN_LENGTH),
  tenantId: tenantIdSchema.optional(),
  since: z.unknown().optional(),
});

export interface Admitted {
  person: ConnectedPerson;
  /** As it came, to be read with care. */
  since: unknown;
}

/**
 * Who connects.
 * @param address of the client, as far as proxies are trusted.
 * @throws CarillonError `unauthenticated`, `rate_limited` or `unavailable`
 */
export async function admit(socket: Socket, address: string, deps: ApiDependencies): Promise<Admitted> {
  const said = handshake.safeParse(socket.handshake.auth);
  if (!said.success)
    throw new CarillonError('unauthenticated', 'send the person’s token as auth: { token }, nowhere else');
  const { token, tenantId, since } = said.data;
  await deps.requestLimits.beforeCredential(address, token);
  try {
    const claims = await verifyPerson(token, deps, {
      isPersonal: true,
      ...(tenantId === undefined ? {} : { namedTenant: tenantId }),
    });
    if (tenantId !== undefined && tenantId !== claims.tenantId)
      throw new CarillonError('unauthenticated', 'the token is another tenant’s');
    deps.requestLimits.known(token);
    const { recipientId, issuedMs, expiresMs } = claims;
    return { person: { tenantId: claims.tenantId, recipientId, issuedMs, expiresMs }, since };
  } catch (error) {
    if (error instanceof CarillonError && error.code === 'unauthenticated')
      await deps.requestLimits.wrongCredential(address);
    throw error;
  }
}

/**
 * A page of the API's own address always may; else the tenant lists its origin. What is no page names none.
 * @throws CarillonError `forbidden`
 */
export async function checkOrigin(
  { origin, host }: { origin?: string | undefined; host?: string | undefined },
  tenantId: string,
  deps: ApiDependencies,
): Promise<void> {
  if (origin === undefined || (host !== undefined && hostOf(origin) === host)) return;
  const { CARILLON_PUBLIC_URL: ownUrl } = deps.config;
  if (ownUrl !== undefined && new URL(ownUrl).origin === origin) return;
  if (!(await mayCallFrom(origin, tenantId, deps)))
    throw new CarillonError('forbidden', 'the tenant does not let pages of this origin call');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
