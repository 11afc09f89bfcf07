import type { ChannelName } from '../contracts/channels.js';
import { suppressionReasons, type SuppressionReason } from '../contracts/suppressions.js';
import type { DecisionInput } from './decision-input.js';

/**
 * Why this person's address takes nothing of this type on a channel: the gravest reason that applies; undefined when
 * none does. What stops a category stops nothing else. Critical types pass an unsubscribe, which was said of mails that
 * one may do without, and nothing else: what bounces arrives nowhere, and who complains of a sender harms all its mail.
 */
export function suppressionOf(
  channel: ChannelName,
  input: Pick<DecisionInput, 'type' | 'category' | 'suppressions'>,
): SuppressionReason | undefined {
  const category = input.category ?? input.type.category;
  const applying = new Set(
    input.suppressions
      .filter((one) => one.channel === channel && (one.category ?? category) === category)
      .map(({ reason }) => reason),
  );
  if (input.type.critical) applying.delete('unsubscribed');
  return suppressionReasons.find((reason) => applying.has(reason));
}
