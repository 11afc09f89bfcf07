import { execFile } from 'node:child_process';
import { createSign, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { textToSign, type SnsMessage } from '../../events/callbacks/sns.js';

const run = promisify(execFile);

/** Signs like Amazon SNS, with a key and a certificate made now. Needs `openssl` on PATH: Node builds no X.509. */
export interface SnsSigner {
  certificate: string;
  /** A message, signed as it is then. */
  sign(fields: Partial<SnsMessage>): SnsMessage;
}

export const topicArn = 'arn:aws:sns:eu-west-1:123456789012:carillon';
export const certificateUrl =
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem';

export async function snsSigner(days = 1): Promise<SnsSigner> {
  const { stdout } = await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', String(days)],
    ...['-subj', '/CN=sns.amazonaws.com', '-keyout', '-', '-out', '-'],
  ]);
  const part = (label: string) =>
    new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----\n`).exec(stdout)?.[0] ?? '';
  const key = part('PRIVATE KEY');
  return {
    certificate: part('CERTIFICATE'),
    sign(fields) {
      const message: SnsMessage = {
        Type: 'Notification',
        MessageId: randomUUID(),
        TopicArn: topicArn,
        Message: '{}',
        Timestamp: new Date().toISOString(),
        SignatureVersion: '2',
        Signature: '',
        SigningCertURL: certificateUrl,
        ...fields,
      };
      const hash = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
      const Signature = createSign(hash).update(textToSign(message)).sign(key, 'base64');
      return { ...message, Signature };
    },
  };
}
