import { describe, expect, it } from 'vitest';
import { attachmentLimits, attachments } from '../../contracts/attachments.js';

const content = Buffer.from('hello').toString('base64');
const problemsOf = (given: unknown) =>
  attachments.safeParse(given).error?.issues.map((issue) => [issue.path.join('.'), issue.message]);

describe('attachments', () => {
  it('have content or a URL', () => {
    const given = [
      { filename: 'Zeugnis Zoë.pdf', contentType: 'application/pdf', content },
      { filename: 'terms.tar.gz', url: 'https://files.example/terms?id=1' },
    ];
    expect(attachments.parse(given)).toEqual(given);
  });

  it.each([
    ['0.filename', { filename: '../etc/passwd', content }],
    ['0.filename', { filename: 'C:\\terms.pdf', content }],
    ['0.filename', { filename: '..', content }],
    ['0.filename', { filename: '', content }],
    ['0.filename', { filename: 'a\r\nContent-Type: text/html', content }],
    ['0.filename', { filename: 'invoice\u202efdp.exe', content }],
    ['0.filename', { filename: 'x'.repeat(256), content }],
    ['0.contentType', { filename: 'a', contentType: 'pdf', content }],
    ['0.contentType', { filename: 'a', contentType: 'text/html; charset=utf-8', content }],
    ['0.contentType', { filename: 'a', contentType: 'message/rfc822', content }],
    ['0.contentType', { filename: 'a', contentType: 'multipart/mixed', content }],
    ['0.content', { filename: 'a', content: 'a path?' }],
    ['0.content', { filename: 'a', content: '' }],
    ['0.url', { filename: 'a', url: 'file:///etc/passwd' }],
    ['0.url', { filename: 'a', url: 'data:text/plain,x' }],
    ['0', { filename: 'a' }],
    ['0', { filename: 'a', content, url: 'https://files.example/a' }],
    ['0', { filename: 'a', content, stored: 'another/notification/0' }],
  ])('are refused at %s: %j', (path, given) => {
    expect([...new Set(problemsOf([given])?.map(([at]) => at))]).toEqual([path]);
  });

  it('are at most ten, of at most 512 KiB of base64 together', () => {
    const one = { filename: 'a', content };
    expect(problemsOf(Array(attachmentLimits.count + 1).fill(one))).toHaveLength(1);
    const half = { filename: 'a', content: 'A'.repeat(attachmentLimits.encoded / 2) };
    expect(problemsOf([half, half])).toBeUndefined();
    expect(problemsOf([half, half, one])?.[0]?.[1]).toContain('512 KiB');
  });
});
