import type { ChannelName } from '../contracts/channels.js';
import { tokensInText } from '../contracts/devices.js';

/**
 * Enough of a target to recognise it, not enough to write to it: `a•••@example.com`, `+33•••78`, of a webhook the host.
 * The inbox's is an ID, devices are only counted.
 */
export function maskTarget(channel: ChannelName, target: string): string {
  if (channel === 'in_app') return target;
  // Whatever follows the host may be a secret.
  if (channel === 'webhook' && URL.canParse(target)) return `${new URL(target).origin}/•••`;
  const tokens = channel === 'push' ? tokensInText(target) : undefined;
  if (tokens) return tokens.length === 1 ? '1 device' : `${tokens.length} devices`;
  const at = target.lastIndexOf('@');
  if (at > 0) return `${target.slice(0, 1)}•••${target.slice(at)}`;
  return target.length > 8 ? `${target.slice(0, 3)}•••${target.slice(-2)}` : '•••';
}
