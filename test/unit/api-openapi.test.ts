import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { Express } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.js';
import type { ApiDependencies } from '../../api/dependencies.js';
import { routes } from '../../api/routes/routes.js';
import { scripts } from '../../api/web-files.js';
import { errorStatus } from '../../contracts/errors.js';
import { loadConfig } from '../../runtime/config.js';
import { createLogger } from '../../runtime/logger.js';
import { Metrics } from '../../runtime/metrics/metrics.js';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security?: object[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

// Nothing that is asked here reaches the dependencies.
const app = createApp({
  config: loadConfig({ MONGODB_URI: 'mongodb://127.0.0.1/none' }),
  log: createLogger({ level: 'silent', name: 'test' }),
  metrics: new Metrics(),
} as ApiDependencies);
let server: Server;
let url: string;
let document: Document;

beforeAll(async () => {
  server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );

interface Layer {
  route?: { path: string; methods?: Record<string, boolean>; stack: { method?: string }[] };
  handle?: { stack?: Layer[] };
}

/** What Express really has mounted, in OpenAPI's words. */
function mounted(layers: Layer[]): string[] {
  return layers.flatMap((layer) => {
    if (layer.handle?.stack) return mounted(layer.handle.stack);
    const { route } = layer;
    if (!route) return [];
    return route.stack.map(({ method }) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`);
  });
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document as unknown as Record<string, unknown>);
    expect([valid, errors]).toEqual([true, undefined]);
    expect(validator.version).toBe('3.1');
  });

  it('describes every mounted route and no other', () => {
    const { stack } = (app as Express & { router: { stack: Layer[] } }).router;
    // Pages for people.
    const own = [
      'get /openapi.json',
      'get /docs',
      'get /docs/start.js',
      'get /codec/login',
      'post /codec/login',
      // The console: relative to where it is mounted.
      ...['/console/session', '/console.js', '/console.css', '/icon.svg', '/{*view}'].map(
        (path) => `get ${path}`,
      ),
      ...scripts.map((script) => `get /${script}`),
    ];
    const found = mounted(stack).filter((route) => !own.includes(route));
    expect(found.length).toBeGreaterThan(40);
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(found.sort());
  });

  it('names each operation once', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(get|post|put|patch|delete)[A-Z]\w+$/);
  });

  it('declares every placeholder of a path as a required parameter', () => {
    for (const { name, path, operation } of operations()) {
      const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, placeholder]) => placeholder);
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(
        declared.map((parameter) => parameter.name),
        name,
      ).toEqual(placeholders);
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  it('describes every body and every answer by a schema with fields', () => {
    for (const { name, path, operation } of operations()) {
      const bodies = [operation.requestBody, ...Object.values(operation.responses)].filter(
        (body) => body !== undefined,
      );
      for (const { content } of bodies) {
        for (const { schema } of Object.values(content ?? {})) {
          expect(Object.keys(schema), name).not.toEqual([]);
        }
      }
      const successes = Object.keys(operation.responses).filter((status) => /^[23]/.test(status));
      expect(successes.length, name).toBeGreaterThan(0);
      for (const status of successes) {
        expect(operation.responses[status]?.content === undefined, `${name} ${status}`).toBe(
          // Twilio would send what an answer to it says to the person.
          status === '204' || status === '302' || path.startsWith('/hooks/'),
        );
      }
    }
  });

  it('documents the statuses of the error table, each with its codes', () => {
    const codesOf = new Map<number, string[]>();
    for (const [code, status] of Object.entries(errorStatus))
      codesOf.set(status, [...(codesOf.get(status) ?? []), code]);
    for (const route of routes) {
      const { responses } = document.paths[route.path]?.[route.method] as Operation;
      for (const [status, codes] of codesOf) {
        if (route.access === 'public' && (status === 401 || status === 403 || status in route.answers))
          continue;
        expect(responses[status]?.description, `${route.path} ${status}`).toBe(codes.join(' or '));
      }
      const known = [...codesOf.keys(), ...Object.keys(route.answers).map(Number)];
      expect(
        Object.keys(responses)
          .map(Number)
          .every((status) => known.includes(status)),
      ).toBe(true);
    }
  });

  it('says who may call: nobody needs a key for health, figures, a mail’s link or a provider’s callback, a person’s token for /v1/me, a key for the rest, and a source of events another proof', () => {
    for (const { path, operation } of operations()) {
      if (/^\/(metrics$|(health|u|t|hooks)\/)/.test(path)) expect(operation.security).toEqual([]);
      else if (path.startsWith('/v1/me')) expect(operation.security).toEqual([{ person: [] }]);
      else if (path === '/v1/events/{source}') expect(operation.security).toEqual([{ key: [] }, {}]);
      else expect(operation.security).toBeUndefined();
    }
  });
});

describe('the error table', () => {
  it('is the one in docs/architecture.md', async () => {
    const text = await readFile(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)`\s*\| (\d{3})\s*\|/gm)];
    expect(Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)]))).toEqual(errorStatus);
  });
});

describe('/docs', () => {
  it('loads with every asset that it names, all its own', async () => {
    const page = await fetch(`${url}/docs`);
    const html = await page.text();
    expect(page.headers.get('content-type')).toContain('text/html');
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset]) => asset ?? '');
    expect(assets).toHaveLength(3);
    for (const asset of assets) {
      expect(asset).toMatch(/^\/docs\//);
      const answer = await fetch(`${url}${asset}`);
      expect(answer.status, asset).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/javascript|css/);
      expect((await answer.text()).length).toBeGreaterThan(50);
    }
  });

  it('may run its own scripts and no others', async () => {
    const policy = (await fetch(`${url}/docs`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('starts with the served document', async () => {
    expect(await (await fetch(`${url}/docs/start.js`)).text()).toContain("url: '/openapi.json'");
  });

  it.each(['/docs/assets/nothing.js', '/docs/assets/..%2f..%2fpackage.json', '/docs/assets/'])(
    'has nothing at %s',
    async (path) => {
      const answer = await fetch(`${url}${path}`);
      expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_found' }]);
    },
  );
});
