import { z } from 'zod';
import { sentChannelName } from './channels.js';

/** Sends per second: from one in a hundred seconds to 10,000. */
export const sendRate = z.number().min(0.01).max(10_000);

/** The inbox is written with the plan, and has no provider to protect. */
export const limitedChannel = sentChannelName;

/** `{ email: 5 }`: a channel that is not named has no limit. */
export const sendsPerSecond = z.partialRecord(limitedChannel, sendRate);
export type SendsPerSecond = z.infer<typeof sendsPerSecond>;

/** A change: what is left out stays, `null` removes that channel's limit. */
export const sendsPerSecondPatch = z.partialRecord(limitedChannel, sendRate.nullable());
