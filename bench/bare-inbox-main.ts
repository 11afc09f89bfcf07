import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { z } from 'zod';
import { createLogger } from '../runtime/logger.js';
import { openMongo } from '../runtime/mongodb.js';
import { runProcess } from '../runtime/run-process.js';

const environment = z.object({
  MONGODB_URI: z.string(),
  BARE_HTTP_PORT: z.coerce.number(),
  BARE_TENANT: z.string(),
  BARE_LIMIT: z.coerce.number(),
});

// What reading an inbox over HTTP costs without anything else: Express, the driver's query, the rows as JSON.
await runProcess('bare-inbox', async ({ onStop }) => {
  const {
    MONGODB_URI: uri,
    BARE_HTTP_PORT: port,
    BARE_TENANT: tenantId,
    BARE_LIMIT: limit,
  } = environment.parse(process.env);
  const mongo = openMongo(uri, { name: 'bare-inbox' });
  await mongo.asPromise();
  const app = express();
  app.get('/inbox/:person', async (request, response) => {
    const rows = await mongo
      .collection('notifications')
      .find({ tenantId, recipientId: request.params.person, box: 'inbox' })
      .sort({ inboxAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
    response.json({ items: rows });
  });
  const server = createServer(app);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  createLogger({ level: 'info', name: 'bare-inbox' }).info('bare inbox ready');
  onStop(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'close');
  await mongo.close();
});
