import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { searchAttributeNames } from '../contracts/ids.js';
import type { Config } from './config.js';
import type { KeyRing } from './key-ring.js';
import type { Tracing } from './tracing/start.js';
import { EncryptionCodec } from './payload-codec.js';

/** The data converter that every client and worker uses: encrypting wherever a key ring is configured. */
export function dataConverter(ring: KeyRing | undefined): DataConverter {
  return ring ? { payloadCodecs: [new EncryptionCodec(ring)] } : {};
}

/** A client that has not dialled yet: its calls do, and fail with a ServiceError while the server is away. */
export function lazyTemporalClient(
  config: Pick<Config, 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'CARILLON_KEYS'>,
  tracing?: Pick<Tracing, 'clientInterceptors'>,
): Client {
  const connection = Connection.lazy({ address: config.TEMPORAL_ADDRESS });
  return new Client({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    dataConverter: dataConverter(config.CARILLON_KEYS),
    ...(tracing ? { interceptors: tracing.clientInterceptors } : {}),
  });
}

/**
 * Registers the search attributes that are missing. Safe to call from every process at every start.
 * @throws ServiceError when the server is away, or the caller may not change the namespace.
 */
export async function registerSearchAttributes(client: Client): Promise<void> {
  const { operatorService } = client.connection as Connection;
  const namespace = client.options.namespace;
  const existing = await operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributeNames.filter((name) => !(name in (existing.customAttributes ?? {})));
  if (missing.length === 0) return;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      missing.map((name) => [name, proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD]),
    ),
  });
}

/** True when the server answers for the namespace within `timeoutMs`. */
export async function pingTemporal(client: Client, timeoutMs: number): Promise<void> {
  const connection = client.connection as Connection;
  await connection.withDeadline(Date.now() + timeoutMs, () =>
    connection.workflowService.describeNamespace({ namespace: client.options.namespace }),
  );
}
