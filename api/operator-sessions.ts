import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT, errors } from 'jose';
import type { Models } from '../models/models.js';

/** How long an operator stays signed in, in seconds: a working day. */
export const OPERATOR_SESSION_SECONDS = 8 * 3600;
/** What the tokens of sessions of the console begin with, where they stand beside others. */
export const CONSOLE_TOKEN = 'cs_';

/**
 * Sessions of operators in their browsers, each bound to the platform key that opened it: of those whom the Web UI shows what
 * is sealed (`codec`), and of one at the machine that Carillon is tried out on, who need not paste that key (`console`). A
 * token of one is none of the other.
 */
export class OperatorSessions {
  constructor(
    private readonly models: Pick<Models, 'dataKeys'>,
    private readonly purpose: 'codec' | 'console',
  ) {}

  /** `expiresAt` is ISO 8601. */
  async open(platformKey: string, nowMs = Date.now()): Promise<{ token: string; expiresAt: string }> {
    const expires = Math.floor(nowMs / 1000) + OPERATOR_SESSION_SECONDS;
    const jwt = await new SignJWT({ key: this.fingerprint(platformKey) })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(this.audience)
      .setExpirationTime(expires)
      .sign(await this.key());
    return { token: `${this.prefix}${jwt}`, expiresAt: new Date(expires * 1000).toISOString() };
  }

  /** False for one that is over, forged, or opened with a key that is not the platform's any more. */
  async isOpen(token: string, platformKey: string): Promise<boolean> {
    try {
      const { payload } = await jwtVerify(token.slice(this.prefix.length), await this.key(), {
        audience: this.audience,
        algorithms: ['HS256'],
        requiredClaims: ['exp'],
      });
      return payload['key'] === this.fingerprint(platformKey);
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  }

  private get prefix(): string {
    return this.purpose === 'console' ? CONSOLE_TOKEN : '';
  }

  private get audience(): string {
    return `carillon/${this.purpose}`;
  }

  private key(): Promise<Uint8Array> {
    return this.models.dataKeys.purposeKey(`${this.purpose}-sessions`);
  }

  private fingerprint(key: string): string {
    return createHash('sha256').update(`${this.audience}/${key}`).digest('base64url');
  }
}
