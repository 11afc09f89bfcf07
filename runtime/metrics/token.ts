import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.js';

/** Whether an `Authorization` header lets its sender read the figures: everybody may while no token is set. */
export function mayScrape(
  { CARILLON_METRICS_TOKEN: token }: Pick<Config, 'CARILLON_METRICS_TOKEN'>,
  authorization: string | undefined,
): boolean {
  if (token === undefined) return true;
  const [, given] = /^Bearer (\S{1,1000})$/i.exec(authorization ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
