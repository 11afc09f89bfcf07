import type { CarillonClient } from '../../client/carillon-client.js';
import { asCarillonError, type CarillonError } from '../../client/carillon-error.js';
import type { Me, MePatch, PreferencesInForce, PreferencesPatch, TypeChoice } from '../../client/shapes.js';
import { withPatch } from './predict.js';

/** What a preference page shows. */
export interface PreferencesView {
  preferences: PreferencesInForce;
  types: readonly TypeChoice[];
  me: Me;
  /** That the person is in. */
  topics: readonly string[];
}

/** A change that was not made. */
export interface Failure {
  /** The part of the page in which it was asked for. */
  where: string;
  error: CarillonError;
}

interface Change {
  where: string;
  apply(view: PreferencesView): PreferencesView;
  send(): Promise<unknown>;
  done(isMade: boolean): void;
}

/**
 * A person's preferences as they are chosen: each change shows at once, goes out after the ones before it, and is taken
 * back where the server refuses it. Once all are made, what is in force is asked for.
 */
export class PreferencesModel {
  loadError?: CarillonError;
  failure?: Failure;
  saving = false;
  /** Whether something was saved, and nothing refused since. */
  saved = false;
  private confirmed?: PreferencesView;
  private changes: Change[] = [];

  /** @param changed called whenever something is to be drawn anew. */
  constructor(
    private readonly client: CarillonClient,
    private readonly changed: () => void,
  ) {}

  /** As they are, with what is on its way; undefined until they are loaded. */
  get view(): PreferencesView | undefined {
    return this.confirmed && this.changes.reduce((view, change) => change.apply(view), this.confirmed);
  }

  async load(): Promise<void> {
    this.loadError = undefined;
    this.changed();
    const { client } = this;
    try {
      const [preferences, types, me, topics] = await Promise.all([
        client.preferences(),
        client.types(),
        client.me(),
        client.topics(),
      ]);
      this.confirmed = { preferences, types, me, topics };
    } catch (error) {
      this.loadError = asCarillonError(error);
    }
    this.changed();
  }

  /** @returns whether the server took it. */
  change(patch: PreferencesPatch, where: string): Promise<boolean> {
    return this.add({
      where,
      apply: (view) => ({ ...view, preferences: withPatch(view.preferences, patch, view.types) }),
      send: () => this.client.changePreferences(patch),
    });
  }

  /** @returns whether the server took it. */
  changeMe(patch: MePatch, where: string): Promise<boolean> {
    return this.add({
      where,
      apply: (view) => ({ ...view, me: { ...view.me, ...patch } }),
      send: () => this.client.changeMe(patch),
    });
  }

  /** Takes back all that the person chose. @returns whether the server took it. */
  reset(where: string): Promise<boolean> {
    return this.add({ where, apply: (view) => view, send: () => this.client.resetPreferences() });
  }

  forgetFailure(): void {
    this.failure = undefined;
    this.changed();
  }

  private add(change: Omit<Change, 'done'>): Promise<boolean> {
    return new Promise((done) => {
      this.changes = [...this.changes, { ...change, done }];
      this.failure = undefined;
      if (this.saving) this.changed();
      else void this.sendAll();
    });
  }

  private async sendAll(): Promise<void> {
    this.saving = true;
    this.saved = false;
    this.changed();
    while (this.changes.length > 0) {
      for (let [next] = this.changes; next; [next] = this.changes) await this.sendOne(next);
      await this.refresh();
    }
    this.saving = false;
    this.changed();
  }

  private async sendOne(change: Change): Promise<void> {
    let isMade = true;
    try {
      await change.send();
      if (this.confirmed) this.confirmed = change.apply(this.confirmed);
      this.saved = true;
    } catch (error) {
      isMade = false;
      this.saved = false;
      this.failure = { where: change.where, error: asCarillonError(error) };
    }
    this.changes = this.changes.filter((one) => one !== change);
    this.changed();
    change.done(isMade);
  }

  /** What the server makes of it. Where it cannot be asked, what was foreseen stands. */
  private async refresh(): Promise<void> {
    try {
      const [preferences, me] = await Promise.all([this.client.preferences(), this.client.me()]);
      if (this.confirmed) this.confirmed = { ...this.confirmed, preferences, me };
    } catch (error) {
      this.failure ??= { where: 'refresh', error: asCarillonError(error) };
    }
  }
}
