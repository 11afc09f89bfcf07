import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyRing } from './key-ring.js';

const ENCODING = 'binary/encrypted';
const CONTEXT = 'carillon/temporal-payload';
const QUOTE = '"'.charCodeAt(0);
/** How the answer to `__temporal_workflow_metadata` begins; no input or result of ours does. */
const METADATA_ANSWER = '{"definition":{"type":';
const decoder = new TextDecoder();

/**
 * Encrypts what Temporal stores: workflow inputs and results, activity arguments, signals, updates, memos.
 *
 * Workflows and activities exchange objects; the only bare strings are the labels written for operators (static
 * summary, activity summaries), and the only object with current details is the SDK's answer to the Web UI's metadata
 * query. Both hold IDs and no address, and stay readable. Everything else is sealed. Payloads typed by hand (CLI, Web
 * UI) arrive unsealed and pass through.
 */
export class EncryptionCodec implements PayloadCodec {
  constructor(private readonly ring: KeyRing) {}

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((payload) => (isLabel(payload) ? payload : this.seal(payload))));
  }

  /** @throws when the key is not in the ring or the payload was tampered with. */
  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((payload) => this.open(payload)));
  }

  private seal(payload: Payload): Payload {
    const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
    const { keyId, sealed } = this.ring.seal(plain, CONTEXT);
    return {
      metadata: { encoding: Buffer.from(ENCODING), 'encryption-key-id': Buffer.from(keyId) },
      data: sealed,
    };
  }

  private open(payload: Payload): Payload {
    if (!payload.metadata?.encoding || decoder.decode(payload.metadata.encoding) !== ENCODING) return payload;
    const keyId = decoder.decode(payload.metadata['encryption-key-id'] ?? new Uint8Array());
    const plain = this.ring.open(keyId, payload.data ?? new Uint8Array(), CONTEXT);
    return proto.temporal.api.common.v1.Payload.decode(plain);
  }
}

function isLabel(payload: Payload): boolean {
  const { metadata, data } = payload;
  if (!data || !metadata?.encoding || decoder.decode(metadata.encoding) !== 'json/plain') return false;
  return data[0] === QUOTE || decoder.decode(data.subarray(0, METADATA_ANSWER.length)) === METADATA_ANSWER;
}
