import { href } from '../addresses.js';

/** Where what was typed leads: to a notification by its ID or that of one of its deliveries, else to a person. */
export function whereToFind(what: string): string {
  const [, notification] = /^(ntf_[^-\s]+)(-\w+)?$/.exec(what) ?? [];
  if (notification !== undefined) return href(`notifications/${encodeURIComponent(notification)}`);
  return href('find', { recipient: what });
}
