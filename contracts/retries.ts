import { z } from 'zod';
import type { ChannelName } from './channels.js';
import { checkedDuration, duration } from './durations.js';
import { limitedChannel } from './send-limits.js';

/** How often a failed delivery is tried again, and after which waits. */
export interface ChannelRetry {
  /** Wait before the first retry. */
  initialMs: number;
  /** Each further wait is so many times the one before it. */
  backoff: number;
  /** Retries after the first attempt. */
  retries: number;
}

/** The shortest and the longest first wait: a second and an hour. */
const initialBounds = [1_000, 3_600_000, 'PT30S'] as const;
const initialMs = duration(...initialBounds);

const fields = {
  /** After the first attempt; 0: none. The channel's own number where it is not named: 3. */
  retries: z.number().int().min(0).max(10),
  /** Before the first retry, ISO 8601; `PT1M` where it is not named. */
  initial: checkedDuration(...initialBounds),
  /** 2 where it is not named. */
  backoff: z.number().min(1).max(4),
};

/** `{ sms: { retries: 5, initial: 'PT30S' } }`: what is not named is as it is without. */
export const retrySettings = z.partialRecord(limitedChannel, z.strictObject(fields).partial());
export type RetrySettings = z.infer<typeof retrySettings>;

/** A change: what is left out stays, `null` takes it away. */
export const retrySettingsPatch = z.partialRecord(
  limitedChannel,
  z
    .strictObject({
      retries: fields.retries.nullable(),
      initial: fields.initial.nullable(),
      backoff: fields.backoff.nullable(),
    })
    .partial()
    .nullable(),
);
export type RetrySettingsPatch = z.infer<typeof retrySettingsPatch>;

/** What the settings say of a channel; nothing of the inbox, which nothing is tried again at. */
export function saidOf(settings: RetrySettings, channel: ChannelName): Partial<ChannelRetry> {
  const { initial, ...said } = channel === 'in_app' ? {} : (settings[channel] ?? {});
  return initial === undefined ? said : { ...said, initialMs: initialMs.parse(initial) };
}
