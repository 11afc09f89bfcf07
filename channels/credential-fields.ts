import { z } from 'zod';
import type { SendingChannel } from './channel.js';

export const fieldKinds = ['text', 'number', 'flag', 'choice', 'json'] as const;

/** One field of a provider's credentials, as a form asks for it. */
export interface CredentialField {
  name: string;
  /** `json` is whatever no plain field can hold. */
  kind: (typeof fieldKinds)[number];
  /** Of a `choice`. */
  choices?: string[];
  isRequired: boolean;
  /** True where it is never read back. */
  isSecret: boolean;
}

/** What a provider's credentials are made of, read from their schema; empty where that is no object. */
export function credentialFields({ credentials, shown }: SendingChannel): CredentialField[] {
  const object = objectIn(credentials);
  if (!object) return [];
  return Object.entries(object.shape as Record<string, z.ZodType>).map(([name, field]) => ({
    name,
    ...kindOf(field),
    isRequired: !field.safeParse(undefined).success,
    isSecret: !shown.includes(name),
  }));
}

/** The object that a schema takes in, past what prepares its input and what works on its output. */
function objectIn(schema: z.core.$ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (!(schema instanceof z.ZodPipe)) return undefined;
  return objectIn(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
}

function kindOf(field: z.ZodType): Pick<CredentialField, 'kind' | 'choices'> {
  const { type, enum: choices } = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' });
  if (Array.isArray(choices)) return { kind: 'choice', choices: choices.map(String) };
  if (type === 'boolean') return { kind: 'flag' };
  if (type === 'number' || type === 'integer') return { kind: 'number' };
  // A mailbox stands in parts or in one line.
  const isLine = type !== 'array' && (type !== 'object' || field.safeParse('a@example.com').success);
  return { kind: isLine ? 'text' : 'json' };
}
