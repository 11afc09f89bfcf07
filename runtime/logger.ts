import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { logContext } from './log-context.js';

/** Lines only: pino would write the fields of a `child` unmasked. */
export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

const MASK = '[redacted]';

/** Field names that hold an address, a secret or a content wherever they stand in a log line. */
const SECRET_FIELD =
  /^(pass|key|to|from|address|target|slackUserId|teamsUserId|subject|html|text|title|message|body|data|content|ur[il]|webhookUrl)$|(authorization|cookie|password|secret|credentials?|tokens?|(api|private)[_-]?key|e-?mail([_-]?address)?|phone)$/i;
// 64 is the longest local part (RFC 5321, section 4.5.3.1.1); the bound keeps the search linear.
const ADDRESS =
  /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*|\+\d{7,15}(?!\d)/gu;
const SECRET_VALUE = /\bck_[\w-]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+|:\/\/[^/\s:@]+:[^/\s@]+@/g;

/**
 * A JSON logger: constant messages with fields. Addresses, tokens and contents are masked here, in one place,
 * whatever a caller passes.
 */
export function createLogger(
  options: { level: string; name: string; mixin?: () => object },
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      level: options.level,
      base: { process: options.name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // An error is masked, and by that a plain object, before it comes to the serializers.
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod(args, write) {
          const [first, ...more] = args as unknown[];
          // An error alone would make its fields the line's.
          const fields = first instanceof Error ? { err: first } : first;
          write.apply(this, [fields, ...more].map((each) => mask(each)) as typeof args);
        },
      },
      // The line's own fields win: a request that is told of from elsewhere keeps its name.
      mixinMergeStrategy: (line, context) => ({ ...context, ...line }),
      mixin: () => mask({ ...logContext(), ...options.mixin?.() }) as object,
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
}

/** Masks by field name, and addresses and credentials inside any remaining text. Depth 6 at most. */
export function mask(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (depth > 6) return '[deep]';
  if (value instanceof Error) {
    return {
      type: value.name,
      message: maskText(value.message),
      stack: value.stack === undefined ? undefined : maskText(value.stack),
      ...(value.cause === undefined ? {} : { cause: mask(value.cause, depth + 1) }),
    };
  }
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => mask(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET_FIELD.test(name) && inner !== undefined && inner !== null ? MASK : mask(inner, depth + 1),
    ]),
  );
}

/** Masks addresses, keys, tokens and the credentials of URLs inside a text. */
export function maskText(text: string): string {
  return text.replace(SECRET_VALUE, MASK).replace(ADDRESS, MASK);
}
