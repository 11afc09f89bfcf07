import { z } from 'zod';
import { failureReasons } from '../contracts/errors.js';
import { suppressionReasons } from '../contracts/suppressions.js';
import { ChannelError, type Receipt } from './channel.js';
import { echoedWords } from './echoed.js';
import { redactResponse } from './redaction.js';

// What a module of the deployment's own says of a call, as Carillon keeps it: `secrets` is what the call was about, of
// which no word is kept, whether or not the module thought of it.

const text = z.string().optional().catch(undefined);
const targets = z.array(z.string()).optional().catch(undefined);

const receipt = z
  .object({
    providerMessageId: text,
    providerResponse: text,
    units: z.int().optional().catch(undefined),
    goneTargets: targets,
  })
  .catch({});

/** What was sent stays sent, whatever the module says of it: of a receipt that is none nothing is kept. */
export function received(given: unknown, secrets: unknown): Receipt {
  const { providerResponse, ...rest } = receipt.parse(given);
  return { ...rest, ...redacted(providerResponse, secrets) };
}

/** By its name: a module may bring a copy of the class along. */
const failure = z.object({
  name: z.literal('ChannelError'),
  reason: z.enum(failureReasons),
  retryAfterMs: z.number().optional().catch(undefined),
  providerResponse: text,
  providerDown: z.boolean().optional().catch(undefined),
  suppress: z.enum(suppressionReasons).optional().catch(undefined),
  goneTargets: targets,
});

/** Any other error stays as it is, and counts as `unknown_error`. */
export function classified(error: unknown, secrets: unknown): unknown {
  const parsed = failure.safeParse(error);
  if (!parsed.success) return error;
  const { reason, providerResponse, name: _name, ...rest } = parsed.data;
  const { cause } = error as Error;
  return new ChannelError(reason, { ...rest, ...redacted(providerResponse, secrets), cause });
}

function redacted(response: string | undefined, secrets: unknown): { providerResponse?: string } {
  if (response === undefined) return {};
  return { providerResponse: redactResponse(response, echoedWords(secrets, [])) };
}

/** Of a message what is somebody's: the names in it stand in many a sentence. */
export function said(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message;
  const names = ['channel', 'id', 'type', 'priority', 'severity'];
  return Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)));
}
