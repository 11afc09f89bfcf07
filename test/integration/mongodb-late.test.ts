import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { expect, inject, it, onTestFinished } from 'vitest';
import { Ports } from '../../embedded/ports.js';
import { pingMongo } from '../../models/models.js';
import { openMongo } from '../../runtime/mongodb.js';
import { eventually } from '../support/engine.js';

/** Leads from a port to the run's MongoDB. */
async function openDoor(port: number, target: URL): Promise<Server> {
  const door = createServer((socket) => {
    const behind = connect(Number(target.port), target.hostname);
    socket.pipe(behind).pipe(socket);
    for (const end of [socket, behind])
      end.on('error', () => [socket, behind].forEach((one) => one.destroy()));
  });
  door.listen(port, '127.0.0.1');
  await once(door, 'listening');
  return door;
}

it('finds a MongoDB that was not there when the process started', async () => {
  const uri = new URL(inject('mongodbUri'));
  const port = await new Ports().take(0);
  const late = new URL(uri);
  late.port = String(port);
  const mongo = openMongo(late.href, { name: 'late' });
  onTestFinished(() => mongo.close());
  await expect(mongo.asPromise()).rejects.toThrow();
  const door = await openDoor(port, uri);
  onTestFinished(() => void door.close());
  const isThere = () =>
    pingMongo(mongo).then(
      () => true,
      () => false,
    );
  await eventually('there', isThere, Boolean);
});
