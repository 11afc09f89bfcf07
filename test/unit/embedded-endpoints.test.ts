import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { banner } from '../../embedded/banner.js';
import { removeEndpoints, writeEndpoints, type Endpoints } from '../../embedded/endpoints.js';
import { NotRunning, readEndpoints } from '../../embedded/read-endpoints.js';
import { readSettings } from '../../embedded/settings.js';
import { choosePorts, describeEndpoints } from '../../embedded/start.js';
import { temporaryFolder } from '../support/processes.js';

const endpoints: Endpoints = {
  api: 'http://127.0.0.1:3000',
  demo: 'http://127.0.0.1:3000/demo',
  temporal: '127.0.0.1:7233',
  temporalNamespace: 'default',
  temporalUi: 'http://127.0.0.1:8233',
  mongodb: 'mongodb://127.0.0.1:27117/carillon?replicaSet=carillon',
  smtp: 'smtp://127.0.0.1:1025',
  mail: 'http://127.0.0.1:1080',
  apiKey: 'ck_platform_x',
};

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => vi.unstubAllEnvs());

describe('the file that tells where everything answers', () => {
  it('is read as it was written', async () => {
    writeEndpoints(folder, endpoints);
    expect(await readEndpoints(folder)).toEqual(endpoints);
  });

  it('is looked for in CARILLON_DATA_DIR', async () => {
    vi.stubEnv('CARILLON_DATA_DIR', folder);
    writeEndpoints(folder, endpoints);
    expect(await readEndpoints()).toEqual(endpoints);
  });

  it('is readable by its owner only, because it holds a key', () => {
    writeEndpoints(folder, endpoints);
    expect(statSync(join(folder, 'endpoints.json')).mode & 0o777).toBe(0o600);
  });

  it('is removed with the end of a run, and may be gone before', () => {
    writeEndpoints(folder, endpoints);
    removeEndpoints(folder);
    removeEndpoints(folder);
    expect(existsSync(join(folder, 'endpoints.json'))).toBe(false);
  });

  it('is missed with words that say what to do', async () => {
    const error: unknown = await readEndpoints(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotRunning);
    expect(String(error)).toContain('Start it with "npm start"');
  });

  it.each([
    ['cut off', '{"api":'],
    ['another file', '{"api":"nowhere"}'],
  ])('counts as missing when it is %s', async (_how, content) => {
    writeFileSync(join(folder, 'endpoints.json'), content);
    await expect(readEndpoints(folder)).rejects.toThrow(NotRunning);
  });
});

describe('what is printed when everything is ready', () => {
  const print = (changes: Partial<Endpoints> = {}) =>
    banner({ ...endpoints, ...changes }, { seconds: 12.34, dataFolder: '/data' });

  it('names every place', () => {
    const { temporalNamespace: _isNoPlace, ...places } = endpoints;
    const text = print();
    for (const place of Object.values(places)) expect(text).toContain(place);
  });

  it('names the demo page first', () => {
    expect(/https?:\S+/.exec(print())?.[0]).toBe(endpoints.demo);
    expect(print({ demo: null })).not.toContain('/demo');
  });

  it('says how long it took, and where the data are', () => {
    expect(print()).toMatch(/ready after 12\.3 s[^]* \/data\n/);
  });

  it('leaves out what there is none of', () => {
    const text = print({ temporalUi: null, mail: null });
    expect(text).not.toMatch(/Temporal Web UI|Mail page|null/);
  });

  it('shows no password of one’s own servers', () => {
    const text = print({ mongodb: 'mongodb://root:hunter2@db:27017/x', smtp: 'smtps://me:se@cret@mail:465' });
    expect(text).not.toMatch(/hunter2|se@cret|cret@/);
    expect(text).toContain('mongodb://root:***@db:27017/x');
  });

  it('gives an example whose body is JSON', () => {
    const [, body] = /-d '(.+)'/.exec(print()) ?? [];
    expect(JSON.parse(body ?? '')).toMatchObject({ type: 'approval_request' });
  });
});

describe('the places of a start', () => {
  const ports = {
    api: 3001,
    temporal: 7234,
    temporalHttp: 7244,
    temporalUi: 8234,
    mongodb: 27_118,
    smtp: 1026,
    mail: 1081,
  };
  const keys = { keys: 'k1:x', bootstrapKey: 'ck_platform_x' };
  const places = (env: NodeJS.ProcessEnv = {}) => describeEndpoints(readSettings(env), ports, keys);

  it('are the ports that were chosen', () => {
    expect(places()).toEqual({
      api: 'http://127.0.0.1:3001',
      demo: 'http://127.0.0.1:3001/demo',
      temporal: '127.0.0.1:7234',
      temporalNamespace: 'default',
      temporalUi: 'http://127.0.0.1:8234',
      mongodb: 'mongodb://127.0.0.1:27118/carillon?replicaSet=carillon',
      smtp: 'smtp://127.0.0.1:1026',
      mail: 'http://127.0.0.1:1081',
      apiKey: 'ck_platform_x',
    });
  });

  it.each([
    { NODE_ENV: 'production' },
    { CARILLON_API_HOST: '0.0.0.0' },
    { CARILLON_API_HOST: '192.168.1.2' },
    { CARILLON_PUBLIC_URL: 'https://notify.example.com' },
  ])('have no demo page where others reach the API, or in production: %j', (env) => {
    expect(places(env).demo).toBeNull();
  });

  it('are one’s own servers where the environment names them', () => {
    const own = {
      TEMPORAL_ADDRESS: 'temporal.example.com:7233',
      MONGODB_URI: 'mongodb://db.example.com/x',
      SMTP_URL: 'smtps://mail.example.com',
    };
    expect(places(own)).toMatchObject({
      temporal: own.TEMPORAL_ADDRESS,
      temporalUi: null,
      mongodb: own.MONGODB_URI,
      smtp: own.SMTP_URL,
      mail: null,
    });
  });

  it('have the Web UI that the environment names', () => {
    expect(places({ TEMPORAL_UI_URL: 'https://ui.example.com' }).temporalUi).toBe('https://ui.example.com');
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:3001'],
    ['::', 'http://127.0.0.1:3001'],
    ['::1', 'http://[::1]:3001'],
    ['192.0.2.7', 'http://192.0.2.7:3001'],
  ])('are reached from here when the API listens on %s', (host, api) => {
    expect(places({ CARILLON_API_HOST: host }).api).toBe(api);
  });

  it('have a port each', async () => {
    const chosen = Object.values(await choosePorts(readSettings({ CARILLON_API_PORT: '3400' })));
    expect(new Set(chosen).size).toBe(7);
  });
});
