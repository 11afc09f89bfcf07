import type { SchemaDefinitionProperty } from 'mongoose';
import { channelName } from '../contracts/channels.js';

/** The name of a channel, be it one of the deployment's own. */
export const channelField = {
  type: String,
  required: true,
  validate: (name: unknown) => channelName.safeParse(name).success,
};

/** One value for each channel; a map, as a deployment may have channels of its own. */
export const byChannel = (of: SchemaDefinitionProperty) => ({ type: Map, of });
