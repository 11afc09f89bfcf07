import { randomBytes } from 'node:crypto';
import { expect, inject } from 'vitest';
import type { z } from 'zod';
import { routes } from '../../api/routes/routes.js';
import type { Route } from '../../api/route.js';
import type {
  acceptedView,
  deliveryView,
  itemView,
  notificationFullView,
  notificationView,
  statusView,
} from '../../api/schemas.js';
import { errorBody } from '../../api/schemas.js';
import { errorStatus } from '../../contracts/errors.js';
import { finalDeliveryStatuses, isFinal, type NotificationStatus } from '../../contracts/statuses.js';
import {
  eventually,
  startEngine,
  type ApiCaller,
  type Engine,
  type EngineSettings,
} from '../support/engine.js';

export type Refusal = z.infer<typeof errorBody>;
export type Accepted = z.infer<typeof acceptedView>;
export type Told = z.infer<typeof statusView>;
export type Listed = z.infer<typeof notificationView>;
export type Full = z.infer<typeof notificationFullView>;
export type Delivery = z.infer<typeof deliveryView>;
export type Item = z.infer<typeof itemView>;
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

/** An API caller whose every answer was held against what its route declares. A refusal unless told otherwise. */
export type CheckedCaller = <T = Refusal>(...call: Parameters<ApiCaller>) => Promise<Answer<T>>;

/** An engine with a tenant of its own on the shared Temporal, and a caller that checks answers. */
export interface CheckedEngine extends Engine {
  call: CheckedCaller;
  tenantId: string;
}

export async function startChecked(settings: Partial<EngineSettings> = {}): Promise<CheckedEngine> {
  const tenantId = `t${randomBytes(5).toString('hex')}`;
  const engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    tenant: { id: tenantId, timezone: 'Europe/Paris' },
    ...settings,
    // Some files call faster than a person may.
    env: { CARILLON_REQUESTS_PER_SECOND_PER_PERSON: '1000000', ...settings.env },
  });
  return { ...engine, call: checked(engine.api), tenantId };
}

/** Fails where an answer is not what the route declares: its status, its fields and no others; or the error table. */
export function checked(api: ApiCaller): CheckedCaller {
  return async <T>(...call: Parameters<ApiCaller>): Promise<Answer<T>> => {
    const answer = await api(...call);
    expectDeclared(call[0], call[1], answer);
    return answer;
  };
}

export function expectDeclared(
  method: string,
  pathAndQuery: string,
  answer: { status: number; body: unknown; headers: Headers },
): void {
  const what = `${method} ${pathAndQuery.slice(0, 200)} → ${answer.status}`;
  expect(answer.headers.get('x-request-id'), what).toMatch(/^[\w.-]+$/);
  const declared = routeOf(method, pathAndQuery)?.answers[answer.status];
  if (!declared) {
    const error = errorBody.strict().parse(answer.body);
    expect(errorStatus[error.code], what).toBe(answer.status);
    return;
  }
  if (!declared.schema) expect(answer.body, what).toBeUndefined();
  // What the schema does not name is dropped by parsing, and so told.
  else expect(answer.body, what).toEqual(declared.schema.parse(answer.body));
}

/** The route that takes a call, in the order in which they are mounted. */
export function routeOf(method: string, pathAndQuery: string): Route | undefined {
  const [path = ''] = pathAndQuery.split('?');
  return routes.find(
    (route) =>
      route.method === method.toLowerCase() &&
      new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
}

/** ISO 8601, so many seconds from now. */
export function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

/** Quiet hours that began yesterday and go on for three days: what interrupts is held now, wherever the person is. */
export function quietNow() {
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const today = new Date().getUTCDay();
  const days = [6, 0, 1, 2].map((ahead) => names[(today + ahead) % 7]);
  return { windows: [{ days, start: '00:00', end: '00:00' }] };
}

/** A trigger's body for a person brought along. */
export function approval(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'approval_request',
    to: { recipient: { id, email: `${id}@example.com` } },
    data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
    ...more,
  };
}

/** Triggers, expects 202 and answers the ID. */
export async function accept(engine: CheckedEngine, body: Record<string, unknown>): Promise<string> {
  const answer = await engine.call<Accepted>('POST', '/v1/notifications', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return answer.body.id;
}

/** Triggers with `?wait=decision`, so that its plan is stored when this resolves. */
export async function plan(engine: CheckedEngine, body: Record<string, unknown>): Promise<string> {
  const answer = await engine.call<Accepted>('POST', '/v1/notifications?wait=decision', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return answer.body.id;
}

/** The notification once it is over, and its log with it: that is written after the status. */
export async function ended(engine: CheckedEngine, id: string): Promise<Full> {
  const { body } = await eventually(
    `${id} over`,
    () => engine.call<Full>('GET', `/v1/notifications/${id}`),
    ({ status, body: seen }) =>
      status === 200 &&
      isFinal(seen.status) &&
      seen.deliveries.length >= askedFor(seen) &&
      seen.deliveries.every((delivery) => finalDeliveryStatuses.includes(delivery.status)),
  );
  return body;
}

/** How many channels its log names by now: what nobody asked for, or only a later step of an escalation, is not in it. */
function askedFor({ plan: { channels } }: Full): number {
  const later: (string | undefined)[] = ['not_requested', 'escalation'];
  return Object.values(channels).filter(
    (decision) => decision && !('reason' in decision && later.includes(decision.reason)),
  ).length;
}

/** The notification once it has this status. */
export async function reached(engine: CheckedEngine, id: string, status: NotificationStatus): Promise<Full> {
  const { body } = await eventually(
    `${id} ${status}`,
    () => engine.call<Full>('GET', `/v1/notifications/${id}`),
    (answer) => answer.status === 200 && answer.body.status === status,
  );
  return body;
}

/** Triggers and waits for the end. */
export async function run(engine: CheckedEngine, body: Record<string, unknown>): Promise<Full> {
  return ended(engine, await accept(engine, body));
}

/** A person's token; the person is created if need be. */
export async function tokenOf(engine: CheckedEngine, id: string): Promise<string> {
  const path = `/v1/subscribers/${encodeURIComponent(id)}`;
  if ((await engine.api('GET', path)).status === 404) await engine.call('PUT', path, {});
  const made = await engine.call<{ token: string }>('POST', `${path}/token`, {});
  expect(made.status).toBe(201);
  return made.body.token;
}

/** An API key of the engine's tenant, or of another. */
export async function keyOf(
  engine: CheckedEngine,
  roles: ('admin' | 'manager' | 'sender')[],
  tenant = engine.tenantId,
): Promise<{ id: string; key: string }> {
  const made = await engine.call<{ id: string; key: string }>(
    'POST',
    '/v1/api-keys',
    { name: roles.join(' and '), roles },
    { tenant },
  );
  expect(made.status).toBe(201);
  return made.body;
}

/** Calls as a person. */
export function asPerson(engine: CheckedEngine, token: string): CheckedCaller {
  return <T>(...[method, path, body, options]: Parameters<ApiCaller>) =>
    engine.call<T>(method, path, body, { token, ...options });
}

/** Follows `nextCursor` to the end; fails on an endless list. */
export async function allPages<T>(call: CheckedCaller, path: string): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | null = null;
  do {
    const next = cursor === null ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`;
    const answer: Answer<Page<T>> = await call<Page<T>>('GET', next);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    pages.push(answer.body.items);
    cursor = answer.body.nextCursor;
  } while (cursor !== null && pages.length < 100);
  expect(cursor, 'the last page').toBeNull();
  return pages;
}
