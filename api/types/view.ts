import { z } from 'zod';
import type { OwnChannelName } from '../../contracts/channels.js';
import {
  notificationType,
  supports,
  typeOrigins,
  type NotificationType,
} from '../../contracts/notification-types.js';
import type { Types } from '../../templates/type-registry.js';

/** A type as administrators see it: as it is in force, and where that comes from. */
export const typeView = z.object({
  ...notificationType.shape,
  origin: z
    .enum(typeOrigins)
    .describe('who made it: Carillon, the deployment for all tenants, or the tenant'),
  changed: z
    .array(z.string())
    .describe('settings that the deployment or the tenant changed of what was made'),
});
export type TypeView = z.infer<typeof typeView>;

/** A type as people see it: what they need to choose. */
export const typeChoiceView = z.object({
  name: z.string(),
  label: notificationType.shape.label.unwrap(),
  category: z.string(),
  icon: z.string(),
  color: z.string(),
  supportedChannels: notificationType.shape.supportedChannels.unwrap(),
  lockedChannels: notificationType.shape.lockedChannels.unwrap(),
  critical: z.boolean().describe('true where it comes whatever one chooses'),
  cadence: notificationType.shape.cadence.unwrap(),
});

export function showType(types: Types, type: NotificationType): TypeView {
  return { ...type, ...(types.sourceOf(type.name) ?? { origin: 'built_in', changed: [] }) };
}

/** @param own channels of the deployment's own. */
export function showChoice(
  type: NotificationType,
  own: readonly OwnChannelName[],
): z.infer<typeof typeChoiceView> {
  const { name, label, category, icon, color, lockedChannels, critical, cadence } = type;
  const open = own.filter((channel) => supports(type, channel));
  const supportedChannels = [...new Set([...type.supportedChannels, ...open])];
  return { name, label, category, icon, color, supportedChannels, lockedChannels, critical, cadence };
}
