import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { EncryptionCodec } from '../../runtime/payload-codec.js';
import type { ApiDependencies } from '../dependencies.js';
import { route } from '../route.js';

const tag = 'codec';

const base64 = z.base64('must be base64');
/** A payload in the JSON form of its protobuf message. */
const payload = z.object({ metadata: z.record(z.string(), base64).optional(), data: base64.optional() });
const payloads = z.object({ payloads: z.array(payload).max(1000) });
type JsonPayload = z.infer<typeof payload>;
// The Web UI says `preserveStorageRefs`, which concerns payloads that are stored elsewhere: here none is.
const query = z.object({ preserveStorageRefs: z.string().optional() });

const coding = (direction: 'encode' | 'decode', summary: string) =>
  route({
    method: 'post',
    path: `/codec/${direction}`,
    tag,
    summary,
    access: 'platform',
    audit: `payloads.${direction}d`,
    query,
    body: payloads,
    answers: { 200: { description: 'the payloads, in the same order', schema: payloads } },
    async handle({ body }, deps) {
      // It changes nothing, and concerns no one tenant: there is nothing to leave in a trail.
      const coding = await coded(direction, body.payloads, deps);
      return { status: 200, body: { payloads: coding }, audited: undefined };
    },
  });

async function coded(
  direction: 'encode' | 'decode',
  given: JsonPayload[],
  { config }: ApiDependencies,
): Promise<JsonPayload[]> {
  if (config.CARILLON_KEYS === undefined) return given;
  const codec = new EncryptionCodec(config.CARILLON_KEYS);
  try {
    return (await codec[direction](given.map(fromJson))).map(toJson);
  } catch (error) {
    throw new CarillonError(
      'unprocessable',
      'a payload was sealed with a key that is not in the ring, or was tampered with',
      undefined,
      { cause: error },
    );
  }
}

function fromJson({ metadata = {}, data }: JsonPayload) {
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
    ),
    data: data === undefined ? undefined : Buffer.from(data, 'base64'),
  };
}

function toJson({
  metadata,
  data,
}: {
  metadata?: Record<string, Uint8Array> | null;
  data?: Uint8Array | null;
}) {
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
    ...(data ? { data: Buffer.from(data).toString('base64') } : {}),
  };
}

export const codecRoutes = [
  coding('encode', 'Seal payloads as Carillon does, for the Temporal CLI and Web UI'),
  coding('decode', 'Open payloads that Carillon sealed, for the Temporal CLI and Web UI'),
];
