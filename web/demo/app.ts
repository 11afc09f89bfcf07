import { CarillonClient, type ConnectionStatus } from '../client/client.js';
import { openSession, sendNow, stories, trigger, type Person, type Session, type Story } from './calls.js';
import { isUnderWay } from './outcome.js';
import { noQuietHours, quietHoursNow } from './quiet-hours.js';
import { applyTheme, storedTheme, type Theme } from '../elements/shared/page-theme.js';

export const tabs = ['contracts', 'inbox', 'preferences'] as const;
export type Tab = (typeof tabs)[number];
export type Extra = 'sms' | 'webhook' | 'digest';

/** How one of the two sees the workspace. */
export interface Seat {
  readonly person: Person;
  readonly client: CarillonClient;
  tab: Tab;
  status: ConnectionStatus;
  hasQuietHours: boolean;
  /** The contract that a link led to. */
  marked?: string;
}

/** How often the log is read while something is under way, and while nothing is, in milliseconds. */
const BUSY_MS = 700;
const CALM_MS = 5000;

/** What the page shows, and what its buttons do. */
export class DemoApp {
  readonly seats: Seat[];
  readonly also = new Set<Extra>();
  log: readonly Story[] = [];
  to: Person['id'] = 'ann';
  theme: Theme = storedTheme('demo');
  /** What was done last, or why it could not be. */
  said = '';
  hasFailed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isReading = false;

  constructor(
    readonly session: Session,
    private readonly show: (app: DemoApp) => void,
  ) {
    this.seats = session.people.map((person) => ({
      person,
      client: new CarillonClient({ url: location.origin, token: tokenSource(person) }),
      tab: 'contracts',
      status: 'idle',
      hasQuietHours: false,
    }));
  }

  start(): void {
    for (const seat of this.seats) {
      seat.client.on('status', (status) => this.change(() => (seat.status = status)));
      seat.client.on('created', () => this.readSoon(0));
      seat.client.retain();
      void this.readQuietHours(seat);
    }
    addEventListener('hashchange', () => this.follow(location.hash));
    document.addEventListener('visibilitychange', () => this.readSoon(0));
    this.follow(location.hash);
    this.readSoon(0);
  }

  other(seat: Seat): Seat {
    return this.seats.find((one) => one !== seat) ?? seat;
  }

  choose(to: Person['id']): void {
    this.change(() => (this.to = to));
  }

  toggleExtra(extra: Extra): void {
    this.change(() => (this.also.has(extra) ? this.also.delete(extra) : this.also.add(extra)));
  }

  open(seat: Seat, tab: Tab): void {
    this.change(() => {
      seat.tab = tab;
      seat.marked = undefined;
    });
    // Preferences may have changed them.
    if (tab !== 'preferences') void this.readQuietHours(seat);
  }

  setTheme(theme: Theme): void {
    applyTheme('demo', theme);
    this.change(() => (this.theme = theme));
  }

  /** Presses a type's button: the other person does it, and `to` is told. */
  async press(type: string, label: string, to = this.to, contract?: string): Promise<void> {
    const name = this.seats.find(({ person }) => person.id === to)?.person.name ?? to;
    await this.attempt(`${label} → ${name}`, () => trigger({ type, to, contract, also: [...this.also] }));
    this.readSoon(0);
  }

  async sendNow(story: Story): Promise<void> {
    await this.attempt(`Sending it now: ${story.title ?? story.type}`, () => sendNow(story.id));
    this.readSoon(150);
  }

  async toggleQuietHours(seat: Seat): Promise<void> {
    const begins = !seat.hasQuietHours;
    const words = begins ? 'has quiet hours now: what interrupts waits' : 'has no quiet hours any more';
    await this.attempt(`${seat.person.name} ${words}`, () =>
      seat.client.changePreferences(begins ? quietHoursNow() : noQuietHours),
    );
    await this.readQuietHours(seat);
    this.readSoon(0);
  }

  private async readQuietHours(seat: Seat): Promise<void> {
    const preferences = await seat.client.preferences().catch(() => undefined);
    if (preferences) this.change(() => (seat.hasQuietHours = preferences.quietHours !== null));
  }

  /** `#ann/contracts/c-1`, which the notifications of the demo link to. */
  private follow(hash: string): void {
    const [id, tab, contract] = hash.slice(1).split('/');
    const seat = this.seats.find(({ person }) => person.id === id);
    const known = tabs.find((one) => one === tab);
    if (!seat || !known) return;
    this.change(() => {
      seat.tab = known;
      seat.marked = contract;
    });
    document.getElementById(`seat-${seat.person.id}`)?.scrollIntoView({ block: 'nearest' });
  }

  private async attempt(words: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
      this.change(() => Object.assign(this, { said: words, hasFailed: false }));
    } catch (error) {
      const said = error instanceof Error ? error.message : 'the server does not answer';
      this.change(() => Object.assign(this, { said, hasFailed: true }));
    }
  }

  private readSoon(afterMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(), afterMs);
  }

  private async read(): Promise<void> {
    // Whoever reads already reads on.
    if (this.isReading) return this.readSoon(100);
    if (document.hidden) return;
    this.isReading = true;
    try {
      const { items } = await stories();
      this.change(() => (this.log = items));
    } catch {
      // The server is away, or asks for patience: the connection's state says so, and the next look is on its way.
    } finally {
      this.isReading = false;
    }
    this.readSoon(this.log.some(isUnderWay) ? BUSY_MS : CALM_MS);
  }

  private change(what: () => unknown): void {
    what();
    this.show(this);
  }
}

/** The token that the session brought; once it has expired, one of a new session. */
function tokenSource(person: Person): () => Promise<string> {
  let first: string | undefined = person.token;
  return async () => {
    const token = first ?? (await openSession()).people.find(({ id }) => id === person.id)?.token;
    first = undefined;
    return token ?? '';
  };
}
