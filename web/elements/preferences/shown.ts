import type { ByChannel, ChannelName, EffectiveSwitch, TypeChoice } from '../../client/shapes.js';
import { categoryLabel, typeLabel, type Texts } from './names.js';
import type { PreferencesView } from './preferences-model.js';

/** A type as a row of the matrix. */
export interface TypeRow {
  type: TypeChoice;
  label: string;
  cells: ByChannel<EffectiveSwitch>;
}

export interface CategoryRows {
  category: string;
  label: string;
  rows: TypeRow[];
}

/** The channels that the tenant has set up and that some type goes out on. */
export function channelsShown({ preferences: { effective } }: PreferencesView): ChannelName[] {
  const types = Object.values(effective.types);
  const channels = Object.entries(effective.channels) as [ChannelName, { configured: boolean }][];
  return channels
    .filter(([channel, { configured }]) => configured && types.some((cells) => cells[channel]))
    .map(([channel]) => channel);
}

/** The types by category, both in alphabetical order; those that go out on none of the channels are left out. */
export function categoriesOf(
  { types, preferences }: PreferencesView,
  texts: Texts,
  channels: readonly ChannelName[],
): CategoryRows[] {
  const byCategory = new Map<string, TypeRow[]>();
  for (const type of types) {
    const cells = preferences.effective.types[type.name];
    if (!cells || !channels.some((channel) => cells[channel])) continue;
    const row = { type, label: typeLabel(type, texts.lang), cells };
    byCategory.set(type.category, [...(byCategory.get(type.category) ?? []), row]);
  }
  const { compare } = new Intl.Collator(texts.lang);
  return [...byCategory]
    .map(([category, rows]) => ({
      category,
      label: categoryLabel(texts, category),
      rows: rows.sort((one, other) => compare(one.label, other.label)),
    }))
    .sort((one, other) => compare(one.label, other.label));
}

/** Those rows whose label, name or category holds the words, whatever their case and accents. */
export function matching(categories: CategoryRows[], words: string): CategoryRows[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return categories;
  return categories
    .map(({ category, label, rows }) => ({
      category,
      label,
      rows: rows.filter((row) => {
        const text = plain(`${row.label} ${row.type.name} ${label}`);
        return wanted.every((word) => text.includes(word));
      }),
    }))
    .filter(({ rows }) => rows.length > 0);
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
