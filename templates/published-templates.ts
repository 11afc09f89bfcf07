import type { ChannelName } from '../contracts/channels.js';
import { DEFAULT_LAYOUT, type PublishedTemplate, type TemplateKey } from '../contracts/templates.js';
import { localeChain } from './locales.js';

/** Whose text is looked for, and for whom. */
export interface WantedTemplate {
  type: string;
  channel: ChannelName;
  /** The topic that it goes to. */
  topic?: string | undefined;
  /** The reader's; `fr-CA`. */
  locale: string;
  tenantLocale: string;
}

/** The published templates that a tenant's notifications may use, found by key: its own before those of every tenant. */
export class PublishedTemplates {
  private readonly byKey = new Map<string, PublishedTemplate>();
  /** By whose text on which channel, in every language: kind, name, channel. */
  private readonly bySubject = new Map<string, PublishedTemplate[]>();
  private readonly channels = new Map<string, Set<ChannelName>>();

  constructor(published: readonly PublishedTemplate[]) {
    for (const one of published) {
      this.byKey.set(keyOf(one, one.everyTenant), one);
      const subject = subjectOf(one);
      this.bySubject.set(subject, [...(this.bySubject.get(subject) ?? []), one]);
      if (one.kind !== 'type' || one.channel === undefined) continue;
      this.channels.set(one.name, (this.channels.get(one.name) ?? new Set()).add(one.channel));
    }
  }

  get size(): number {
    return this.byKey.size;
  }

  /**
   * The template of a type in the reader's language, or the nearest: `fr-CA`, `fr`, the tenant's, `en`. In each language
   * the tenant's for the topic, then its other one, then those of every tenant. Undefined where a built-in text is
   * nearer: a text in the reader's language goes before one in another, whoever wrote it. What is in none of these
   * languages is better than nothing.
   * @param isBuiltIn whether there is a built-in text in a language.
   */
  find(wanted: WantedTemplate, isBuiltIn: (locale: string) => boolean): PublishedTemplate | undefined {
    const { type: name, channel, topic } = wanted;
    const all = this.bySubject.get(subjectOf({ kind: 'type', name, channel }));
    if (!all) return undefined;
    for (const locale of localeChain(wanted.locale, wanted.tenantLocale)) {
      const key = { kind: 'type', name, channel, locale } as const;
      const found = (topic === undefined ? undefined : this.either({ ...key, topic })) ?? this.either(key);
      if (found || isBuiltIn(locale)) return found;
    }
    return all.find((one) => one.topic === undefined) ?? all.find((one) => one.topic === topic);
  }

  /** A partial or a layout, in the nearest language that it is there in. */
  part(
    kind: 'partial' | 'layout',
    name: string,
    { locale, tenantLocale }: Pick<WantedTemplate, 'locale' | 'tenantLocale'>,
  ): PublishedTemplate | undefined {
    for (const tag of localeChain(locale, tenantLocale)) {
      const found = this.either({ kind, name, locale: tag });
      if (found) return found;
    }
    return this.bySubject.get(subjectOf({ kind, name }))?.[0];
  }

  /** What is around mails that name no layout; undefined for Carillon's own. */
  defaultLayout(reader: Pick<WantedTemplate, 'locale' | 'tenantLocale'>): PublishedTemplate | undefined {
    return this.part('layout', DEFAULT_LAYOUT, reader);
  }

  /** Channels on which the type has a template, in whichever language, for whichever topic. */
  channelsOf(type: string): ReadonlySet<ChannelName> {
    return this.channels.get(type) ?? none;
  }

  private either(key: TemplateKey): PublishedTemplate | undefined {
    return this.byKey.get(keyOf(key, false)) ?? this.byKey.get(keyOf(key, true));
  }
}

const none: ReadonlySet<ChannelName> = new Set();

function subjectOf({ kind, name, channel }: Pick<TemplateKey, 'kind' | 'name' | 'channel'>): string {
  return `${kind}/${name}/${channel ?? ''}`;
}

/** Tags are compared whatever their case. */
function keyOf({ locale, topic, ...subject }: TemplateKey, everyTenant: boolean): string {
  return [subjectOf(subject), locale.toLowerCase(), everyTenant, topic ?? ''].join('/');
}
