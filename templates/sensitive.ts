import { isOwnChannel, type ChannelName } from '../contracts/channels.js';

/** Channels that others than the reader see. */
const shared: readonly ChannelName[] = ['slack', 'teams', 'webhook'];

/** Whether a channel may be told of the variables that their type calls sensitive. Who sees an own one nobody knows. */
export function mayTellAll(channel: ChannelName): boolean {
  return !shared.includes(channel) && !isOwnChannel(channel);
}

/**
 * `data` without its sensitive variables, named with dots: `contract.value`. In a list, every element's goes.
 */
export function withoutSensitive(
  data: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  return names.reduce((rest, name) => without(rest, name.split('.')) as typeof data, data);
}

function without(value: unknown, [name = '', ...deeper]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, [name, ...deeper]));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  const { [name]: found, ...rest } = value as Record<string, unknown>;
  return deeper.length === 0 ? rest : { ...rest, [name]: without(found, deeper) };
}

/** The texts and numbers, as texts, that stand in these variables of `data`. */
export function sensitiveTexts(data: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  return names.flatMap((name) => textsIn(data, name.split('.')));
}

function textsIn(value: unknown, [name, ...deeper]: readonly string[]): string[] {
  if (Array.isArray(value))
    return value.flatMap((item) => textsIn(item, name === undefined ? [] : [name, ...deeper]));
  if (typeof value === 'object' && value !== null) {
    if (name === undefined) return Object.values(value).flatMap((inner) => textsIn(inner, []));
    return Object.hasOwn(value, name) ? textsIn((value as Record<string, unknown>)[name], deeper) : [];
  }
  if (name !== undefined) return [];
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}
