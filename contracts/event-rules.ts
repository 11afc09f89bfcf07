import { z } from 'zod';
import { anyTrigger } from './broadcasts.js';
import { checkedDuration } from './durations.js';
import { sourceName } from './event-sources.js';
import { laterTrigger } from './later.js';
import { externalId, lineOfText } from './primitives.js';

const DAY_MS = 86_400_000;

/** Most rules of one tenant. */
export const MAX_EVENT_RULES = 200;

/** A place in an event: `event_type`, `employee.id`, `items.0.name`; beside the body's fields `event` and `meta`. */
const fieldPath = lineOfText(200);
const scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);

/** What one field must be; where several are given, all of them. */
export const fieldTest = z
  .strictObject({
    field: fieldPath,
    equals: scalar.optional(),
    in: z.array(scalar).min(1).max(200).optional(),
    exists: z.boolean().optional(),
    prefix: z.string().min(1).max(1000).optional(),
    gt: z.number().optional(),
    gte: z.number().optional(),
    lt: z.number().optional(),
    lte: z.number().optional(),
  })
  .refine(
    ({ field: _field, ...tests }) => Object.values(tests).some((test) => test !== undefined),
    'tests nothing: give equals, in, exists, prefix, gt, gte, lt or lte',
  );
export type FieldTest = z.infer<typeof fieldTest>;

export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | FieldTest;

const several = z.lazy(() => z.array(condition).min(1).max(50));
const kinds = {
  all: z.strictObject({ all: several }),
  any: z.strictObject({ any: several }),
  not: z.strictObject({ not: z.lazy(() => condition) }),
};

/** What an event must be like. */
export const condition: z.ZodType<Condition> = z
  .unknown()
  .transform((value, context): Condition => {
    const kind = (['all', 'any', 'not'] as const).find(
      (name) => typeof value === 'object' && value !== null && name in value,
    );
    const parsed = (kind === undefined ? fieldTest : kinds[kind]).safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  })
  .meta({
    type: 'object',
    description:
      '{ field, equals | in | exists | prefix | gt | gte | lt | lte }, or { all: […] }, { any: […] }, { not: … }',
  });

/** Any JSON; Liquid in its strings. A string that is one expression and nothing else keeps what that is. */
const templated = z.unknown().meta({ description: 'JSON with Liquid in its strings' });
const templatedText = z.string().min(1).max(2000);

type Fields = Record<keyof typeof anyTrigger.shape, z.ZodOptional<typeof templated>>;
const mappedFields = Object.fromEntries(
  Object.keys(anyTrigger.shape).map((name) => [name, templated.optional()]),
) as Fields;

/** `POST /v1/notifications`, with Liquid. */
const mapping = z
  .strictObject({ ...mappedFields, type: templatedText })
  .refine(({ to }) => to !== undefined, { path: ['to'], error: 'is missing' })
  .refine(({ attachments }) => attachments === undefined, {
    path: ['attachments'],
    error: 'cannot come with an event',
  });

const related = z.strictObject({ type: templatedText, id: templatedText });
const key = templatedText;
const delay = checkedDuration(1000, 366 * DAY_MS, 'PT1H');

const laterFields = Object.fromEntries(
  Object.keys(laterTrigger.shape).map((name) => [name, templated.optional()]),
) as Record<keyof typeof laterTrigger.shape, z.ZodOptional<typeof templated>>;

const steps = [
  z.strictObject({ do: z.literal('trigger'), notification: mapping, delay: delay.optional() }),
  /** By the idempotency key that it was triggered with. */
  z.strictObject({ do: z.literal('cancel'), key }),
  z.strictObject({ do: z.literal('acknowledge'), key }),
  /** Without `notification` one that is not there stays away; with it, it is made. */
  z
    .strictObject({
      do: z.literal('moveReminder'),
      key,
      dueAt: templatedText,
      offsets: z.array(templatedText).min(1).max(20).optional(),
      notification: z.strictObject({ ...laterFields, type: templatedText }).optional(),
    })
    .refine(({ offsets, notification }) => (offsets === undefined) === (notification === undefined), {
      path: ['offsets'],
      error: 'and notification go together',
    }),
  z.strictObject({ do: z.literal('completeReminder'), key }),
  z.strictObject({ do: z.literal('withdrawReminder'), key }),
  /** Of one person, or of everybody: what waits and what is in the inbox. */
  z.strictObject({ do: z.literal('withdrawRelated'), related, recipient: templatedText.optional() }),
] as const;

export const eventStep = z.discriminatedUnion('do', steps);
export type EventStep = z.infer<typeof eventStep>;

/** What an event leads to: one thing, or with `chain` several, in their order. */
export const eventAction = z.discriminatedUnion('do', [
  ...steps,
  z.strictObject({ do: z.literal('chain'), steps: z.array(eventStep).min(1).max(20) }),
]);
export type EventAction = z.infer<typeof eventAction>;

/** `POST /v1/event-rules` and `PUT /v1/event-rules/{id}`. */
export const eventRule = z.strictObject({
  name: lineOfText(200),
  enabled: z.boolean().default(true),
  /** Names of event sources and Kafka topics; without any, all. */
  sources: z.array(sourceName).min(1).max(50).nullable().default(null),
  when: condition.nullable().default(null),
  then: eventAction,
  /** Rules after it are not asked where it matches. */
  stop: z.boolean().default(false),
});
export type EventRule = z.infer<typeof eventRule>;

/** `PATCH /v1/event-rules/{id}`. */
export const eventRulePatch = z
  .strictObject({
    name: eventRule.shape.name.optional(),
    enabled: z.boolean().optional(),
    sources: z.array(sourceName).min(1).max(50).nullable().optional(),
    when: condition.nullable().optional(),
    then: eventAction.optional(),
    stop: z.boolean().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'changes nothing');

/** A rule as events are held against it. */
export type NamedRule = EventRule & { id: string; builtIn: boolean };

/** `POST /v1/event-rules/order`. */
export const eventRuleOrder = z.strictObject({ ids: z.array(externalId).min(1).max(MAX_EVENT_RULES) });
