import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, type Config } from '../../runtime/config.js';

const least = { MONGODB_URI: 'mongodb://127.0.0.1:27017/carillon' };
const key = (bytes = 32) => randomBytes(bytes).toString('base64');

function refusal(env: NodeJS.ProcessEnv): string {
  try {
    loadConfig({ ...least, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error(`taken: ${JSON.stringify(env)}`);
}

/** Variable → smallest, largest, default. */
const numbers: [keyof Config, number, number, number][] = [
  ['CARILLON_API_PORT', 0, 65_535, 3000],
  ['CARILLON_START_DEADLINE_SECONDS', 1, 3600, 120],
  ['CARILLON_DRAIN_SECONDS', 1, 600, 40],
  ['CARILLON_WORKER_ACTIVITIES', 1, 5000, 400],
  ['CARILLON_WORKER_WORKFLOW_TASKS', 2, 1000, 100],
  ['CARILLON_WORKER_CACHED_WORKFLOWS', 0, 20_000, 600],
  ['CARILLON_WORKER_WORKFLOW_POLLERS', 2, 200, 10],
  ['CARILLON_WORKER_ACTIVITY_POLLERS', 1, 200, 10],
  ['CARILLON_BULK_PAGE', 10, 10_000, 1000],
  ['CARILLON_BULK_CHUNK', 1, 1000, 100],
  ['CARILLON_BULK_SENDS', 1, 500, 40],
  ['CARILLON_BULK_PAGES', 1, 100, 2],
  ['CARILLON_FIRST_ATTEMPTS_PER_PROVIDER', 0, 500, 32],
  ['CARILLON_FIRST_ATTEMPTS', 0, 1000, 64],
];

describe('the environment', () => {
  it.each(numbers)('takes %s from %i to %i, %i by default', (name, min, max, fallback) => {
    expect(loadConfig(least)[name]).toBe(fallback);
    expect(loadConfig({ ...least, [name]: String(min) })[name]).toBe(min);
    expect(loadConfig({ ...least, [name]: ` ${max}\n` })[name]).toBe(max);
    for (const wrong of [min - 1, max + 1, min + 0.5, 'many', '1,000', 'NaN', 'Infinity'])
      expect(refusal({ [name]: String(wrong) })).toContain(`  ${name}: `);
  });

  it.each<[keyof Config, string[], string[]]>([
    ['NODE_ENV', ['development', 'production', 'test'], ['prod']],
    ['LOG_LEVEL', ['trace', 'silent'], ['loud', 'INFO']],
    ['TEMPORAL_UI_URL', ['http://127.0.0.1:8233', 'https://ui.test/x'], ['ui.test', 'javascript:alert(1)']],
    ['MONGODB_URI', ['mongodb://a/b', 'mongodb+srv://a/b'], ['http://a', 'a:27017']],
    ['SMTP_URL', ['smtp://a', 'smtps://user:pass@a:465'], ['http://a', 'a:25']],
    ['CARILLON_MAIL_FROM', ['a@b', 'Carillon <a@example.com>'], ['a', 'x'.repeat(321)]],
    [
      'CARILLON_BOOTSTRAP_KEY',
      [`ck_${'x'.repeat(20)}`],
      ['secret', `ck_${'x'.repeat(19)}`, `ck_${'x'.repeat(20)}!`],
    ],
    ['CARILLON_BUILD_INDEXES', ['true', 'false', '1', '0'], ['yes', 'TRUE']],
    ['CARILLON_BULK_SENDS_BY_CHANNEL', ['sms=5', 'sms=5, push=100,'], ['sms', 'fax=3', 'sms=0', 'sms=501']],
    ['CARILLON_FIRST_ATTEMPT_AS_ACTIVITY', ['email', 'sms, push,'], ['e-mail', 'email;sms']],
    [
      'CARILLON_PROVIDER_LIMITS',
      ['email/smtp=100', 'email/smtp = 0.01, sms/twilio=10000,'],
      [
        'email=100',
        'email/smtp',
        'email/smtp=',
        'email/smtp=0',
        'email/smtp=0.009',
        'email/smtp=10000.1',
        'email/smtp=-1',
        'email/smtp=1e3',
        'email/=1',
        'e-mail/smtp=1',
        'in_app/inbox=1',
        'email/smtp=1;sms/twilio=1',
      ],
    ],
    [
      'CARILLON_KEYS',
      [`k1:${key()}`, `k2:${key()},k1:${key()}`],
      ['k1', `k1:${key(31)}`, `:${key()}`, `k 1:${key()}`],
    ],
  ])('takes %s where it is one of %j', (name, right, wrong) => {
    for (const value of right) expect(() => loadConfig({ ...least, [name]: value })).not.toThrow();
    for (const value of wrong) expect(refusal({ [name]: value })).toContain(`  ${name}: `);
  });

  it('has no demo page unless it is asked for, and never in production', () => {
    expect(loadConfig(least).CARILLON_DEMO_TENANT).toBeUndefined();
    expect(loadConfig({ ...least, CARILLON_DEMO_TENANT: 'demo' }).CARILLON_DEMO_TENANT).toBe('demo');
    expect(refusal({ CARILLON_DEMO_TENANT: 'demo', NODE_ENV: 'production' })).toContain(
      'CARILLON_DEMO_TENANT: is for trying things out',
    );
  });

  it('needs MONGODB_URI, and takes an empty value or blanks for none', () => {
    for (const value of [undefined, '', '  '])
      expect(refusal({ MONGODB_URI: value })).toContain('  MONGODB_URI: is missing');
    expect(loadConfig({ ...least, CARILLON_API_PORT: ' ' }).CARILLON_API_PORT).toBe(3000);
  });

  it('names every variable that is wrong, and never a value', () => {
    const secret = 'hunter2-very-secret';
    const message = refusal({
      MONGODB_URI: `postgres://root:${secret}@db`,
      SMTP_URL: `http://user:${secret}@mail`,
      CARILLON_BOOTSTRAP_KEY: secret,
      CARILLON_KEYS: `${secret}:${secret}`,
      CARILLON_API_PORT: secret,
      LOG_LEVEL: secret,
    });
    expect(message).not.toContain('hunter2');
    const named = [...message.matchAll(/^ {2}(\w+): (.+)$/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([
      'CARILLON_API_PORT',
      'CARILLON_BOOTSTRAP_KEY',
      'CARILLON_KEYS',
      'LOG_LEVEL',
      'MONGODB_URI',
      'SMTP_URL',
    ]);
  });

  it('refuses a key ring that names a key twice', () => {
    expect(refusal({ CARILLON_KEYS: `k1:${key()},k1:${key()}` })).toContain(
      '  CARILLON_KEYS: names the key "k1" twice',
    );
  });

  it('builds indexes at the start but in production, unless told otherwise', () => {
    const build = (env: NodeJS.ProcessEnv) => loadConfig({ ...least, ...env }).CARILLON_BUILD_INDEXES;
    expect([build({}), build({ NODE_ENV: 'production' })]).toEqual([true, false]);
    expect(build({ NODE_ENV: 'production', CARILLON_BUILD_INDEXES: '1' })).toBe(true);
    expect(build({ CARILLON_BUILD_INDEXES: 'false' })).toBe(false);
  });

  it('is frozen, and holds no secret by default', () => {
    const config = loadConfig(least);
    expect(Object.isFrozen(config)).toBe(true);
    expect([config.CARILLON_BOOTSTRAP_KEY, config.CARILLON_KEYS, config.SMTP_URL]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('splits the list of channels', () => {
    const config = loadConfig({ ...least, CARILLON_FIRST_ATTEMPT_AS_ACTIVITY: ' email , sms,' });
    expect(config.CARILLON_FIRST_ATTEMPT_AS_ACTIVITY).toEqual(['email', 'sms']);
    expect(loadConfig(least).CARILLON_FIRST_ATTEMPT_AS_ACTIVITY).toEqual([]);
  });

  it('reads the sends per second of each provider, and refuses one that stands there twice', () => {
    const limits = (text: string) =>
      loadConfig({ ...least, CARILLON_PROVIDER_LIMITS: text }).CARILLON_PROVIDER_LIMITS;
    expect([...limits(' email/smtp=100 ,sms/twilio = 0.5,')]).toEqual([
      ['email/smtp', 100],
      ['sms/twilio', 0.5],
    ]);
    expect(loadConfig(least).CARILLON_PROVIDER_LIMITS.size).toBe(0);
    expect(refusal({ CARILLON_PROVIDER_LIMITS: 'email/smtp=1,email/smtp=2' })).toContain(
      '  CARILLON_PROVIDER_LIMITS: names email/smtp twice',
    );
  });

  it('is listed for people in docs/configuration.md', async () => {
    const [source, docs] = await Promise.all(
      ['../../runtime/config.ts', '../../docs/configuration.md'].map((path) =>
        readFile(new URL(path, import.meta.url), 'utf8'),
      ),
    );
    const names = [...(source ?? '').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name ?? '');
    expect(new Set(names).size).toBeGreaterThan(15);
    for (const name of names) expect(docs).toMatch(new RegExp(`\`${name}[\`=]`));
  });
});
