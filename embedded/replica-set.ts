import mongoose from 'mongoose';

const { MongoClient, MongoNetworkError, MongoServerError, MongoServerSelectionError } = mongoose.mongo;

/** Name of the replica set of one. It is written into the data folder at the first start. */
export const replicaSetName = 'carillon';

/**
 * One look at a mongod on this machine: initiates its replica set at the first start, moves it to the port that the
 * server listens on now, and answers whether it takes writes yet. False while it does not answer or is still electing.
 * @throws when the server refuses for another reason, e.g. because the data belong to another replica set.
 */
export async function becomesPrimary(port: number): Promise<boolean> {
  const host = `127.0.0.1:${port}`;
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1000,
  });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary === true && hello.me === host) return true;
    const config = await currentConfig(client);
    if (config === undefined) {
      await admin.command({ replSetInitiate: { _id: replicaSetName, members: [{ _id: 0, host }] } });
    } else if (config.members[0]?.host !== host) {
      const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] };
      // Forced, since a member that does not find itself in its own configuration is no primary who could be asked.
      await admin.command({ replSetReconfig: moved, force: true });
    }
    return false;
  } catch (error) {
    if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return false;
    if (error instanceof MongoServerError && mayPass.has(String(error.codeName))) return false;
    throw error;
  } finally {
    await client.close();
  }
}

/** Answers of a server that is coming up or changing its role. */
const mayPass = new Set([
  'NotYetInitialized',
  'InterruptedDueToReplStateChange',
  'NotPrimaryOrSecondary',
  'PrimarySteppedDown',
  'ConfigurationInProgress',
  'ShutdownInProgress',
  'AlreadyInitialized',
]);

interface ReplicaSetConfig {
  version: number;
  members: { host: string }[];
}

/** The stored configuration, or undefined at the first start. */
async function currentConfig(
  client: InstanceType<typeof MongoClient>,
): Promise<ReplicaSetConfig | undefined> {
  try {
    const answer = await client.db('admin').command({ replSetGetConfig: 1 });
    return answer.config as ReplicaSetConfig;
  } catch (error) {
    if (error instanceof MongoServerError && error.codeName === 'NotYetInitialized') return undefined;
    throw error;
  }
}
