import { withDeadline } from '../../commands/temporal-calls.js';
import { CarillonError } from '../../contracts/errors.js';
import { personActor } from '../../models/audit.js';
import type { ErasureRow } from '../../models/erasures.js';
import { erasureStart } from '../../runtime/erasure-start.js';
import type { ApiDependencies } from '../dependencies.js';

const PERSON = personActor('');

/**
 * Marks a person as erased, takes them out of the address book, which ends their tokens and sockets, and starts the run
 * that does the rest. Asked again it answers the same erasure, and starts its run where a failure came before that. Who
 * was made again since is a new person, and erased anew.
 * @throws CarillonError `not_found` of whom nothing is held, and nothing was; `unavailable` while Temporal is away: the
 * person is marked then, and the same request again goes on.
 */
export async function beginErasure(
  deps: Pick<ApiDependencies, 'models' | 'client' | 'taskQueue'>,
  tenantId: string,
  recipientId: string,
  by: string,
): Promise<{ row: ErasureRow; isNew: boolean }> {
  const { models, client, taskQueue } = deps;
  const latest = await models.erasures.latestOf(tenantId, recipientId);
  const isHeld = latest?.status !== 'running' && (await models.personRows.holdsAny(tenantId, recipientId));
  if (!latest && !isHeld) throw new CarillonError('not_found', `there is no subscriber "${recipientId}"`);
  if (latest?.status === 'completed' && !isHeld) return { row: latest, isNew: false };

  const row =
    latest?.status === 'running'
      ? latest
      : await models.erasures.begin(
          await models.personRows.identify(tenantId, recipientId),
          await nameless(deps, tenantId, by),
        );
  if (await models.subscribers.remove(tenantId, recipientId))
    await models.erasures.count({ tenantId, erasureId: row.id }, [{ collection: 'subscribers', removed: 1 }]);
  await withDeadline(client, () =>
    client.workflow.start('erasure', erasureStart({ tenantId, erasureId: row.id }, row.person, taskQueue)),
  );
  return { row, isNew: row.id !== latest?.id };
}

/** @throws CarillonError `conflict` while the person is being erased: nobody can be made under this ID yet. */
export async function refuseWhileErased(
  { models }: Pick<ApiDependencies, 'models'>,
  tenantId: string,
  recipientId: string,
): Promise<void> {
  if ((await models.erasures.runningAmong(tenantId, [recipientId])).size === 0) return;
  const path = 'id';
  const message = 'belongs to somebody who is being erased: try again when that is done';
  throw new CarillonError('conflict', `${path}: ${message}`, [{ path, message }]);
}

/** A certificate names nobody, not even an administrator. */
async function nameless(
  { models }: Pick<ApiDependencies, 'models'>,
  tenantId: string,
  actor: string,
): Promise<string> {
  if (!actor.startsWith(PERSON)) return actor;
  const vault = await models.dataKeys.vault(tenantId);
  return personActor(vault.pseudonym(actor.slice(PERSON.length)));
}
