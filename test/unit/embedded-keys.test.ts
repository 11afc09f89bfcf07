import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { KeysError, loadKeys } from '../../embedded/keys.js';
import { readSettings } from '../../embedded/settings.js';
import { loadConfig } from '../../runtime/config.js';
import { temporaryFolder } from '../support/processes.js';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

const path = () => join(folder, 'keys.json');
const load = (env: NodeJS.ProcessEnv = {}) => loadKeys(readSettings({ CARILLON_DATA_DIR: folder, ...env }));
const given = { CARILLON_KEYS: 'k9:given', CARILLON_BOOTSTRAP_KEY: 'ck_given' };

describe('the keys of a data folder', () => {
  it('are made at the first start, readable by their owner only', () => {
    load();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('are the same at every later start', () => {
    expect(load()).toEqual(load());
  });

  it('are others in another folder', () => {
    const first = load();
    folder = temporaryFolder();
    const second = load();
    expect([second.keys, second.bootstrapKey]).not.toContain(first.keys);
    expect(second.bootstrapKey).not.toBe(first.bootstrapKey);
  });

  it('are such as the API and the worker take', () => {
    const { keys, bootstrapKey } = load();
    const env = {
      MONGODB_URI: 'mongodb://127.0.0.1:1/x',
      CARILLON_KEYS: keys,
      CARILLON_BOOTSTRAP_KEY: bootstrapKey,
    };
    expect(() => loadConfig(env)).not.toThrow();
  });

  it('are not made where the environment gives both', () => {
    expect(load(given)).toEqual({ keys: 'k9:given', bootstrapKey: 'ck_given' });
    expect(existsSync(path())).toBe(false);
  });

  it('give way to the one that the environment gives', () => {
    const made = load();
    expect(load({ CARILLON_KEYS: 'k9:given' })).toEqual({ ...made, keys: 'k9:given' });
    expect(load({ CARILLON_BOOTSTRAP_KEY: 'ck_given' })).toEqual({ ...made, bootstrapKey: 'ck_given' });
  });

  it.each([
    ['cut off', '{"keys":"k1:'],
    ['without its key ring', '{"bootstrapKey":"ck_platform_x"}'],
    ['with an empty key', '{"keys":"","bootstrapKey":"ck_platform_x"}'],
  ])('are refused, and not overwritten, when the file is %s', (_how, content) => {
    writeFileSync(path(), content);
    expect(() => load()).toThrow(KeysError);
    expect(readFileSync(path(), 'utf8')).toBe(content);
  });

  it('are not made anew beside data that were sealed with lost ones', () => {
    mkdirSync(join(folder, 'mongodb'));
    expect(() => load()).toThrow(/keys\.json is missing.*Put the file back, set CARILLON_KEYS/);
    expect(existsSync(path())).toBe(false);
  });

  it('need no lost file where the environment gives the key ring', () => {
    mkdirSync(join(folder, 'mongodb'));
    expect(load({ CARILLON_KEYS: 'k9:given' })).toMatchObject({
      keys: 'k9:given',
      bootstrapKey: expect.stringMatching(/^ck_platform_/),
    });
  });
});
