import { demoTenant } from './demo-tenant.js';
import type { Endpoints } from './endpoints.js';

const example = {
  type: 'approval_request',
  to: { recipient: { id: 'ann', email: 'ann@example.com' } },
  data: { contract: { title: 'NDA with Acme' }, requester: 'Ben' },
};

/** What is printed when everything is ready: where things are, the key, and a first notification to send. */
export function banner(endpoints: Endpoints, facts: { seconds: number; dataFolder: string }): string {
  const places: [string, string | null][] = [
    ['Start here', endpoints.demo],
    ['Console', `${endpoints.api}/console`],
    ['API', endpoints.api],
    ['API docs', `${endpoints.api}/docs`],
    ['Temporal', endpoints.temporal],
    ['Temporal Web UI', endpoints.temporalUi],
    ['Mail page', endpoints.mail],
    ['MongoDB', withoutPassword(endpoints.mongodb)],
    ['SMTP', withoutPassword(endpoints.smtp)],
    ['Data and logs', facts.dataFolder],
    ['API key', endpoints.apiKey],
  ];
  return [
    '',
    `Carillon is ready after ${facts.seconds.toFixed(1)} s.`,
    '',
    ...places.flatMap(([name, place]) => (place === null ? [] : [`  ${name.padEnd(16)} ${place}`])),
    '',
    'Send a first notification:',
    '',
    `  curl -X POST ${endpoints.api}/v1/notifications \\`,
    `    -H 'Authorization: Bearer ${endpoints.apiKey}' \\`,
    `    -H 'X-Tenant-Id: ${demoTenant}' -H 'Content-Type: application/json' \\`,
    `    -d '${JSON.stringify(example)}'`,
    '',
    'Ctrl-C stops everything; the data stay.',
    '',
  ].join('\n');
}

/** A URL of one's own may carry a password, which has no place on a screen. */
function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^/@:]*):[^/]*@/, '$1:***@');
}
