import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type IHeaders, type Kafka, type KafkaMessage } from 'kafkajs';
import type { Logger } from '../../runtime/logger.js';
import type { RecordPlace } from './read-record.js';

// As Node sees the package, only some of its exports have names.
const { KafkaJSError, KafkaJSProtocolError } = kafkajs;

/** Why a record is a dead letter: how the event was refused, or `unmatched`, `partial`, `refused`, `failed`. */
export interface DeadLetter {
  place: RecordPlace;
  message: KafkaMessage;
  reason: string;
  /** Paths and rules, nothing of the event. */
  detail: string;
  tenantId?: string;
  eventId?: string;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const MAX_DETAIL = 1000;

/**
 * The topic for what could not be taken in: each record as it came, with the reason in headers whose names begin with
 * `carillon-`.
 */
export class DeadLetters {
  private readonly producer;
  private connected: Promise<void> | undefined;

  constructor(
    kafka: Kafka,
    private readonly topic: string,
    private readonly log: Logger,
  ) {
    this.producer = kafka.producer({ allowAutoTopicCreation: true });
  }

  /**
   * Resolves when the record is there. While Kafka is away it tries again and again; what the topic cannot take at all is
   * logged and let go, so that it stops nothing.
   * @param stillWanted told between attempts; may throw to give up.
   */
  async send(letter: DeadLetter, stillWanted: () => Promise<void>): Promise<void> {
    const fields = {
      reason: letter.reason,
      detail: letter.detail,
      tenantId: letter.tenantId,
      eventId: letter.eventId,
      ...letter.place,
      offset: letter.message.offset,
    };
    let withValue = true;
    for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.connect();
        await this.producer.send({ topic: this.topic, messages: [recordOf(letter, withValue)] });
        this.log.info(fields, 'event set aside as a dead letter');
        return;
      } catch (error) {
        const kind = refusalOf(error);
        if (kind === 'too large' && withValue) {
          withValue = false;
          continue;
        }
        if (kind !== undefined) {
          this.log.error(
            { ...fields, err: error, topic: this.topic },
            'dead-letter topic takes nothing: event lost',
          );
          return;
        }
        if (!(error instanceof KafkaJSError)) throw error;
        this.log.warn({ ...fields, err: error }, 'dead letter could not be written, trying again');
        this.connected = undefined;
        await stillWanted();
        await pause(waitMs);
        await stillWanted();
      }
    }
  }

  async close(): Promise<void> {
    if (this.connected) await this.producer.disconnect();
  }

  private connect(): Promise<void> {
    return (this.connected ??= this.producer.connect());
  }
}

function recordOf({ place, message, reason, detail, tenantId, eventId }: DeadLetter, withValue: boolean) {
  const headers: IHeaders = {
    ...message.headers,
    'carillon-reason': reason,
    'carillon-detail': detail.slice(0, MAX_DETAIL),
    'carillon-topic': place.topic,
    'carillon-partition': String(place.partition),
    'carillon-offset': message.offset,
    ...(tenantId === undefined ? {} : { 'carillon-tenant': tenantId }),
    ...(eventId === undefined ? {} : { 'carillon-event': eventId }),
    ...(withValue ? {} : { 'carillon-value': 'too large to be kept here' }),
  };
  return { key: message.key, value: withValue ? message.value : null, headers };
}

const forGood = [
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'POLICY_VIOLATION',
];

/** What no later attempt mends; undefined where one may. */
function refusalOf(error: unknown): 'too large' | 'refused' | undefined {
  const cause = error instanceof KafkaJSError && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof KafkaJSProtocolError)) return undefined;
  if (cause.type === 'MESSAGE_TOO_LARGE' || cause.type === 'RECORD_LIST_TOO_LARGE') return 'too large';
  return forGood.includes(cause.type) ? 'refused' : undefined;
}
