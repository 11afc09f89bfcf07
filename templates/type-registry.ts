import { LRUCache } from 'lru-cache';
import type { NotificationType, StoredType, TypeSource } from '../contracts/notification-types.js';
import type { PublishedTemplate } from '../contracts/templates.js';
import { builtInTypes } from './built-in-types.js';
import { PublishedTemplates } from './published-templates.js';

/** Where tenants' types are stored. */
export interface TypeStore {
  /** Counts the changes of a tenant's types and templates; undefined without such a tenant. */
  version(tenantId: string): Promise<number | undefined>;
  /** What the deployment changed for all tenants, and before it what this one did. */
  list(tenantId: string): Promise<readonly StoredType[]>;
}

/** Where tenants' templates are stored. */
export interface TemplateStore {
  /** Everything published that the tenant's notifications may use. */
  published(tenantId: string): Promise<readonly PublishedTemplate[]>;
}

/** A tenant's types and published templates, as they are at one moment. */
export interface Types {
  readonly version: number;
  readonly templates: PublishedTemplates;
  find(name: string): NotificationType | undefined;
  /** Undefined for a type that there is not. */
  sourceOf(name: string): TypeSource | undefined;
  /** Built-in ones first, in their order, then the tenant's own by name. */
  readonly all: readonly NotificationType[];
}

/** Tenants whose types one process keeps. */
const MAX_TENANTS = 1_000;
/** Types and published templates that it keeps, of all of them together. */
const MAX_KEPT = 200_000;
/** Milliseconds for which the kept ones are taken without asking, where the caller knows no version. */
const TRUSTED_MS = 1_000;

/**
 * The types that a tenant has: the built-in ones with its changes, and its own; and which templates it has published.
 * Kept until the tenant's `typesVersion` changes: whoever plans has just read the tenant and says the version, so that
 * nothing is read and yet a change counts for the very next notification, in every process.
 */
export class TypeRegistry {
  private readonly kept = new LRUCache<string, { types: Types; readAtMs: number }>({
    max: MAX_TENANTS,
    maxSize: MAX_KEPT,
    sizeCalculation: ({ types }) => types.all.length + types.templates.size,
  });

  constructor(
    private readonly store: TypeStore,
    private readonly templates: TemplateStore,
  ) {}

  /** @param version the tenant's `typesVersion`, where it was just read; else what is a second old is good enough. */
  async of(tenantId: string, version?: number): Promise<Types> {
    const known = this.kept.get(tenantId);
    const isCurrent =
      version === undefined
        ? known && Date.now() - known.readAtMs < TRUSTED_MS
        : known?.types.version === version;
    return known && isCurrent ? known.types : this.current(tenantId);
  }

  /** The type; before it is said to be unknown, the tenant's are read anew. */
  async find(tenantId: string, name: string): Promise<NotificationType | undefined> {
    return (await this.of(tenantId)).find(name) ?? (await this.current(tenantId)).find(name);
  }

  /** As they are now, whatever is kept. */
  async current(tenantId: string): Promise<Types> {
    // Before the types: if they change in between, they are read once more.
    const version = (await this.store.version(tenantId)) ?? 0;
    const known = this.kept.get(tenantId);
    const types = known?.types.version === version ? known.types : await this.read(tenantId, version);
    this.kept.set(tenantId, { types, readAtMs: Date.now() });
    return types;
  }

  private async read(tenantId: string, version: number): Promise<Types> {
    const [stored, published] = await Promise.all([
      this.store.list(tenantId),
      this.templates.published(tenantId),
    ]);
    return typesOf(version, stored, published);
  }
}

/** The built-in types with what is stored laid over them, and the stored ones of their own. */
export function typesOf(
  version: number,
  stored: readonly StoredType[],
  published: readonly PublishedTemplate[] = [],
): Types {
  const byName = new Map(builtInTypes.map((type) => [type.name, type]));
  const sources = new Map<string, TypeSource>();
  for (const { name, own, override, forAll } of stored) {
    const below: NotificationType | undefined = own ? { name, ...own } : byName.get(name);
    // A built-in type that this version of Carillon does not bring any more.
    if (!below) continue;
    const changes = named(override);
    byName.set(name, { ...below, ...changes });
    const before = own ? undefined : sources.get(name);
    const origin = own ? (forAll ? 'deployment' : 'tenant') : (before?.origin ?? 'built_in');
    sources.set(name, {
      origin,
      changed: [...new Set([...(before?.changed ?? []), ...Object.keys(changes)])].sort(),
    });
  }
  return {
    version,
    templates: new PublishedTemplates(published),
    find: (name) => byName.get(name),
    sourceOf: (name) =>
      byName.has(name) ? (sources.get(name) ?? { origin: 'built_in', changed: [] }) : undefined,
    all: [...byName.values()],
  };
}

function named<T extends object>(override: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(override ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
