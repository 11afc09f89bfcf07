import { z } from 'zod';

const UNIT_MS = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000 } as const;
const PATTERN = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/**
 * An ISO 8601 duration of whole weeks, days, hours, minutes and seconds within the bounds, as milliseconds. Months and
 * years have no fixed length and are refused.
 */
export function duration(minMs: number, maxMs: number, example: string) {
  return z
    .string()
    .max(50)
    .transform((text, context) => {
      const [, ...parts] = PATTERN.exec(text) ?? [];
      const units = Object.values(UNIT_MS);
      const ms =
        parts.length === 0
          ? NaN
          : parts.reduce((sum, part, at) => sum + Number(part ?? 0) * (units[at] ?? 0), 0);
      if (ms >= minMs && ms <= maxMs) return ms;
      context.issues.push({
        code: 'custom',
        message: `must be an ISO 8601 duration such as ${example}, from ${minMs / 1000} to ${maxMs / 1000} seconds`,
        input: text,
      });
      return z.NEVER;
    })
    .meta({ type: 'string', examples: [example] });
}

/** A duration that was checked, in milliseconds. */
export function durationMs(text: string): number {
  return anyDuration.parse(text);
}

const anyDuration = duration(0, Number.MAX_SAFE_INTEGER, 'PT1H');

/** Like {@link duration}, but it stays text: what is stored is what was said. */
export function checkedDuration(minMs: number, maxMs: number, example: string) {
  const parsed = duration(minMs, maxMs, example);
  return z
    .string()
    .refine((text) => parsed.safeParse(text).success, {
      error: ({ input }) => parsed.safeParse(input).error?.issues[0]?.message ?? 'is no duration',
    })
    .meta({ examples: [example] });
}
