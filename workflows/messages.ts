import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BroadcastProgress } from '../contracts/broadcast-run.js';
import type { DigestNews, RemoveItem } from '../contracts/digests.js';
import type { Decision, OperatorNote } from '../contracts/notification-run.js';
import type { RedeliverAsk } from '../contracts/redelivery.js';
import type { RedriveCounts } from '../contracts/redrives.js';
import type { Amendment } from '../contracts/trigger.js';

// Wire names never change: runs in flight and people at the CLI use them.

/** Stops what has not gone out. Typed by hand it comes without an argument. */
export const cancelSignal = defineSignal<[OperatorNote?]>('cancel');

/** A window of a digest was opened. Without an argument: look which one collects. */
export const addItemSignal = defineSignal<[DigestNews?]>('addItem');

/** Takes a notification out of a digest, by its ID. Without an argument it does nothing. */
export const removeItemSignal = defineSignal<[RemoveItem?]>('removeItem');

/** The window that a digest's run waits for; undefined between two. */
export const windowQuery = defineQuery<DigestNews | undefined>('window');

/** Passes `sendAt`, quiet hours and the wait before a retry: send now. */
export const expediteSignal = defineSignal<[OperatorNote?]>('expedite');

/** A preference, a contact or quiet hours changed: plan again. */
export const recheckSignal = defineSignal('recheck');

/** The provider that it waits for answers again. */
export const releaseSignal = defineSignal('release');

/** The person has read or acted on it somewhere: what has not gone out is not needed. */
export const acknowledgedSignal = defineSignal<[OperatorNote?]>('acknowledged');

/** New data, time or channels while it still waits; fails with `too_late` afterwards. Without an argument: plan again. */
export const amendUpdate = defineUpdate<Decision, [Amendment]>('amend');

/** What will happen to it and why, as soon as that is known. */
export const decisionUpdate = defineUpdate<Decision>('decision');

/** Stops a broadcast between two chunks of recipients, until `resume`. */
export const pauseSignal = defineSignal<[OperatorNote?]>('pause');

/** Lets a paused broadcast go on where it was. */
export const resumeSignal = defineSignal<[OperatorNote?]>('resume');

/** Makes new attempts at a delivery that failed. Without an argument it does nothing. */
export const redeliverSignal = defineSignal<[RedeliverAsk?]>('redeliver');

/** How far a redrive is; undefined before its deliveries are known. */
export const redriveProgressQuery = defineQuery<RedriveCounts | undefined>('progress');

/** How far a broadcast is; undefined before it begins. */
export const progressQuery = defineQuery<BroadcastProgress | undefined>('progress');
