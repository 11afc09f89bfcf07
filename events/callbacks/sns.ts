import { createVerify, X509Certificate } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { jsonIn } from '../../contracts/json.js';
import { refused, type Taken } from './callback.js';

/** A message of Amazon SNS to an HTTPS endpoint. */
const snsMessage = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().max(200),
  TopicArn: z.string().max(500),
  Message: z.string(),
  Subject: z.string().nullish(),
  Timestamp: z.iso.datetime(),
  Token: z.string().optional(),
  SubscribeURL: z.string().max(4096).optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64(),
  SigningCertURL: z.string().max(500),
});
export type SnsMessage = z.infer<typeof snsMessage>;

const hashes = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;
/** https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
const signedFields = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

const TOPIC = /^arn:aws(?:-cn|-us-gov)?:sns:([a-z0-9-]{3,40}):\d{12}:[\w-]{1,256}(?:\.fifo)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{16,64}\.pem$/;

/** SNS tries for hours where an endpoint does not answer; what is older was kept by somebody else. */
const OLDEST_MS = 24 * 3_600_000;
const FROM_THE_FUTURE_MS = 5 * 60_000;
/** How long a certificate is kept: SNS changes them every few months. */
const CERTIFICATE_MS = 24 * 3_600_000;
const MAX_CERTIFICATE = 20_000;

/** Fetches what stands at an address, as text; only used for addresses of SNS. */
export type FetchText = (url: string) => Promise<string>;

/** The certificates that SNS signs with, each fetched from SNS itself and kept for a day. */
export class SnsCertificates {
  private readonly kept: LRUCache<string, string>;

  constructor(fetchText: FetchText) {
    this.kept = new LRUCache<string, string>({
      max: 100,
      ttl: CERTIFICATE_MS,
      fetchMethod: async (url) => {
        const pem = await fetchText(url);
        if (pem.length > MAX_CERTIFICATE) throw new Error('the certificate is too large');
        return pem;
      },
    });
  }

  /** @throws where it cannot be fetched. */
  async get(url: string): Promise<X509Certificate> {
    return new X509Certificate((await this.kept.fetch(url)) ?? '');
  }
}

/**
 * Whether a message is SNS's, of this topic. SNS signs for everybody: only the topic says whose account it is.
 * @throws where the certificate cannot be fetched, so that SNS tries again.
 */
export async function takeSns(
  body: Buffer,
  { topicArn, certificates, nowMs }: { topicArn: string; certificates: SnsCertificates; nowMs: number },
): Promise<Taken<SnsMessage>> {
  const parsed = snsMessage.safeParse(jsonIn(body.toString('utf8')));
  if (!parsed.success) return refused('it is no message of SNS');
  const message = parsed.data;
  const [, region] = TOPIC.exec(topicArn) ?? [];
  if (region === undefined || message.TopicArn !== topicArn) return refused('it is of another topic');
  const apart = nowMs - Date.parse(message.Timestamp);
  if (apart > OLDEST_MS || apart < -FROM_THE_FUTURE_MS) return refused('the timestamp is far from our clock');
  if (!isOfSns(message.SigningCertURL, region, CERTIFICATE_PATH))
    return refused('SigningCertURL is not an address of SNS');
  const certificate = await certificates.get(message.SigningCertURL);
  if (nowMs < Date.parse(certificate.validFrom) || nowMs > Date.parse(certificate.validTo))
    return refused('the certificate is not valid now');
  const verify = createVerify(hashes[message.SignatureVersion]).update(textToSign(message));
  return verify.verify(certificate.publicKey, message.Signature, 'base64')
    ? { ok: true, told: message }
    : refused('the signature is not right');
}

/** Each field that is there: its name, its value, each on a line of its own. */
export function textToSign(message: SnsMessage): string {
  return signedFields[message.Type]
    .map((name) => [name, message[name]] as const)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
}

/** Where a subscription is confirmed; undefined for what is none, or leads elsewhere than to SNS. */
export function confirmationOf(message: SnsMessage): string | undefined {
  const [, region = ''] = TOPIC.exec(message.TopicArn) ?? [];
  const { Type: type, SubscribeURL: url } = message;
  if (type !== 'SubscriptionConfirmation' || url === undefined) return undefined;
  return isOfSns(url, region, /^\/$/) ? url : undefined;
}

/** Over https, at `sns.<region>.amazonaws.com` itself, at its own port, and nobody's login in it. */
function isOfSns(address: string, region: string, path: RegExp): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return (
    url.protocol === 'https:' &&
    url.host === `sns.${region}.${domain}` &&
    url.username === '' &&
    url.password === '' &&
    path.test(url.pathname)
  );
}
