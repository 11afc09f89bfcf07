import { ChannelError } from '../channels/channel.js';
import type { FailureReason } from '../contracts/errors.js';
import { AddressNotAllowedError, type Network } from '../contracts/network.js';

/** What a server calls a file whose type it does not know. */
const ANY_TYPE = /^(application|binary)\/octet-stream$/i;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i;
/** Come again later: RFC 9110 section 15.5.9, RFC 8470, RFC 6585. */
const LATER = [408, 425, 429];

interface Wanted {
  /** What it is called where it fails. */
  name: string;
  /** What it has to be; whatever the server says where that is not known. */
  contentType?: string;
  maxBytes: number;
  signal: AbortSignal;
}

/**
 * Fetches a file that is to be attached. No redirect is followed, and a page that stands in a file's place, such as a
 * login, is not taken for it.
 * @throws {ChannelError} `network_error` where a later attempt may get it, else `content_error`. Neither says anything
 *   of the provider.
 */
export async function fetchAttachment(
  network: Network,
  url: string,
  wanted: Wanted,
): Promise<{ content: Uint8Array; contentType?: string }> {
  try {
    const response = await network.fetch(url, { signal: wanted.signal });
    try {
      const contentType = acceptedType(response, wanted);
      return { content: await bodyOf(response, wanted), contentType };
    } catch (error) {
      await response.body?.cancel().catch(() => undefined);
      throw error;
    }
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    if (error instanceof AddressNotAllowedError)
      throw refusal(wanted, 'stands at no public address', 'content_error', error);
    const late = wanted.signal.aborted;
    throw refusal(wanted, late ? 'did not come in time' : 'could not be fetched', 'network_error', error);
  }
}

function acceptedType(response: Response, wanted: Wanted): string | undefined {
  const { status } = response;
  if (status !== 200) {
    const redirected = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
    const isLater = status >= 500 || LATER.includes(status);
    throw refusal(
      wanted,
      `was answered with ${status}${redirected}`,
      isLater ? 'network_error' : 'content_error',
    );
  }
  const named = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  const type = MEDIA_TYPE.test(named) && !/^(multipart|message)\//i.test(named) ? named : undefined;
  const { contentType } = wanted;
  if (contentType === undefined) return type;
  if (type === undefined || ANY_TYPE.test(type) || type.toLowerCase() === contentType.toLowerCase())
    return contentType;
  throw refusal(wanted, `is ${type}, not ${contentType}`, 'content_error');
}

async function bodyOf(response: Response, wanted: Wanted): Promise<Uint8Array> {
  const tooLarge = () => refusal(wanted, 'is larger than what a mail may carry', 'content_error');
  if (Number(response.headers.get('content-length')) > wanted.maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (!read || read.done) return Buffer.concat(chunks);
    const chunk = read.value as Uint8Array;
    bytes += chunk.length;
    if (bytes > wanted.maxBytes) {
      await reader?.cancel();
      throw tooLarge();
    }
    chunks.push(chunk);
  }
}

function refusal({ name }: Wanted, what: string, reason: FailureReason, cause?: unknown): ChannelError {
  return new ChannelError(reason, {
    providerResponse: `not sent: ${name} ${what}`,
    providerDown: false,
    // Its words may hold the URL, which may hold a token.
    ...(cause instanceof Error ? { cause: new Error(cause.name) } : {}),
  });
}
