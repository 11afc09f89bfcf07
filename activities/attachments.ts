import { ChannelError } from '../channels/channel.js';
import { attachmentLimits, type Attachment } from '../contracts/attachments.js';
import type { ChannelName } from '../contracts/channels.js';
import type { EmailAttachment } from '../contracts/messages.js';
import { attemptDeadline } from './attempt-deadline.js';
import type { ActivityDependencies } from './dependencies.js';
import { fetchAttachment } from './fetch-attachment.js';

/** How long all that is to be fetched for one mail may take, in milliseconds. */
const FETCH_MS = 15_000;

/** The attachments of one message with their contents, read at the first call. `stop` fires when it is not to go on. */
export type Attached = (stop: AbortSignal) => Promise<readonly EmailAttachment[]>;

/** True where a send has to wait for somebody else's server first: no place for a workflow task. */
export function isFetched(channel: ChannelName, given: readonly Attachment[] | undefined): boolean {
  return channel === 'email' && (given ?? []).some(({ url }) => url !== undefined);
}

/**
 * What is stored comes from MongoDB, the rest through the way out to what tenants name. Once, however many mails and
 * providers ask: a failure, too, so that a server that is away is not asked for each recipient.
 * @throws {ChannelError} from what is answered: `content_error` for what no later attempt can get, else `network_error`.
 */
export function attached(
  deps: Pick<ActivityDependencies, 'models' | 'network'>,
  tenantId: string,
  given: readonly Attachment[] = [],
): Attached {
  let loading: Promise<readonly EmailAttachment[]> | undefined;
  return (stop) => (loading ??= given.length === 0 ? Promise.resolve([]) : load(deps, tenantId, given, stop));
}

async function load(
  deps: Pick<ActivityDependencies, 'models' | 'network'>,
  tenantId: string,
  given: readonly Attachment[],
  stop: AbortSignal,
): Promise<EmailAttachment[]> {
  const vault = await deps.models.dataKeys.vault(tenantId);
  const stored = await deps.models.attachments.find(
    tenantId,
    given.flatMap((one) => one.stored ?? []),
  );
  const deadline = attemptDeadline(stop, FETCH_MS);
  const loaded: EmailAttachment[] = [];
  let left: number = attachmentLimits.bytes;
  try {
    // One after the other: all of them share what is left of the room.
    for (const [index, one] of given.entries()) {
      const name = `attachment ${index + 1}`;
      const attachment =
        one.url === undefined
          ? { contentType: one.contentType, content: opened(vault, stored.get(one.stored ?? ''), name) }
          : await fetchAttachment(deps.network, one.url, {
              name,
              contentType: one.contentType,
              maxBytes: left,
              signal: deadline.signal,
            });
      left -= attachment.content.length;
      loaded.push({ filename: one.filename, ...attachment });
    }
  } finally {
    deadline.release();
  }
  return loaded;
}

function opened(
  vault: { open(sealed: string): string },
  sealed: string | undefined,
  name: string,
): Uint8Array {
  if (sealed !== undefined) return Buffer.from(vault.open(sealed), 'base64');
  throw new ChannelError('content_error', { providerResponse: `not sent: ${name} is not kept any more` });
}
