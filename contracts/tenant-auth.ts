import { z } from 'zod';
import { lineOfText } from './primitives.js';

/** The signatures that are taken. Symmetric ones are not: whoever could check them could make them. */
export const tokenAlgorithms = ['RS256', 'ES256'] as const;
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];

const base64url = z.string().regex(/^[A-Za-z0-9_-]{1,1400}$/, 'must be base64url');
const named = {
  /** Tokens name their key by it. */
  kid: lineOfText(200),
  use: z.literal('sig', 'must be sig: the key is for signatures').optional(),
};
// What else a key says about itself is left out, as RFC 7517 (section 4) wants of what is not understood.
const publicKey = z
  .looseObject({})
  .refine((key) => !['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((name) => Object.hasOwn(key, name)), {
    error: 'is a private key: give the public one only, and replace this one, as it has been shown',
    abort: true,
  })
  .pipe(
    z.discriminatedUnion('kty', [
      z.object({
        kty: z.literal('RSA'),
        ...named,
        alg: z.literal('RS256').optional(),
        n: base64url.min(342, 'must be of at least 2048 bits'),
        e: base64url.max(8),
      }),
      z.object({
        kty: z.literal('EC'),
        ...named,
        alg: z.literal('ES256').optional(),
        crv: z.literal('P-256', 'must be P-256'),
        x: base64url.length(43),
        y: base64url.length(43),
      }),
    ]),
  );

/** A JSON Web Key Set of public keys (RFC 7517): RSA of at least 2048 bits, or EC on P-256, each with its own `kid`. */
export const publicKeys = z.strictObject({
  keys: z
    .array(publicKey)
    .min(1)
    .max(20)
    .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'must have different kids'),
});
export type PublicKeys = z.infer<typeof publicKeys>;

/** `https://app.example`, with its port where that is not the scheme's own; as browsers send it. */
export const webOrigin = z
  .string()
  .max(300)
  .refine(isOrigin, 'must be an origin such as https://app.example, without a path and not *');

/** The name of a claim. Where no claim has this very name, each dot leads one level deeper: `realm_access.roles`. */
const claimName = lineOfText(200);

/** Roles that a person's token can give. */
export const personRoles = ['admin', 'manager', 'sender'] as const;
export type PersonRole = (typeof personRoles)[number];

/** `PUT /v1/tenant/auth`: how tokens of the tenant's own people are checked, and where browsers may call from. */
export const tenantAuth = z
  .strictObject({
    /** Where the public keys are fetched from. Either this or `jwks`; without both only Carillon's own tokens are taken. */
    jwksUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .max(2048)
      .optional(),
    /** The public keys themselves. */
    jwks: publicKeys.optional(),
    /** The tokens' `iss`. */
    issuer: lineOfText(500).optional(),
    /** The tokens' `aud`, or several of which one is enough. */
    audience: z.union([lineOfText(500), z.array(lineOfText(500)).min(1).max(10)]).optional(),
    /** The claim that holds the tenant's ID. */
    tenantClaim: claimName.default('tenant_id'),
    /** The claim that holds the person's ID. */
    subjectClaim: claimName.default('sub'),
    /** The claim that holds roles: a list, or one text with blanks between them. */
    rolesClaim: claimName.default('roles'),
    /** What a role in the token may do here; one that is not named may nothing. */
    roleMapping: z
      .record(lineOfText(200), z.enum(personRoles))
      .refine((mapping) => Object.keys(mapping).length <= 50, 'must be at most 50')
      .default({}),
    /** Origins of the pages that may call the API from a browser. */
    allowedOrigins: z.array(webOrigin).max(50).default([]),
  })
  .superRefine((given, context) => {
    const hasKeys = given.jwksUrl !== undefined || given.jwks !== undefined;
    if (given.jwksUrl !== undefined && given.jwks !== undefined)
      context.addIssue({ code: 'custom', path: ['jwks'], message: 'goes with no jwksUrl: give one of them' });
    for (const name of ['issuer', 'audience'] as const) {
      if (hasKeys && given[name] === undefined)
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'is missing: tokens are checked against it',
        });
      if (!hasKeys && given[name] !== undefined)
        context.addIssue({ code: 'custom', path: [name], message: 'needs keys: give jwksUrl or jwks' });
    }
  });
export type TenantAuth = z.infer<typeof tenantAuth>;

function isOrigin(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  // A wildcard is a host like any other to the parser, and would look like a promise.
  return new URL(text).origin === text && !text.includes('*');
}
