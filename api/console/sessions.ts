import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT, errors } from 'jose';
import type { Models } from '../../models/models.js';

/** How long an operator stays signed in, in seconds: a working day. */
export const CONSOLE_SESSION_SECONDS = 8 * 3600;
/** What the token of such a session begins with. */
export const CONSOLE_TOKEN = 'cs_';
const AUDIENCE = 'carillon/console';

/**
 * Sessions of an operator at the machine that Carillon is tried out on, who need not paste the platform key into the
 * console. Each is bound to that key.
 */
export class ConsoleSessions {
  constructor(private readonly models: Pick<Models, 'dataKeys'>) {}

  /** The session's token, a platform operator's; `expiresAt` is ISO 8601. */
  async open(platformKey: string, nowMs = Date.now()): Promise<{ token: string; expiresAt: string }> {
    const expires = Math.floor(nowMs / 1000) + CONSOLE_SESSION_SECONDS;
    const jwt = await new SignJWT({ key: fingerprint(platformKey) })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(AUDIENCE)
      .setExpirationTime(expires)
      .sign(await this.key());
    return { token: `${CONSOLE_TOKEN}${jwt}`, expiresAt: new Date(expires * 1000).toISOString() };
  }

  /** False for one that is over, forged, or opened with a key that is not the platform's any more. */
  async isOpen(token: string, platformKey: string): Promise<boolean> {
    try {
      const { payload } = await jwtVerify(token.slice(CONSOLE_TOKEN.length), await this.key(), {
        audience: AUDIENCE,
        algorithms: ['HS256'],
        requiredClaims: ['exp'],
      });
      return payload['key'] === fingerprint(platformKey);
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  }

  private key(): Promise<Uint8Array> {
    return this.models.dataKeys.purposeKey('console-sessions');
  }
}

function fingerprint(key: string): string {
  return createHash('sha256').update(`carillon/console/${key}`).digest('base64url');
}
