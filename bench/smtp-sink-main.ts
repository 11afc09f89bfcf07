import { once } from 'node:events';
import { createServer } from 'node:http';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';
import { createLogger } from '../runtime/logger.js';
import { runProcess } from '../runtime/run-process.js';
import { countedDomain, hangingDomain, refusingDomain, type SinkCounts } from './smtp-sink.js';

const environment = z.object({ SINK_SMTP_PORT: z.coerce.number(), SINK_HTTP_PORT: z.coerce.number() });

// A real SMTP server that counts and forgets, in a process of its own, so that its work is not taken for the bench's.
await runProcess('smtp-sink', async ({ onStop }) => {
  const ports = environment.parse(process.env);
  const counts = { accepted: 0, distinct: 0, doubled: 0 };
  const counted = new Set<string>();
  const refused = new Set<string>();
  const hanging = new Set<string>();

  const smtp = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, session, callback) => {
      const domain = address.slice(address.lastIndexOf('@') + 1);
      if (domain === hangingDomain) {
        hanging.add(session.id);
      } else if (domain === refusingDomain && !refused.has(address)) {
        refused.add(address);
        callback(Object.assign(new Error('4.3.0 try again later'), { responseCode: 451 }));
      } else {
        callback();
      }
    },
    onData: (stream, session, callback) => {
      stream.resume();
      stream.on('end', () => {
        counts.accepted += 1;
        for (const { address } of session.envelope.rcptTo) {
          if (!address.endsWith(`@${countedDomain}`)) continue;
          if (counted.has(address)) counts.doubled += 1;
          else counts.distinct += 1;
          counted.add(address);
        }
        callback();
      });
    },
    onClose: (session) => void hanging.delete(session.id),
  });
  // A client that gives up on a connection is the client's business.
  smtp.on('error', () => undefined);
  smtp.listen(ports.SINK_SMTP_PORT, '127.0.0.1');

  const http = createServer((_request, response) => {
    const now: SinkCounts = { ...counts, hanging: hanging.size, connections: smtp.connections.size };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(now));
  });
  http.listen(ports.SINK_HTTP_PORT, '127.0.0.1');
  await once(http, 'listening');
  createLogger({ level: 'info', name: 'smtp-sink' }).info('sink ready');
  onStop(() => http.close());
  await once(http, 'close');
});
