import type { Attachment } from '../../contracts/attachments.js';
import type { CommandDependencies } from '../dependencies.js';

/**
 * Puts the contents of a request's attachments into MongoDB, and in the request what they are found by: neither a
 * history of Temporal nor the sealed trigger carries them. Before the start, so that what was accepted is whole; if the
 * start then fails, they are gone at `purgeAt`.
 */
export async function storeAttachments<Message extends { attachments?: Attachment[] }>(
  { models }: Pick<CommandDependencies, 'models'>,
  owner: { tenantId: string; id: string; requestHash: string; purgeAt: Date },
  message: Message,
): Promise<Message> {
  const { tenantId, purgeAt } = owner;
  if (!message.attachments?.some(({ content }) => content !== undefined)) return message;
  const vault = await models.dataKeys.vault(tenantId);
  const attachments = await Promise.all(
    message.attachments.map(async ({ content, ...attachment }, place): Promise<Attachment> => {
      if (content === undefined) return attachment;
      const sealed = vault.seal(content);
      return {
        ...attachment,
        stored: await models.attachments.store(tenantId, owner, place, { sealed, purgeAt }),
      };
    }),
  );
  return { ...message, attachments };
}
