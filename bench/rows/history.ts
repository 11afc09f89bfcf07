import { createTenant, requestFor, startNotification } from '../notifications.js';
import type { Row } from '../row.js';
import { refusingDomain } from '../smtp-sink.js';

/** What one notification leaves in Temporal, in events. */
export const history: Row = {
  name: 'history',
  async run({ stack, options, say }) {
    const { client, accepting, api } = stack;
    const events = async (tenantId: string, domain: string) => {
      const [person = ''] = await createTenant(api.models, tenantId, { people: 1, domain });
      const handle = client.workflow.getHandle(
        await startNotification(accepting, tenantId, requestFor(person)),
      );
      await handle.result();
      const { events: found } = await handle.fetchHistory();
      return (found ?? []).map((event) => String(event.eventType));
    };
    const plain = await events('history', 'example.com');
    const line = {
      what: 'history events, in-app + email, nothing to wait for',
      carillon: String(plain.length),
      target: { atMost: 8 },
      ratio: plain.length,
    };
    if (options.quick) return { lines: [line], raw: { plain } };
    say('waiting about a minute for a retry');
    const retried = await events('history-retried', refusingDomain);
    return {
      lines: [line, { what: 'the same with one retry', carillon: String(retried.length) }],
      raw: { plain, retried },
    };
  },
};
