import type { SignalDefinition } from '@temporalio/common';
import type { DigestPlace } from '../../contracts/digests.js';
import type { OperatorNote } from '../../contracts/notification-run.js';
import { digestStart } from '../../runtime/digest-start.js';
import type { CommandDependencies } from '../dependencies.js';
import { withDeadline } from '../temporal-calls.js';

/**
 * Tells the workflow of a digest something. One that is not there begins with it, and looks for the window that
 * collects: its first item may be stored a moment before its workflow is started, and somebody may have ended that.
 */
export async function tellDigest(
  deps: Pick<CommandDependencies, 'client' | 'taskQueue'>,
  place: DigestPlace,
  signal: SignalDefinition<[OperatorNote?]>,
  note: OperatorNote,
): Promise<void> {
  await withDeadline(deps.client, () =>
    deps.client.workflow.signalWithStart('digest', {
      ...digestStart(place, deps.taskQueue),
      signal,
      signalArgs: [note],
    }),
  );
}
