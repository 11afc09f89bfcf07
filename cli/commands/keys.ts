import type { Command } from 'commander';
import { rotateDataKeys } from '../../models/key-rotation.js';
import { deploymentConfig, withMongo } from '../deployment.js';
import { Failure } from '../failure.js';
import { acting } from '../acting.js';
import type { Terminal } from '../terminal.js';

/** `carillon keys rotate`: wraps every tenant's data key with the first key of CARILLON_KEYS. Harmless when repeated. */
export function addKeys(program: Command): void {
  program
    .command('keys')
    .description('The keys of CARILLON_KEYS')
    .command('rotate')
    .description('Wrap every tenant’s data key with the first key of CARILLON_KEYS; harmless when repeated')
    .action(acting<object>((_options, at) => rotate(at)));
}

async function rotate(at: Terminal): Promise<void> {
  const config = await deploymentConfig();
  const ring = config.CARILLON_KEYS;
  if (!ring) throw new Failure('CARILLON_KEYS is missing: the new key first, then the old ones');
  const progress = at.progress('data keys');
  const { rewrapped, failed, inUse } = await withMongo(config, (mongo) =>
    rotateDataKeys(mongo, ring, { onBatch: (done, total) => progress.at(done, total) }),
  ).finally(() => progress.end());
  const old = ring.keyIds.filter((keyId) => keyId !== ring.currentKeyId);
  at.result(
    { rewrapped, failed, inUse: Object.fromEntries(inUse) },
    [
      `${rewrapped} wrapped anew; ${inUse.get(ring.currentKeyId) ?? 0} are under "${ring.currentKeyId}"`,
      ...old.map((keyId) => fate(keyId, inUse.get(keyId) ?? 0)),
    ].join('\n'),
  );
  if (failed.length > 0)
    throw new Failure(failed.map(({ scope, reason }) => `${scope}: ${reason}`).join('\n'));
}

function fate(keyId: string, left: number): string {
  return left > 0
    ? `"${keyId}" still wraps ${left}: keep it, and run this again`
    : `"${keyId}" wraps none any more: it may go from CARILLON_KEYS once the runs that were started under it ` +
        `are out of Temporal, which is the namespace's retention after the last of them ended`;
}
