import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT, errors } from 'jose';
import type { Models } from '../../models/models.js';

/** How long an operator stays logged in, in seconds: a working day. */
export const SESSION_SECONDS = 8 * 3600;
const AUDIENCE = 'carillon/codec';

/** Sessions of operators whose browser shows the Web UI. Each is bound to the platform key that opened it. */
export class CodecSessions {
  constructor(private readonly models: Pick<Models, 'dataKeys'>) {}

  async open(platformKey: string, nowMs = Date.now()): Promise<string> {
    return new SignJWT({ key: fingerprint(platformKey) })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(AUDIENCE)
      .setExpirationTime(Math.floor(nowMs / 1000) + SESSION_SECONDS)
      .sign(await this.key());
  }

  /** False for a session that is over, forged, or opened with a key that is not the platform's any more. */
  async isOpen(session: string, platformKey: string): Promise<boolean> {
    try {
      const { payload } = await jwtVerify(session, await this.key(), {
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
    return this.models.dataKeys.purposeKey('codec-sessions');
  }
}

function fingerprint(key: string): string {
  return createHash('sha256').update(`carillon/codec/${key}`).digest('base64url');
}
