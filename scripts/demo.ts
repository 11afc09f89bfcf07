import { NotRunning, readEndpoints } from '../embedded/read-endpoints.js';
import type { Endpoints } from '../embedded/endpoints.js';
import { call } from './demo/calls.js';
import { people, scenes, type Scene } from './demo/story.js';

interface Notification {
  id: string;
  recipient: string;
  status: string;
  temporalUrl: string | null;
  deliveries: { channel: string; status: string; reason: string | null; failureReason: string | null }[];
  plan: { channels: Record<string, { action: string; reason?: string }> } | null;
}

const PATIENCE_MS = 30_000;

/** `npm run demo`: plays a contract's life against the running system and says where to look. */
try {
  await play(await readEndpoints());
} catch (error) {
  console.error(error instanceof NotRunning ? error.message : error);
  process.exitCode = 1;
}

async function play(endpoints: Endpoints): Promise<void> {
  console.log(`\nA contract’s life, against ${endpoints.api}\n`);
  if (endpoints.demo !== null) console.log(`Watch Ann’s bell meanwhile: ${endpoints.demo}\n`);
  for (const { role: _role, id, ...person } of people)
    await call(endpoints, 'PUT', `/v1/subscribers/${id}`, person);
  console.log(people.map((person) => `  ${person.id.padEnd(6)} ${person.role}`).join('\n'));

  let last: Notification | undefined;
  for (const scene of scenes) {
    console.log(`\n▸ ${scene.title}`);
    for (const notification of await playScene(endpoints, scene)) {
      console.log(
        `    ${notification.recipient.padEnd(6)} ${notification.status.padEnd(10)} ${tell(notification)}`,
      );
      last = notification;
    }
  }

  console.log('\nUnread in the inbox:');
  for (const { id } of people) {
    const { token } = await call<{ token: string }>(endpoints, 'POST', `/v1/subscribers/${id}/token`);
    const counts = await call<{ unread: number }>(endpoints, 'GET', '/v1/me/inbox/counts', undefined, token);
    console.log(`    ${id.padEnd(6)} ${counts.unread}`);
  }
  lookAt(endpoints, last);
}

async function playScene(endpoints: Endpoints, scene: Scene): Promise<Notification[]> {
  const accepted = await Promise.all(
    scene.triggers.map((trigger) => call<{ id: string }>(endpoints, 'POST', '/v1/notifications', trigger)),
  );
  return Promise.all(accepted.map(({ id }) => untilEnded(endpoints, id)));
}

async function untilEnded(endpoints: Endpoints, id: string): Promise<Notification> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const notification = await call<Notification>(endpoints, 'GET', `/v1/notifications/${id}`);
    if (!['accepted', 'sending'].includes(notification.status) || Date.now() > endMs) return notification;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function tell(notification: Notification): string {
  return notification.deliveries
    .map(({ channel, status, reason, failureReason }) => {
      const why = failureReason ?? reason;
      return `${channel} ${status}${why === null ? '' : ` (${why})`}`;
    })
    .join(', ');
}

function lookAt(endpoints: Endpoints, last: Notification | undefined): void {
  const places: [string, string | null | undefined][] = [
    ['To try it yourself', endpoints.demo],
    ['The mails', endpoints.mail],
    ['Every run, for operators', endpoints.temporalUi],
    ['The last run', last?.temporalUrl],
    ['The API, to try', `${endpoints.api}/docs`],
  ];
  console.log('\nWhere to look:');
  for (const [what, url] of places) if (url) console.log(`    ${what.padEnd(26)} ${url}`);
  console.log(
    `\n    The delivery log:\n    curl ${endpoints.api}/v1/deliveries -H 'Authorization: Bearer ${endpoints.apiKey}' -H 'X-Tenant-Id: demo'\n`,
  );
}
