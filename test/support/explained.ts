import { expect } from 'vitest';
import type { Connection } from 'mongoose';

/** What the database looked at to answer one command. */
export interface Explained {
  stages: string[];
  keys: number;
  docs: number;
}

type Text = Record<string, unknown>;

const explainable = ['find', 'aggregate', 'update', 'findAndModify', 'count', 'delete'];
const session = ['lsid', '$db', '$clusterTime', 'txnNumber', 'writeConcern', '$readPreference', 'cursor'];

/** Runs queries over a connection that monitors commands, and explains each command that they sent. */
export function explainer(mongo: Connection): (query: () => Promise<unknown>) => Promise<Explained[]> {
  let commands: Text[] = [];
  mongo.getClient().on('commandStarted', ({ commandName, command }) => {
    if (explainable.includes(commandName)) commands.push(command);
  });
  return async (query) => {
    commands = [];
    await query();
    const sent = [...commands];
    expect(sent.length).toBeGreaterThan(0);
    return Promise.all(sent.map((text) => explainOne(mongo, text)));
  };
}

async function explainOne(mongo: Connection, text: Text): Promise<Explained> {
  const plain = Object.fromEntries(Object.entries(text).filter(([name]) => !session.includes(name)));
  if (!mongo.db) throw new Error('not connected');
  const answer = await mongo.db.command({
    explain: 'aggregate' in plain ? { ...plain, cursor: {} } : plain,
    verbosity: 'executionStats',
  });
  const found: Explained = { stages: [], keys: 0, docs: 0 };
  collect(answer, found);
  return found;
}

/** Walks an explanation: the stages of winning plans, and what they looked at. */
function collect(part: unknown, found: Explained): void {
  if (typeof part !== 'object' || part === null) return;
  for (const [name, value] of Object.entries(part)) {
    if (name === 'rejectedPlans' || name === 'allPlansExecution') continue;
    if (name === 'stage' && typeof value === 'string') found.stages.push(value);
    if (name === 'totalKeysExamined') found.keys = Math.max(found.keys, Number(value));
    if (name === 'totalDocsExamined') found.docs = Math.max(found.docs, Number(value));
    collect(value, found);
  }
}
