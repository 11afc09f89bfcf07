import type { Contact } from '../../contracts/contact.js';
import { kindOf, textOfTokens, tokensInText, type DeviceKind } from '../../contracts/devices.js';
import { ChannelError } from '../channel.js';

/** All of the person's devices that one provider reaches, as the one target of a delivery; undefined when it reaches none. */
export function devicesTarget(contact: Contact, kind: DeviceKind): string | undefined {
  return textOfTokens(contact.pushTokens.filter((token) => kindOf(token) === kind));
}

/**
 * The tokens of such a target.
 * @throws {ChannelError} `invalid_recipient` for a text that is none.
 */
export function tokensOf(target: string): string[] {
  const tokens = tokensInText(target);
  if (tokens) return tokens;
  throw new ChannelError('invalid_recipient', { providerResponse: 'not sent: the target names no devices' });
}
