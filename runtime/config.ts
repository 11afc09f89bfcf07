import { z } from 'zod';
import { channelName } from '../contracts/channels.js';
import { externalId } from '../contracts/primitives.js';
import { parseKeyRing } from './key-ring.js';
import { parseKafkaTopics } from './kafka-topics.js';
import { parseProviderEndpoints } from './provider-endpoints.js';
import { parseProviderLimits } from './provider-limits.js';
import { parseTrustedProxies } from './trusted-proxies.js';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const count = (min: number, max: number, fallback: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

/** A text that `parse` understands; what it throws says what the text should be. */
const parsedBy = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: undefined });
      return z.NEVER;
    }
  });

/** `email, sms` */
function namesIn(list: string): string[] {
  return list.split(',').flatMap((name) => (name.trim() ? [name.trim()] : []));
}

/** `sms=5,push=100` */
function sendsByChannel(text: string, context: z.RefinementCtx): ReadonlyMap<string, number> {
  const sends = new Map<string, number>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, channel, number] = /^([a-z0-9_]+) ?= ?(\d{1,3})$/.exec(entry) ?? [];
    const atOnce = Number(number);
    if (!channelName.safeParse(channel).success || !(atOnce >= 1 && atOnce <= 500)) {
      context.addIssue({
        code: 'custom',
        message: 'must be like sms=5,push=100, with 1 to 500 sends at once',
      });
      return z.NEVER;
    }
    sends.set(String(channel), atOnce);
  }
  return sends;
}

/** Every variable that Carillon reads, with its range and default. `docs/configuration.md` lists them for people. */
const environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),

  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** Where operators open the Web UI; absent: `temporalUrl` in answers is null. */
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/ }).optional(),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional(),
  CARILLON_MAIL_FROM: z.string().min(3).max(320).default('Carillon <notifications@carillon.localhost>'),

  /** Who may read `/metrics`; absent: whoever reaches it. */
  CARILLON_METRICS_TOKEN: z.string().min(16).max(500).optional(),
  /** Where a worker serves `/metrics`; without a port, nowhere. */
  CARILLON_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  CARILLON_METRICS_PORT: port.optional(),
  /** Where a worker serves the figures of Temporal's SDK, `host:port`. */
  CARILLON_TEMPORAL_METRICS_ADDRESS: z
    .string()
    .regex(/^([^\s:/]+|\[[\da-fA-F:]+\]):\d{1,5}$/, 'must be host:port')
    .optional(),
  /** Where traces go, as OpenTelemetry names it: OTLP over HTTP. Without it, and without the next, none are made. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_SERVICE_NAME: z.string().min(1).max(200).optional(),
  OTEL_SDK_DISABLED: flag.default(false),
  /** A file that the log is written to as well, `logs/carillon.log`: `-api` or `-worker` and a number are put into its name. */
  CARILLON_LOG_FILE: z.string().min(1).optional(),
  /** Megabytes after which the next file is begun. */
  CARILLON_LOG_FILE_MEGABYTES: count(1, 10_000, 50),
  /** Files that are kept. */
  CARILLON_LOG_FILES: count(2, 1000, 10),
  /** A module that is told of errors of our own: a path or a package that exports `report(error, context)`. */
  CARILLON_ERROR_SINK: z.string().min(1).optional(),
  /** A folder that what housekeeping removes is written to before; without it, it is only removed. */
  CARILLON_PURGE_EXPORT_DIR: z.string().min(1).optional(),

  CARILLON_API_HOST: z.string().min(1).default('0.0.0.0'),
  CARILLON_API_PORT: port.default(3000),
  CARILLON_BOOTSTRAP_KEY: z
    .string()
    .regex(/^ck_[A-Za-z0-9_-]{20,200}$/, 'must be ck_ and at least 20 letters, digits, dashes or underscores')
    .optional(),
  CARILLON_KEYS: parsedBy(parseKeyRing).optional(),

  /** Whether a starting process creates missing indexes; off in production, where `carillon upgrade` does. */
  CARILLON_BUILD_INDEXES: flag.optional(),
  /** How long a starting process waits for Temporal and MongoDB before it gives up, in seconds. */
  CARILLON_START_DEADLINE_SECONDS: count(1, 3600, 120),
  /** How long a stopping worker lets running attempts finish, in seconds. */
  CARILLON_DRAIN_SECONDS: count(1, 600, 40),

  /** Regular activities (retries) under way in one worker process. They wait on providers, so many fit. */
  CARILLON_WORKER_ACTIVITIES: count(1, 5000, 400),
  /** Workflow tasks under way in one worker process; a first attempt holds one while it sends. */
  CARILLON_WORKER_WORKFLOW_TASKS: count(2, 1000, 100),
  /** Polls for workflow tasks at once: each brings one, so more hide a server that is far away. */
  CARILLON_WORKER_WORKFLOW_POLLERS: count(2, 200, 10),
  /** Polls for regular activities at once, likewise. */
  CARILLON_WORKER_ACTIVITY_POLLERS: count(1, 200, 10),
  /** Workflows kept in memory, so that a signal needs no replay. */
  CARILLON_WORKER_CACHED_WORKFLOWS: count(0, 20_000, 600),
  /** First attempts under way at once for one tenant and provider in one worker; the excess is retried off the task. */
  CARILLON_FIRST_ATTEMPTS_PER_PROVIDER: count(0, 500, 32),
  /** First attempts under way at once in one worker, all tenants together. */
  CARILLON_FIRST_ATTEMPTS: count(0, 1000, 64),
  /**
   * What a worker process takes: `notifications` (workflows and single deliveries), `bulk` (pages of broadcasts),
   * `events` (from Kafka and out to it and to webhooks).
   */
  CARILLON_WORKER_QUEUES: z
    .string()
    .default('notifications,bulk,events')
    .transform(namesIn)
    .pipe(z.array(z.enum(['notifications', 'bulk', 'events'])).min(1)),
  /** Recipients of one page: an activity of its own, of a second or so, and a row in the Web UI. */
  CARILLON_BULK_PAGE: count(10, 10_000, 1000),
  /** Ranges of one broadcast's audience whose pages are sent side by side, by as many workers as there are. */
  CARILLON_BULK_LANES: count(1, 64, 4),
  /** Recipients of a page that are read, stored and sent together: what a crash leaves half-done. */
  CARILLON_BULK_CHUNK: count(1, 1000, 100),
  /** Sends under way at once on one page; more than the provider's connections only queue. */
  CARILLON_BULK_SENDS: count(1, 500, 40),
  /** The same for single channels, where a provider wants fewer or takes more: `sms=5,push=100`. */
  CARILLON_BULK_SENDS_BY_CHANNEL: z.string().default('').transform(sendsByChannel),
  /** Pages under way at once in one worker process, of one broadcast's lanes or of several broadcasts. */
  CARILLON_BULK_PAGES: count(1, 100, 2),
  /** Failed deliveries that a redrive starts anew in a second, at most, unless it says otherwise itself. */
  CARILLON_REDRIVE_PER_SECOND: count(1, 500, 20),
  /** Channels whose first attempt is a regular activity too, e.g. `sms,push`. */
  CARILLON_FIRST_ATTEMPT_AS_ACTIVITY: z.string().default('').transform(namesIn).pipe(z.array(channelName)),
  /** Deliveries let go in one second, at most, when a provider that was down answers again; for each tenant. */
  CARILLON_DRAIN_PER_SECOND: count(1, 1000, 20),
  /** Providers' APIs that are reached elsewhere than at the vendor's address, e.g. `sms/twilio=http://proxy:8080`. */
  CARILLON_PROVIDER_ENDPOINTS: parsedBy(parseProviderEndpoints).default(new Map()),
  /** Modules with channels of the deployment's own: paths like `./own/pager.js`, or packages. */
  CARILLON_CHANNELS: z.string().default('').transform(namesIn),
  /** A module that says when people are reached best, in place of the built-in statistics: a path or a package. */
  CARILLON_PREDICTOR: z.string().min(1).optional(),
  /** Whether URLs and hosts that a tenant names may lead into private networks and to this machine. */
  CARILLON_ALLOW_PRIVATE_ADDRESSES: flag.default(false),
  /** Where people and providers reach the API from outside: unsubscribe links and providers' callbacks need it. */
  CARILLON_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Refuses what comes in the clear, but for `/health`, and tells browsers to remember it (HSTS). */
  CARILLON_REQUIRE_TLS: flag.default(false),
  /** Whose `X-Forwarded-For` and `-Proto` count: a number of proxies, or networks like `10.0.0.0/8,::1`. */
  CARILLON_TRUSTED_PROXIES: parsedBy(parseTrustedProxies).default(0),
  /** Requests per second that one API process takes of one API key. */
  CARILLON_REQUESTS_PER_SECOND_PER_KEY: count(1, 1_000_000, 1000),
  /** The same of one person. */
  CARILLON_REQUESTS_PER_SECOND_PER_PERSON: count(1, 1_000_000, 100),
  /** The same of all keys and people of a tenant together; a tenant may set less for itself. */
  CARILLON_REQUESTS_PER_SECOND_PER_TENANT: count(1, 1_000_000, 2000),
  /** Calls with wrong credentials that one API process takes from one address in a minute. */
  CARILLON_FAILED_CALLS_PER_MINUTE: count(1, 1_000_000, 600),
  /** Sockets of one person that one API process takes: tabs and devices. */
  CARILLON_SOCKETS_PER_PERSON: count(1, 10_000, 10),
  /** The same of a tenant's people together. */
  CARILLON_SOCKETS_PER_TENANT: count(1, 1_000_000, 10_000),
  /** Days that outbound events, and the attempts to hand them to webhook endpoints, are kept and can be sent again. */
  CARILLON_OUTBOUND_EVENT_DAYS: count(4, 365, 30),
  /** First attempts under way at once at one webhook endpoint. */
  CARILLON_WEBHOOK_ATTEMPTS: count(1, 100, 8),
  /** Sends per second by provider, all tenants and workers together, e.g. `email/smtp=100,sms/twilio=20`. */
  CARILLON_PROVIDER_LIMITS: parsedBy(parseProviderLimits).default(new Map()),

  /** Kafka's brokers, `host:port`; without any, nothing is read from it or written to it. */
  KAFKA_BROKERS: z
    .string()
    .default('')
    .transform(namesIn)
    .pipe(z.array(z.string().regex(/^([^\s:/]+|\[[\da-fA-F:]+\]):\d{1,5}$/, 'must be host:port'))),
  KAFKA_SSL: flag.default(false),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).default('plain'),
  /** Without one, no SASL. */
  KAFKA_SASL_USERNAME: z.string().min(1).optional(),
  KAFKA_SASL_PASSWORD: z.string().default(''),
  /** Topics whose events are taken in; one that belongs to a single tenant names it: `hr-events,orders=acme`. */
  CARILLON_KAFKA_TOPICS: parsedBy(parseKafkaTopics).default(new Map([['hr-events', null]])),
  CARILLON_KAFKA_GROUP: z.string().min(1).max(255).default('carillon'),
  /** Where a new group begins to read: with the oldest event there is, or with the next one. */
  CARILLON_KAFKA_START: z.enum(['earliest', 'latest']).default('earliest'),
  /** Where in an event of a topic without a tenant of its own its tenant stands, dotted. */
  CARILLON_KAFKA_TENANT_FIELD: z.string().min(1).max(200).default('tenant_id'),
  /** The record's header that says the same. */
  CARILLON_KAFKA_TENANT_HEADER: z.string().min(1).max(200).default('tenant-id'),
  /** Where in an event its ID stands, dotted; by default `event_id`, or `id` of an envelope. */
  CARILLON_KAFKA_ID_FIELD: z.string().min(1).max(200).optional(),
  /** Where outbound events go; without it, to no topic. `{tenant}` in it is the tenant's ID: a topic for each. */
  CARILLON_KAFKA_EVENTS_TOPIC: z
    .string()
    .regex(/^([\w.-]|\{tenant\}){1,180}$/, 'must be the name of a topic, which may have {tenant} in it')
    .optional(),
  /** Partitions whose events are taken in at the same time, each in its order, in one worker process. */
  CARILLON_KAFKA_PARTITIONS: count(1, 500, 32),
  /** Where what cannot be taken in goes, with the reason. */
  CARILLON_KAFKA_DEAD_LETTER_TOPIC: z
    .string()
    .regex(/^[\w.-]{1,249}$/, 'must be the name of a topic')
    .default('carillon-dead-letters'),
  /** Whether events that no rule is for go there too. */
  CARILLON_KAFKA_DEAD_LETTER_UNMATCHED: flag.default(true),

  /** The tenant that the page at `/demo` plays with, for whoever sits at this machine; absent: there is no such page. */
  CARILLON_DEMO_TENANT: externalId.optional(),
  /** Where the page at `/demo` sends its readers for the mails. */
  CARILLON_DEMO_MAIL_URL: z.url({ protocol: /^https?$/ }).optional(),
});

const consistent = environment.refine(
  ({ NODE_ENV, CARILLON_DEMO_TENANT: tenant }) => tenant === undefined || NODE_ENV !== 'production',
  { path: ['CARILLON_DEMO_TENANT'], message: 'is for trying things out, not for NODE_ENV=production' },
);

export type Config = Readonly<
  z.infer<typeof environment> & {
    /** Resolved: given, or true outside production. */
    CARILLON_BUILD_INDEXES: boolean;
  }
>;

/** The environment does not describe a process that can run; `message` names each variable and what it should be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses the environment once, at the start of a process.
 * @throws {ConfigError} naming every variable that is missing or out of range, never its value.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = consistent.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `  ${name}: ${given[name] === undefined ? 'is missing' : issue.message}`;
    });
    throw new ConfigError(`The environment is not complete:\n${lines.join('\n')}`);
  }
  return Object.freeze({
    ...parsed.data,
    CARILLON_BUILD_INDEXES: parsed.data.CARILLON_BUILD_INDEXES ?? parsed.data.NODE_ENV !== 'production',
  });
}
