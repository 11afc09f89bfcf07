import { z } from 'zod';

/** Names in a URL's query, ours and nodemailer's, and the field that each one sets. */
const PARAMETERS: Readonly<Record<string, (value: string) => Record<string, unknown>>> = {
  // Connections are always pooled; nodemailer's URLs say so.
  pool: () => ({}),
  tls: (value) => ({ tls: value }),
  requireTLS: (value) => (flag(value) === true ? { tls: 'required' } : {}),
  ignoreTLS: (value) => (flag(value) === true ? { tls: 'none' } : {}),
  secure: (value) => ({ secure: flag(value) }),
  rejectUnauthorized: (value) => ({ rejectUnauthorized: flag(value) }),
  'tls.rejectUnauthorized': (value) => ({ rejectUnauthorized: flag(value) }),
  name: (value) => ({ name: value }),
  from: (value) => ({ from: value }),
  returnPath: (value) => ({ returnPath: value }),
  maxConnections: (value) => ({ maxConnections: value }),
  maxMessages: (value) => ({ maxMessagesPerConnection: value }),
};

/**
 * Turns a URL, alone or as `url` among other fields, into the fields that it stands for; anything else passes through.
 * Fields beside the URL win over what it says.
 */
export function smtpUrlFields(value: unknown, context: z.core.$RefinementCtx): unknown {
  if (typeof value === 'string') return parse(value, context);
  if (typeof value !== 'object' || value === null || !('url' in value)) return value;
  const { url, ...others } = value;
  const parsed = parse(url, context, ['url']);
  return parsed === z.NEVER ? z.NEVER : { ...(parsed as object), ...others };
}

function parse(text: unknown, context: z.core.$RefinementCtx, path: string[] = []): unknown {
  const refuse = (message: string) => {
    // The input may hold a password, so the issue goes without it.
    context.issues.push({ code: 'custom', message, input: undefined, path });
    return z.NEVER;
  };
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname || !/^\/?$/.test(url.pathname)) {
    return refuse(
      'must be a URL such as smtp://user:password@host:587, with what is special percent-encoded',
    );
  }
  const unknown = [...url.searchParams.keys()].filter((name) => !(name in PARAMETERS));
  if (unknown.length > 0) return refuse('has a parameter that is not known');
  try {
    return {
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
      ...(url.port ? { port: url.port } : {}),
      ...(url.protocol === 'smtps:' ? { secure: true } : {}),
      ...(url.username ? { user: decodeURIComponent(url.username) } : {}),
      ...(url.password ? { pass: decodeURIComponent(url.password) } : {}),
      ...Object.assign({}, ...[...url.searchParams].map(([name, text]) => PARAMETERS[name]?.(text))),
    };
  } catch (error) {
    if (error instanceof URIError) return refuse('has a percent sign that encodes nothing');
    throw error;
  }
}

/** What is neither true nor false is left for the schema to refuse. */
function flag(value: string): unknown {
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  return value;
}
