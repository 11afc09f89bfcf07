import { z } from 'zod';
import { channelName } from './channels.js';
import { externalId, ianaZone, timestamp, typeName } from './primitives.js';

/** The longest period that is answered, in days. */
export const MAX_ANALYTICS_DAYS = 366;

const instant = timestamp.transform((text) => new Date(text));

/** `GET /v1/analytics`: which period, and of what. */
export const analyticsQuery = z
  .strictObject({
    days: z.coerce.number().int().min(1).max(MAX_ANALYTICS_DAYS).optional(),
    from: instant.optional(),
    to: instant.optional(),
    channel: channelName.optional(),
    type: typeName.optional(),
    role: externalId.optional(),
    template: z.string().min(1).max(200).optional(),
    timezone: ianaZone.optional(),
  })
  .refine(({ days, from }) => days === undefined || from === undefined, {
    path: ['days'],
    error: 'counts back from "to": leave it out where "from" is given',
  });
export type AnalyticsQuery = z.infer<typeof analyticsQuery>;

/** What `template` stands for a text that comes with Carillon. */
export const BUILT_IN_TEMPLATE = 'built_in';
