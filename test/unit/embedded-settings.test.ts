import { isAbsolute, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../../embedded/settings.js';

function refusal(env: NodeJS.ProcessEnv): string {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error(`taken: ${JSON.stringify(env)}`);
}

describe('the settings of the embedded default', () => {
  it('need nothing', () => {
    expect(readSettings({})).toMatchObject({
      CARILLON_API_HOST: '127.0.0.1',
      CARILLON_API_PORT: 3000,
      CARILLON_DRAIN_SECONDS: 10,
      TEMPORAL_NAMESPACE: 'default',
      dataFolder: resolve('.carillon'),
    });
  });

  it('have an absolute data folder, whatever was given', () => {
    expect(isAbsolute(readSettings({ CARILLON_DATA_DIR: 'here' }).dataFolder)).toBe(true);
  });

  it('take an empty variable for an absent one', () => {
    const empty = { CARILLON_API_PORT: '', MONGODB_URI: '', CARILLON_KEYS: '', TEMPORAL_UI_URL: undefined };
    expect(readSettings(empty)).toEqual(readSettings({}));
  });

  it.each([
    ['CARILLON_API_PORT', '0'],
    ['CARILLON_API_PORT', '65536'],
    ['CARILLON_API_PORT', 'http'],
    ['CARILLON_DRAIN_SECONDS', '0'],
    ['CARILLON_DRAIN_SECONDS', '601'],
    ['CARILLON_MAIL_FROM', 'me'],
    ['TEMPORAL_UI_URL', 'ftp://ui.example.com'],
    ['MONGODB_URI', 'postgres://db.example.com'],
    ['SMTP_URL', 'mail.example.com'],
  ])('refuse %s=%s and name the variable', (name, value) => {
    expect(refusal({ [name]: value })).toContain(`  ${name}: `);
  });

  it('name every variable that is not right', () => {
    expect(refusal({ CARILLON_API_PORT: 'x', SMTP_URL: 'y' })).toMatch(
      /CARILLON_API_PORT: .*\n {2}SMTP_URL: /,
    );
  });

  it('never repeat a value, which may be a password', () => {
    expect(refusal({ MONGODB_URI: 'root:hunter2@db' })).not.toContain('hunter2');
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(readSettings({}))).toBe(true);
  });
});
