import { z } from 'zod';
import { errorStatus, type ErrorCode } from '../contracts/errors.js';
import type { Route } from './route.js';
import { errorBody } from './schemas.js';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document, made from the same declarations that are mounted. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Carillon',
      version,
      description:
        'What happened, to whom: Carillon decides per person which channels, when and how, and delivers.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key (`ck_…`).' },
        person: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A person token from POST /v1/subscribers/{id}/token.',
        },
      },
      schemas: { Error: schemaOf(errorBody, 'output') },
    },
  };
}

function operation(route: Route): Json {
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(route.access === 'signed' ? { security: [{ key: [] }, {}] } : {}),
    ...(route.access === 'person' ? { security: [{ person: [] }] } : {}),
    'x-access': route.access,
    parameters: [
      ...parameters(route.params, 'path'),
      ...parameters(route.query, 'query'),
      ...(['signed', 'sender', 'manager', 'admin', 'operator'].includes(route.access) ? [tenantHeader] : []),
      ...(route.idempotent ? [idempotencyHeader] : []),
    ],
    ...(route.body
      ? {
          requestBody: {
            required: !route.bodyOptional,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    ...(route.stream
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              Object.entries(route.stream).map(([mediaType, description]) => [
                mediaType,
                { schema: { type: 'string', description } },
              ]),
            ),
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(
          ([status, { description, schema, mediaType = 'application/json' }]) => [
            status,
            {
              description,
              ...(schema ? { content: { [mediaType]: { schema: schemaOf(schema, 'output') } } } : {}),
            },
          ],
        ),
      ),
      ...errorResponses(route),
    },
  };
}

const tenantHeader = {
  name: 'X-Tenant-Id',
  in: 'header',
  required: false,
  description: 'Names the tenant; needed with a platform key.',
  schema: { type: 'string' },
};

const idempotencyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and request again answer the same ID and send nothing twice.',
  schema: { type: 'string', maxLength: 200 },
};

function parameters(shape: Route['query'], place: 'path' | 'query'): Json[] {
  if (!shape) return [];
  const { properties, required } = schemaOf(shape, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema,
  }));
}

/** The statuses of the error table that any call can meet, each with the codes that it stands for. */
function errorResponses(route: Route): Json {
  const byStatus = new Map<number, string[]>();
  for (const [code, status] of Object.entries(errorStatus) as [ErrorCode, number][]) {
    if (route.access === 'public' && (status === 401 || status === 403)) continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !(status in route.answers))
      .map(([status, codes]) => [
        status,
        {
          description: codes.join(' or '),
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      ]),
  );
}

function operationId(route: Route): string {
  const words = route.path
    .replace(/^\/v1\//, '')
    .replace(/[{}]/g, '')
    .split(/[/-]/)
    .filter(Boolean);
  return [route.method, ...words].map((word, index) => (index === 0 ? word : capital(word))).join('');
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return joined(described) as Json;
}

/**
 * A strict object beside a record (`contracts/beside.ts`) comes as `allOf`, where each would refuse what is the other's:
 * here they are one object, in which names that are known stand as properties and the rest as patterns.
 */
function joined(described: unknown): unknown {
  if (Array.isArray(described)) return described.map(joined);
  if (typeof described !== 'object' || described === null) return described;
  const whole = Object.fromEntries(Object.entries(described).map(([name, value]) => [name, joined(value)]));
  const [fields, entries] = (whole.allOf ?? []) as {
    properties?: Json;
    propertyNames?: Json;
    additionalProperties?: unknown;
  }[];
  if (fields?.additionalProperties !== false || !entries?.propertyNames) return whole;
  const { allOf: _both, ...beside } = whole;
  const { propertyNames: names, additionalProperties: value } = entries;
  const kinds = (names.anyOf ?? [names]) as { enum?: string[]; pattern?: string }[];
  const properties = kinds.flatMap((kind) => kind.enum ?? []).map((name) => [name, value]);
  const patterns = kinds.flatMap((kind) => kind.pattern ?? []).map((pattern) => [pattern, value]);
  return {
    ...beside,
    ...fields,
    properties: { ...(Object.fromEntries(properties) as Json), ...fields.properties },
    patternProperties: Object.fromEntries(patterns) as Json,
  };
}
