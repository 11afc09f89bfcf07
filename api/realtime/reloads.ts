import { setTimeout as pause } from 'node:timers/promises';
import type { ApiDependencies } from '../dependencies.js';
import type { PresentPerson } from './presence.js';
import { askToReload } from './welcome.js';

/** People asked in one go, and the pause between two goes: each of their clients fetches its list then. */
const STEP = 50;
const PAUSE_MS = 50;
const RETRY_MS = 1_000;

/** Asks people's clients to load anew: spread, and until the database answers. */
export class Reloads {
  private readonly owed = new Set<PresentPerson>();
  private isAsking = false;
  private isClosed = false;

  constructor(private readonly deps: Pick<ApiDependencies, 'models' | 'types' | 'log'>) {}

  owe(people: Iterable<PresentPerson>): void {
    for (const person of people) this.owed.add(person);
    if (!this.isAsking) void this.askAll();
  }

  close(): void {
    this.isClosed = true;
  }

  private async askAll(): Promise<void> {
    this.isAsking = true;
    while (this.owed.size > 0 && !this.isClosed) {
      const people = [...this.owed].slice(0, STEP);
      for (const person of people) this.owed.delete(person);
      try {
        const there = people.filter(({ connections }) => connections.size > 0);
        await Promise.all(there.map((person) => askToReload(person, this.deps)));
        if (this.owed.size > 0) await pause(PAUSE_MS, undefined, { ref: false });
      } catch (error) {
        for (const person of people) this.owed.add(person);
        this.deps.log.warn({ err: error }, 'reload not told, trying again');
        await pause(RETRY_MS, undefined, { ref: false });
      }
    }
    this.isAsking = false;
  }
}
