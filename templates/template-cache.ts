import { LRUCache } from 'lru-cache';
import type { ChannelName } from '../contracts/channels.js';
import type { TemplateKind } from '../contracts/templates.js';
import { parseOnce, type Escaping, type ParsedTemplate } from './liquid.js';
import type { TemplatePlace } from './template-error.js';

/** A version of a template as it is stored; it never changes. */
export interface StoredVersion {
  id: string;
  kind: TemplateKind;
  channel?: ChannelName | undefined;
  locale: string;
  version: number;
  /** JSON of what compiling made. */
  compiled: string;
}

/** Where versions are stored. */
export interface VersionStore {
  byId(tenantId: string, id: string): Promise<StoredVersion | undefined>;
}

/** A version, whose Liquid is parsed once. */
export class LoadedTemplate {
  readonly id: string;
  readonly kind: TemplateKind;
  readonly locale: string;
  /** The channel's texts, or a layout's: what `compile-template.ts` makes. */
  readonly texts: object;
  // Texts are found by being the same string: comparing long ones would cost more than it saves.
  private readonly parsed: Record<Escaping, Map<string, ParsedTemplate>> = {
    html: new Map(),
    none: new Map(),
  };

  constructor(stored: Pick<StoredVersion, 'id' | 'kind' | 'locale' | 'compiled'>) {
    this.id = stored.id;
    this.kind = stored.kind;
    this.locale = stored.locale;
    this.texts = JSON.parse(stored.compiled) as object;
  }

  /** @throws TemplateError where the text is not Liquid. */
  parse(text: string, escaping: Escaping, place: TemplatePlace): ParsedTemplate {
    const known = this.parsed[escaping].get(text);
    if (known) return known;
    const parsed = parseOnce(text, escaping, place);
    this.parsed[escaping].set(text, parsed);
    return parsed;
  }
}

/** Versions that one process keeps, and the characters of all of them together. */
const MAX_VERSIONS = 2_000;
const MAX_CHARACTERS = 16_000_000;

/** The versions that were used last, ready to be filled. */
export class TemplateCache {
  private readonly kept: LRUCache<string, LoadedTemplate, { tenantId: string; id: string }>;

  constructor(store: VersionStore) {
    this.kept = new LRUCache<string, LoadedTemplate, { tenantId: string; id: string }>({
      max: MAX_VERSIONS,
      maxSize: MAX_CHARACTERS,
      sizeCalculation: ({ texts }) => JSON.stringify(texts).length,
      fetchMethod: async (_key, _stale, { context }) => {
        const stored = await store.byId(context.tenantId, context.id);
        return stored && new LoadedTemplate(stored);
      },
    });
  }

  /** @throws where there is no such version: none is ever removed. */
  async get(tenantId: string, id: string): Promise<LoadedTemplate> {
    const found = await this.kept.fetch(`${tenantId}/${id}`, { context: { tenantId, id } });
    if (!found) throw new Error(`template version ${id} is not there`);
    return found;
  }
}
