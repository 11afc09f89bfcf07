/**
 * A stand-in for the API in tests of the embedded default: ready when MongoDB takes a write, keeps tenants there, and
 * checks that it was given what the real one needs. It says nothing about the real API.
 */
import { createServer } from 'node:http';
import mongoose from 'mongoose';

const { CARILLON_BOOTSTRAP_KEY, CARILLON_KEYS, MONGODB_URI, TEMPORAL_ADDRESS, SMTP_URL } = process.env;
for (const [name, value] of Object.entries({ CARILLON_KEYS, TEMPORAL_ADDRESS, SMTP_URL })) {
  if (!value) throw new Error(`${name} was not given`);
}
const client = new mongoose.mongo.MongoClient(MONGODB_URI ?? '', { serverSelectionTimeoutMS: 1000 });
const tenants = client.db().collection<{ _id: string }>('tenants');
const json = (level: string, msg: string) => process.stdout.write(`${JSON.stringify({ level, msg })}\n`);

async function answer(method: string, path: string, authorization: string | undefined): Promise<number> {
  if (path === '/health/ready') {
    await tenants.countDocuments();
    return 200;
  }
  if (authorization !== `Bearer ${CARILLON_BOOTSTRAP_KEY}`) return 401;
  if (method === 'POST' && path === '/v1/tenants') {
    const { upsertedCount } = await tenants.updateOne(
      { _id: 'demo' },
      { $set: { _id: 'demo' } },
      { upsert: true },
    );
    return upsertedCount === 1 ? 201 : 409;
  }
  if (path === '/die') process.exit(7);
  return 404;
}

const server = createServer((request, response) => {
  answer(request.method ?? '', request.url ?? '', request.headers.authorization).then(
    (status) => response.writeHead(status).end(),
    () => response.writeHead(503).end(),
  );
});
server.listen(Number(process.env.CARILLON_API_PORT), process.env.CARILLON_API_HOST, () =>
  json('info', 'api listening'),
);
process.once('SIGTERM', () => {
  json('info', 'api stopped');
  process.exit(0);
});
