import { isOwnChannel, type ChannelName } from '../contracts/channels.js';

/** Channels that others than the reader see. */
const shared: readonly ChannelName[] = ['slack', 'teams', 'webhook'];

/** Whether a channel may be told of the variables that their type calls sensitive. Who sees an own one nobody knows. */
export function mayTellAll(channel: ChannelName): boolean {
  return !shared.includes(channel) && !isOwnChannel(channel);
}

/** What stands for a sensitive value where it may not be seen. */
const MASK = '•••';

/**
 * `data` without its sensitive variables, named with dots: `contract.value`. In a list, every element's goes.
 */
export function withoutSensitive(
  data: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  return names.reduce((rest, name) => replaced(rest, name.split('.'), undefined) as typeof data, data);
}

/** `data` with dots in place of its sensitive variables, so that what is written with it reads as it was. */
export function withSensitiveMasked(
  data: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  return names.reduce((rest, name) => replaced(rest, name.split('.'), MASK) as typeof data, data);
}

function replaced(
  value: unknown,
  [name = '', ...deeper]: readonly string[],
  by: string | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, [name, ...deeper], by));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  const { [name]: found, ...rest } = value as Record<string, unknown>;
  if (deeper.length > 0) return { ...rest, [name]: replaced(found, deeper, by) };
  return by === undefined ? rest : { ...rest, [name]: by };
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
