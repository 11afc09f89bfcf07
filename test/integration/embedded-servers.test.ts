import { access, constants } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { searchAttributeNames } from '../../contracts/ids.js';
import { mongodbServer, mongodbUri } from '../../embedded/mongodb-server.js';
import { Ports } from '../../embedded/ports.js';
import { SupervisedChild } from '../../embedded/process.js';
import { mongodBinary } from '../../embedded/servers/binaries.js';
import {
  startDurableMongo,
  startDurableTemporal,
  startMongo,
  startTemporal,
  timeSkippingServer,
  withDatabase,
} from '../support/servers.js';

const { MongoClient } = mongoose.mongo;

async function connectMongo(uri: string) {
  const client = await MongoClient.connect(withDatabase(uri, 'things'), { serverSelectionTimeoutMS: 10_000 });
  onTestFinished(() => client.close());
  return client.db().collection<{ _id: string }>('things');
}

async function connectTemporal(address: string): Promise<Client> {
  const connection = await Connection.connect({ address });
  onTestFinished(() => connection.close());
  return new Client({ connection });
}

describe('MongoDB of the embedded default', () => {
  it('keeps its data when it comes up again on another port', async () => {
    const binary = await mongodBinary(() => undefined);
    const dataFolder = await mkdtemp(join(tmpdir(), 'carillon-moved-'));
    onTestFinished(() => rm(dataFolder, { recursive: true, force: true }));
    const ports = new Ports();

    for (const [round, port] of [await ports.take(0), await ports.take(0)].entries()) {
      const launch = mongodbServer({ binary, port, dataFolder, logPath: join(dataFolder, 'log') });
      const child = new SupervisedChild(launch.plan, {
        began: () => undefined,
        ended: () => undefined,
        say: () => undefined,
      });
      await child.start(launch.isReady, launch.readyWithinMs);
      onTestFinished(() => child.stop('at once'));
      const things = await connectMongo(mongodbUri(port, ''));
      if (round === 0) await things.insertOne({ _id: 'kept' }, { writeConcern: { w: 'majority' } });
      expect(await things.findOne({ _id: 'kept' })).toEqual({ _id: 'kept' });
      await child.stop();
    }
  });

  it('keeps acknowledged writes through a crash', async () => {
    const mongo = await startDurableMongo();
    onTestFinished(mongo.stop);
    const things = await connectMongo(mongo.uri);
    await things.insertOne({ _id: 'kept' }, { writeConcern: { w: 'majority' } });
    await mongo.kill();
    await mongo.restart();
    expect(await things.findOne({ _id: 'kept' })).toEqual({ _id: 'kept' });
  });
});

describe('MongoDB for tests', () => {
  it('takes transactions', async () => {
    const mongo = await startMongo();
    onTestFinished(mongo.stop);
    const client = await MongoClient.connect(withDatabase(mongo.uri, 'things'));
    onTestFinished(() => client.close());
    const things = client.db().collection<{ _id: string }>('things');
    await client.withSession((session) =>
      session.withTransaction(() => things.insertOne({ _id: 'one' }, { session })),
    );
    expect(await things.countDocuments()).toBe(1);
  });

  it.each([
    ['mongodb://127.0.0.1:1/?replicaSet=a', 'mongodb://127.0.0.1:1/mine?replicaSet=a'],
    ['mongodb://127.0.0.1:1/other?replicaSet=a', 'mongodb://127.0.0.1:1/mine?replicaSet=a'],
    ['mongodb://u:p@h1,h2:2', 'mongodb://u:p@h1,h2:2/mine'],
  ])('gives each test file its own database: %s', (uri, expected) => {
    expect(withDatabase(uri, 'mine')).toBe(expected);
  });
});

describe('Temporal of the embedded default', () => {
  it('knows Carillon’s search attributes from its first moment', async () => {
    const temporal = await startTemporal({ ui: true });
    onTestFinished(temporal.stop);
    const client = await connectTemporal(temporal.address);
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining([...searchAttributeNames]));
    expect((await fetch(temporal.uiUrl ?? '')).status).toBe(200);
  });

  it('keeps started workflows through a crash', async () => {
    const temporal = await startDurableTemporal();
    onTestFinished(temporal.stop);
    const client = await connectTemporal(temporal.address);
    const { workflowId } = await client.workflow.start('waiting', {
      taskQueue: 'nobody',
      workflowId: 'kept',
    });
    await temporal.kill();
    await temporal.restart();
    const { status } = await client.workflow.getHandle(workflowId).describe();
    expect(status.name).toBe('RUNNING');
  });

  it('has a time-skipping server for tests', async () => {
    await access(await timeSkippingServer(), constants.X_OK);
  });
});
