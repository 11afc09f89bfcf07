import { beforeAll, describe, expect, it, vi } from 'vitest';
import { confirmationOf, SnsCertificates, takeSns, type SnsMessage } from '../../events/callbacks/sns.js';
import { certificateUrl, snsSigner, topicArn, type SnsSigner } from '../support/sns-signer.js';

let signer: SnsSigner;
let other: SnsSigner;
const fetchText = vi.fn((_url: string) => Promise.resolve(signer.certificate));
let certificates: SnsCertificates;

beforeAll(async () => {
  [signer, other] = await Promise.all([snsSigner(), snsSigner()]);
  certificates = new SnsCertificates(fetchText);
});

const take = (message: SnsMessage | string, nowMs = Date.now()) =>
  takeSns(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), {
    topicArn,
    certificates,
    nowMs,
  });

describe('a message of SNS', () => {
  it.each(['1', '2'] as const)('is known by its signature of version %s', async (SignatureVersion) => {
    const message = signer.sign({ SignatureVersion, Subject: 'Amazon SES', Message: 'a\nb "c" é' });
    expect(await take(message)).toMatchObject({ ok: true, told: { Message: 'a\nb "c" é' } });
    expect(await take(signer.sign({ SignatureVersion, Subject: null }))).toMatchObject({ ok: true });
  });

  it('has its certificate fetched once', async () => {
    const own = new SnsCertificates(fetchText);
    fetchText.mockClear();
    for (const Message of ['1', '2', '3']) {
      const body = Buffer.from(JSON.stringify(signer.sign({ Message })));
      const taken = await takeSns(body, { topicArn, certificates: own, nowMs: Date.now() });
      expect(taken.ok).toBe(true);
    }
    expect(fetchText.mock.calls).toEqual([[certificateUrl]]);
  });

  it('is refused where somebody else signed it, or changed it', async () => {
    expect(await take(other.sign({}))).toEqual({ ok: false, problem: 'the signature is not right' });
    const message = signer.sign({ Message: 'a' });
    for (const changed of [
      { Message: 'b' },
      { Subject: 'x' },
      { MessageId: 'x' },
      { SignatureVersion: '1' as const },
      { Type: 'UnsubscribeConfirmation' as const },
      { Signature: '' },
    ]) {
      expect((await take({ ...message, ...changed })).ok, JSON.stringify(changed)).toBe(false);
    }
  });

  it('is refused of another topic, though SNS itself signed it', async () => {
    const message = signer.sign({ TopicArn: 'arn:aws:sns:eu-west-1:999999999999:carillon' });
    expect(await take(message)).toEqual({ ok: false, problem: 'it is of another topic' });
  });

  it.each([
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem',
    'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0123456789abcdef.pem',
    'https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0123456789abcdef.pem',
    'https://a@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
    'https://evil.example#@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
    'https://evil.example\\@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
    'https://s3.eu-west-1.amazonaws.com/bucket/SimpleNotificationService-0123456789abcdef.pem',
    'https://sns.eu-west-1.amazonaws.com/?Action=x&file=SimpleNotificationService-0123456789abcdef.pem',
    'file:///etc/passwd',
    'rubbish',
  ])('is refused with the certificate at %s, which is not even fetched', async (SigningCertURL) => {
    fetchText.mockClear();
    expect(await take(signer.sign({ SigningCertURL }))).toEqual({
      ok: false,
      problem: 'SigningCertURL is not an address of SNS',
    });
    expect(fetchText).not.toHaveBeenCalled();
  });

  it('is refused a day later, or from the future, or under a certificate that has run out', async () => {
    const message = signer.sign({});
    const day = 24 * 3_600_000;
    expect(await take(message, Date.now() + day + 60_000)).toMatchObject({ ok: false });
    expect(await take(message, Date.now() - 10 * 60_000)).toMatchObject({ ok: false });
    const later = Date.now() + 3 * day;
    const fresh = signer.sign({ Timestamp: new Date(later).toISOString() });
    expect(await take(fresh, later)).toEqual({ ok: false, problem: 'the certificate is not valid now' });
  });

  it.each(['', '[]', '{', '{"Type":"Notification"}', 'null'])('is none that reads %j', async (body) => {
    expect(await take(body)).toEqual({ ok: false, problem: 'it is no message of SNS' });
  });

  it('fails, to come again, where the certificate cannot be fetched', async () => {
    const away = new SnsCertificates(() => Promise.reject(new Error('away')));
    const body = Buffer.from(JSON.stringify(signer.sign({})));
    await expect(takeSns(body, { topicArn, certificates: away, nowMs: Date.now() })).rejects.toThrow('away');
  });
});

describe('a subscription', () => {
  const subscription = (SubscribeURL: string) =>
    signer.sign({ Type: 'SubscriptionConfirmation', Token: 'abc', SubscribeURL });

  it('is confirmed at SNS, and nowhere else', async () => {
    const right = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=abc`;
    expect(await take(subscription(right))).toMatchObject({ ok: true });
    expect(confirmationOf(subscription(right))).toBe(right);
    for (const wrong of [
      right.replace('https', 'http'),
      right.replace('amazonaws.com', 'amazonaws.com.evil.example'),
      right.replace('eu-west-1', 'us-east-1'),
      'http://169.254.169.254/latest/meta-data',
    ]) {
      expect(confirmationOf(subscription(wrong)), wrong).toBeUndefined();
    }
  });

  it('is not what a notification asks for', () => {
    const url = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription';
    expect(confirmationOf(signer.sign({ SubscribeURL: url }))).toBeUndefined();
  });
});
