import type { ChannelName } from '../contracts/channels.js';

/** Enough of a target to recognise it, not enough to write to it: `a•••@example.com`, `+33•••78`. The inbox's is an ID. */
export function maskTarget(channel: ChannelName, target: string): string {
  if (channel === 'in_app') return target;
  const at = target.lastIndexOf('@');
  if (at > 0) return `${target.slice(0, 1)}•••${target.slice(at)}`;
  return target.length > 8 ? `${target.slice(0, 3)}•••${target.slice(-2)}` : '•••';
}
