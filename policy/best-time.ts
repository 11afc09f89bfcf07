import { zoneClock } from './zone-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What many people are to get at their best hour goes out over this much of it. */
const SPREAD_MINUTES = 40;

/** The local hour (0 to 23) that an instant lies in. An unknown zone is UTC. */
export function localHour(ms: number, zone: string): number {
  const wallMs = zoneClock(zone)?.wallAt(ms) ?? ms;
  return Math.floor((((wallMs % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
}

/**
 * The instant (ms), within 24 hours from now, that lies in the best of the hours in which it may go out; undefined where
 * that is now. Of equally good hours the next is taken.
 * @param of `key` spreads what many get over the hour, always the same for the same key; `mayGo` says whether it may go
 * out at an instant: outside quiet hours, say, and before it expires.
 */
export function bestTime(
  hours: readonly number[],
  of: { nowMs: number; zone: string; key: string; mayGo: (ms: number) => boolean },
): number | undefined {
  const { nowMs, zone, mayGo } = of;
  const minutes = spread(of.key);
  let best: { ms: number; weight: number } | undefined;
  for (const ms of [nowMs, ...hoursAhead(nowMs, zone).map((hourMs) => hourMs + minutes * MINUTE_MS)]) {
    if (ms - nowMs >= DAY_MS || !mayGo(ms)) continue;
    const weight = hours[localHour(ms, zone)] ?? 0;
    if (!best || weight > best.weight) best = { ms, weight };
  }
  return best && best.ms > nowMs ? best.ms : undefined;
}

/** The beginnings of the local hours of the next 24 hours, in order: one that a clock change repeats comes twice. */
function hoursAhead(nowMs: number, zone: string): number[] {
  const wallAt = (ms: number) => zoneClock(zone)?.wallAt(ms) ?? ms;
  const beginnings: number[] = [];
  for (let ms = nowMs; ms < nowMs + DAY_MS;) {
    ms += HOUR_MS - (((wallAt(ms) % HOUR_MS) + HOUR_MS) % HOUR_MS);
    beginnings.push(ms);
  }
  return beginnings;
}

/** FNV-1a of the key, as minutes. */
function spread(key: string): number {
  let hash = 0x811c9dc5;
  for (const character of key) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash % SPREAD_MINUTES;
}
