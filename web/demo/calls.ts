// What the page asks of its server. It holds people's own tokens, never a key: the server acts for the demo's tenant.
import type { ChannelName, Severity } from '../client/shapes.js';

export interface Person {
  id: 'ann' | 'ben';
  name: string;
  role: string;
  place: string;
  token: string;
}

export interface Contract {
  id: string;
  title: string;
  party: string;
  status: string;
}

export interface TypeButton {
  name: string;
  label: string;
  category: string;
  severity: Severity;
  critical: boolean;
  channels: ChannelName[];
}

export interface Session {
  people: Person[];
  contracts: Contract[];
  types: TypeButton[];
  links: { docs: string; temporalUi: string | null; mail: string | null };
}

interface Decision {
  action: 'send' | 'hold' | 'digest' | 'skip';
  until?: string;
  reason?: string;
}

interface Delivery {
  id: string;
  channel: string;
  target: string;
  status: string;
  provider: string;
  retryCount: number;
  failureReason: string | null;
  reason: string | null;
  sentAt: string | null;
  nextAttemptAt: string | null;
}

/** A notification with its whole story, as `GET /v1/notifications/{id}` tells it. */
export interface Story {
  id: string;
  type: string;
  severity: Severity;
  recipient: string;
  status: string;
  title: string | null;
  createdAt: string;
  heldUntil: string | null;
  plan: { decidedAt: string | null; channels: Record<string, Decision> };
  deliveries: Delivery[];
  timeline: { at: string; event: string; detail?: string }[];
  temporalUrl: string | null;
}

export interface Press {
  type: string;
  to: Person['id'];
  contract?: string;
  also?: string[];
}

export const openSession = () => call<Session>('POST', '/demo/session');
export const trigger = (press: Press) => call<{ id: string }>('POST', '/demo/trigger', press);
export const stories = () => call<{ items: Story[] }>('GET', '/demo/notifications');
export const sendNow = (id: string) => call<unknown>('POST', `${storyPath(id)}/expedite`);

/** Where the story is told as JSON. */
export function storyPath(id: string): string {
  return `/demo/notifications/${encodeURIComponent(id)}`;
}

/** @throws with the server's own words. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json().catch(() => undefined)) as unknown;
  if (response.ok) return answer as T;
  const { detail } = (answer ?? {}) as { detail?: string };
  throw new Error(detail ?? `the server answered ${response.status}`);
}
