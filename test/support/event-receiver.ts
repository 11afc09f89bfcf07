import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { OutboundEvent } from '../../contracts/outbound-events.js';
import { eventually } from './engine.js';
import { startFakeHttp, type FakeAnswer, type FakeHttp } from './fake-http.js';

/** A tenant's server that verifies events with the library that a real receiver would use. */
export interface EventReceiver extends FakeHttp {
  /** Its endpoint's URL. */
  endpoint: string;
  /** Those that it accepts; one of them is enough. */
  secrets: string[];
  /** What it took, in the order of arrival. */
  events: OutboundEvent[];
  /** IDs in headers, of what it took. */
  ids: string[];
  /** Resolves with all that it took about a subject, once `accept` says yes of their types. */
  until(subject: string, accept: (types: string[]) => boolean, deadlineMs?: number): Promise<OutboundEvent[]>;
  /** In place of its own answer, for every request from now on; undefined makes it itself again. */
  always: FakeAnswer | undefined;
}

/** The ID of the notification that an event is about. */
export function notificationOf({ data }: OutboundEvent): unknown {
  return data.notificationId ?? data.id;
}

export async function startEventReceiver(): Promise<EventReceiver> {
  const state: Pick<EventReceiver, 'secrets' | 'events' | 'ids' | 'always'> = {
    secrets: [],
    events: [],
    ids: [],
    always: undefined,
  };
  const http = await startFakeHttp(({ body, headers }) => {
    if (state.always !== undefined) return state.always;
    const given = Object.fromEntries(headers);
    for (const secret of state.secrets) {
      try {
        state.events.push(new Webhook(secret).verify(body, given) as OutboundEvent);
        state.ids.push(given['webhook-id'] ?? '');
        return { status: 204 };
      } catch (error) {
        if (!(error instanceof WebhookVerificationError)) throw error;
      }
    }
    return { status: 401, body: 'no matching signature' };
  });
  const about = (subject: string) => state.events.filter((event) => notificationOf(event) === subject);
  return Object.assign(state, http, {
    endpoint: `${http.url}/events/pathSECRET1234567890`,
    until: (subject: string, accept: (types: string[]) => boolean, deadlineMs?: number) =>
      eventually(
        `events of ${subject}`,
        () => Promise.resolve(about(subject)),
        (events) => accept(events.map(({ type }) => type)),
        deadlineMs,
      ),
  });
}
