import { describe, expect, it } from 'vitest';
import { sesCredentials } from '../../channels/email/ses-credentials.js';

const good = {
  region: 'eu-west-1',
  accessKeyId: 'AKIAFAKEFAKEFAKE1234',
  secretAccessKey: 'fake/Secret+Key0fake/Secret+Key0fake1234',
  from: 'Acme <news@acme.example>',
};

describe('SES credentials', () => {
  it('come from what they were before', () => {
    const credentials = sesCredentials.parse({ ...good, replyTo: 'help@acme.example' });
    expect(sesCredentials.parse(credentials)).toEqual(credentials);
  });

  it.each(['eu-west-1', 'us-gov-west-1', 'ap-southeast-2', 'il-central-1'])(
    'name the region %s',
    (region) => {
      expect(sesCredentials.safeParse({ ...good, region }).success).toBe(true);
    },
  );

  it.each([
    ['region', 's3cret.example/#'],
    ['region', 'eu-west-1.s3cret.example'],
    ['region', undefined],
    ['accessKeyId', 's3cret'],
    ['secretAccessKey', ' s3crets3crets3crets3cret'],
    ['sessionToken', 's3cret\r\nX: y'],
    ['configurationSetName', 's3cret set'],
    ['from', undefined],
    ['from.address', 's3cret'],
    ['replyTo.address', 's3cret'],
  ])('that are wrong at %s say so there, without a word of them: %j', (path, value) => {
    const given = { ...good, [path.split('.')[0] ?? '']: value };
    const { error } = sesCredentials.safeParse(given);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(JSON.stringify(error?.issues)).not.toContain('s3cret');
  });

  it('take no field that is unknown', () => {
    expect(sesCredentials.safeParse({ ...good, endpoint: 'http://169.254.169.254' }).success).toBe(false);
  });
});
