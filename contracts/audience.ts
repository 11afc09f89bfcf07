import { z } from 'zod';
import { audienceFilter } from './audience-filter.js';
import { externalId, jsonData } from './primitives.js';
import { recipient } from './trigger.js';

/** Most recipients that a request may name one by one; more are streamed to a broadcast. */
export const MAX_INLINE_RECIPIENTS = 1000;

const roleNames = z.array(externalId).min(1).max(100);
const sources = {
  role: externalId.optional(),
  roles: roleNames.optional(),
  topic: externalId.optional(),
  topics: roleNames.optional(),
  everyone: z.literal(true).optional(),
};
const namesSomebody = (given: Record<string, unknown>) =>
  Object.values(given).some((value) => value !== undefined);

/** `to` of a trigger for many: any of these together; one person once. */
export const manyRecipients = z
  .strictObject({
    recipients: z.array(recipient).min(1).max(MAX_INLINE_RECIPIENTS).optional(),
    ...sources,
  })
  .refine(namesSomebody, 'names nobody: give recipient, recipients, role(s), topic(s) or everyone');
export type ManyRecipients = z.infer<typeof manyRecipients>;

/** One of a broadcast's own list: an ID, or a recipient with data that goes before the broadcast's. */
export const audienceMember = z.union([
  externalId,
  z.strictObject({ id: externalId, data: jsonData.optional() }),
]);
export type AudienceMember = z.infer<typeof audienceMember>;

/** `audience` of a broadcast. A filter narrows what the others name; by itself it goes over everyone. */
export const audience = z
  .strictObject({
    recipients: z.array(audienceMember).min(1).max(MAX_INLINE_RECIPIENTS).optional(),
    ...sources,
    filter: audienceFilter.optional(),
  })
  .refine(namesSomebody, 'names nobody: give recipients, role(s), topic(s), everyone or a filter');
export type Audience = z.infer<typeof audience>;

/** Where a broadcast's recipients come from, in one form. */
export interface AudienceSources {
  /** It has a list of its own, stored beside it. */
  list: boolean;
  roles: string[];
  topics: string[];
  everyone: boolean;
  filter?: z.infer<typeof audienceFilter>;
}

/** The sources that `to` or `audience` name. */
export function sourcesOf(given: ManyRecipients & Pick<Partial<Audience>, 'filter'>): AudienceSources {
  const both = (one: string | undefined, more: string[] | undefined) => [
    ...new Set([...(one === undefined ? [] : [one]), ...(more ?? [])]),
  ];
  const roles = both(given.role, given.roles);
  const topics = both(given.topic, given.topics);
  const list = given.recipients !== undefined;
  const isFilterAlone = given.filter !== undefined && !list && roles.length === 0 && topics.length === 0;
  return {
    list,
    roles,
    topics,
    everyone: given.everyone === true || isFilterAlone,
    ...(given.filter === undefined ? {} : { filter: given.filter }),
  };
}
