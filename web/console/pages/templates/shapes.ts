// What the API says of templates.

export interface Template {
  name: string;
  channel: string | null;
  locale: string;
  topic: string | null;
  latest: number;
  published: { version: number; at: string; by: string } | null;
  updatedAt: string;
}

export interface Version {
  id: string;
  version: number;
  published: boolean;
  note: string | null;
  uses: { kind: string; name: string; current: boolean }[];
  createdAt: string;
  createdBy: string;
}

export interface TemplateInFull extends Template {
  versions: Version[];
}

export type Source = Record<string, unknown>;

export interface VersionInFull extends Version {
  source: Source;
}

export interface Preview {
  data: Record<string, unknown>;
  rendered: Record<string, unknown>;
  warnings: { path: string; message: string }[];
}

export type Kind = 'templates' | 'partials' | 'layouts';

/** Where a template is, in the API and in the console alike. */
export interface TemplatePlace {
  kind: Kind;
  name: string;
  channel?: string;
  locale: string;
  topic: string | null;
}

/** Below `/v1/` and below `/console/`: `templates/mention/email/en`. */
export function placePath({ kind, name, channel, locale }: Omit<TemplatePlace, 'topic'>): string {
  const parts = [name, ...(channel === undefined ? [] : [channel]), locale];
  return `${kind}/${parts.map(encodeURIComponent).join('/')}`;
}
