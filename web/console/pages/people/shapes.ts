// What the API says of people.

export interface Person {
  id: string;
  email: string | null;
  phone: string | null;
  locale: string | null;
  timezone: string | null;
  roles: string[];
  pushTokens: string[];
  slackUserId: string | null;
  teamsUserId: string | null;
  webhookUrl: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Suppression {
  id: string;
  channel: string;
  address: string;
  reason: string;
  category: string | null;
  detail: string | null;
  createdAt: string;
}

export interface Device {
  id: string;
  kind: string;
  createdAt: string;
}

type By = 'person' | 'tenant' | 'default';
export interface From<T> {
  value: T;
  source: By;
}

export interface Switch {
  enabled: boolean;
  source: string;
  locked: boolean;
  cadence?: string;
}

export interface Effective {
  channels: Record<string, { enabled: boolean; source: string; configured: boolean }>;
  types: Record<string, Record<string, Switch>>;
  quietHours: From<{
    timezone?: string;
    windows: { days: string[]; start: string; end: string }[];
  } | null>;
  timezone: From<string>;
  digestAt: From<string>;
  digestOn: From<string>;
}

/** `GET /v1/subscribers/{id}/preferences` */
export interface Preferences {
  types: Record<string, unknown>;
  mutedTopics: string[];
  mutedUntil: string | null;
  effective: Effective;
}

export function personPath(id: string, what = ''): string {
  return `/v1/subscribers/${encodeURIComponent(id)}${what}`;
}
