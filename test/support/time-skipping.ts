import { randomBytes } from 'node:crypto';
import { Client, type Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import proto from '@temporalio/proto';
import { searchAttributeNames } from '../../contracts/ids.js';
import { parseKeyRing } from '../../runtime/key-ring.js';
import { dataConverter } from '../../runtime/temporal.js';
import { startEngine, type Engine, type EngineSettings } from './engine.js';
import { timeSkippingServer } from './servers.js';

/**
 * The product over a Temporal server whose clock the test moves. Between `skip`s that clock runs like any other.
 * Activities, the API and MongoDB stay on the machine's clock, which the server's is never behind.
 */
export interface TimeSkippingEngine extends Engine {
  /** The server's clock, in milliseconds. */
  nowMs(): Promise<number>;
  /** Moves the server's clock on. Timers, and retries of activities, that fall due meanwhile fire in their order. */
  skip(ms: number): Promise<void>;
  /** Moves it on to an instant (ms) that is ahead. */
  skipTo(ms: number): Promise<void>;
}

const NAMESPACE = 'default';

/** Starts an {@link Engine} with a time-skipping server of its own. */
export async function startTimeSkippingEngine(
  settings: Omit<EngineSettings, 'temporalAddress' | 'client'>,
): Promise<TimeSkippingEngine> {
  const keys = `k1:${randomBytes(32).toString('base64')}`;
  const converter = dataConverter(parseKeyRing(keys));
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: await timeSkippingServer() } },
    client: { dataConverter: converter },
  });
  await addSearchAttributes(environment.connection);
  const engine = await startEngine({
    ...settings,
    env: { CARILLON_KEYS: keys, ...settings.env },
    temporalAddress: environment.address,
    // Not the environment's own client: awaiting a result, that one lets the clock run to the next timer, be it the
    // one of a run's ten-year limit.
    client: new Client({
      connection: environment.connection,
      namespace: NAMESPACE,
      dataConverter: converter,
    }),
  });
  const nowMs = () => environment.currentTimeMs();
  const skip = (ms: number) => environment.sleep(ms);
  return {
    ...engine,
    nowMs,
    skip,
    skipTo: async (ms) => skip(ms - (await nowMs())),
    stop: async () => {
      await engine.stop();
      await environment.teardown();
    },
  };
}

/** `registerSearchAttributes` looks first which ones there are; this server cannot be asked, and starts with none. */
async function addSearchAttributes({ operatorService }: Connection): Promise<void> {
  const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;
  await operatorService.addSearchAttributes({
    namespace: NAMESPACE,
    searchAttributes: Object.fromEntries(
      searchAttributeNames.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]),
    ),
  });
}
