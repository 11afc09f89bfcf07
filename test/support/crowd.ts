import { expect } from 'vitest';
import { addPeople, addressOf, create, ids, type BroadcastAnswer } from './broadcasts.js';
import type { Cluster } from './cluster.js';
import { eventually, type ApiAnswer } from './engine.js';

interface Logged {
  recipient: string;
  status: string;
  /** How its attempts ended, oldest first. */
  attempts: string[];
}

/** People whom a broadcast goes to while something is killed: what they got is held against what the log says. */
export class Crowd {
  readonly people: string[];

  constructor(
    private readonly cluster: Cluster,
    private readonly name: string,
    count: number,
  ) {
    this.people = ids(name, count);
  }

  /** Starts a broadcast by mail to them, and answers its ID. */
  async start(): Promise<string> {
    await addPeople(this.cluster, this.people);
    const { status, body } = await create(this.cluster.api, {
      to: { recipients: this.people },
      channels: ['email'],
    });
    expect(status).toBe(202);
    return body.id as string;
  }

  /** The same, when so many mails are out. */
  async underWay(mails: number): Promise<string> {
    const id = await this.start();
    await eventually(
      `${mails} mails`,
      () => Promise.resolve([...this.mails().values()].reduce((all, count) => all + count, 0)),
      (sent) => sent >= mails,
      60_000,
    );
    return id;
  }

  /** The broadcast once it is so, within two and a half minutes: a page that was cut off is missed for half of one. */
  async reached(
    id: string,
    what: string,
    accept: (view: BroadcastAnswer) => boolean,
  ): Promise<BroadcastAnswer> {
    const { body } = await eventually(
      what,
      () => this.look(id),
      ({ status, body }) => status === 200 && accept(body as BroadcastAnswer),
      150_000,
    );
    return body as BroadcastAnswer;
  }

  /** The broadcast as it is now. */
  async view(id: string): Promise<BroadcastAnswer> {
    const { status, body } = await this.look(id);
    expect(status).toBe(200);
    return body as BroadcastAnswer;
  }

  /** The broadcast once it is over and nobody is under way or held any more. */
  settled(id: string): Promise<BroadcastAnswer> {
    return this.reached(
      id,
      'everybody told',
      ({ status, counts }) => status === 'completed' && counts.inFlight + counts.held === 0,
    );
  }

  /** The IDs of the notifications that they have of it. */
  async notificationsOf(id: string): Promise<string[]> {
    const items = await this.listed<{ notificationId: string }>(`/v1/broadcasts/${id}/recipients?limit=100`);
    return items.map(({ notificationId }) => notificationId);
  }

  /** The log's mails to them. */
  async log(): Promise<Logged[]> {
    const items = await this.listed<{ recipient: string; status: string; attempts: { outcome: string }[] }>(
      '/v1/deliveries?channel=email&limit=100',
    );
    return items
      .filter(({ recipient }) => recipient.startsWith(this.name))
      .map((one) => ({ ...one, attempts: one.attempts.map(({ outcome }) => outcome) }));
  }

  /** How many mails each of them got. */
  mails(): Map<string, number> {
    const counts = new Map(this.people.map((id) => [addressOf(id), 0]));
    for (const { envelope } of this.cluster.smtp.mails) {
      const [address = ''] = envelope.to;
      const count = counts.get(address);
      if (count !== undefined) counts.set(address, count + 1);
    }
    return new Map(this.people.map((id) => [id, counts.get(addressOf(id)) ?? 0]));
  }

  /** Who got more than one. */
  doubled(): string[] {
    return [...this.mails()].filter(([, count]) => count > 1).map(([id]) => id);
  }

  /**
   * Holds when everybody has the mail, the log says that it was sent, and whoever has it twice, at most, is one of the
   * `cutOff` at most whose attempt was cut off, as the log says too.
   */
  async expectTold({ cutOff }: { cutOff: number }): Promise<void> {
    const log = await this.log();
    expect(log).toHaveLength(this.people.length);
    expect(log.filter(({ status }) => status !== 'sent')).toEqual([]);
    expect(log.filter(({ attempts }) => attempts.includes('started'))).toEqual([]);
    const interrupted = new Set(
      log.filter(({ attempts }) => attempts.includes('interrupted')).map((one) => one.recipient),
    );
    const mails = [...this.mails()];
    expect(mails.filter(([, count]) => count === 0)).toEqual([]);
    expect(mails.filter(([id, count]) => count > (interrupted.has(id) ? 2 : 1))).toEqual([]);
    expect(interrupted.size).toBeLessThanOrEqual(cutOff);
  }

  private look(id: string): Promise<ApiAnswer> {
    return this.cluster.api('GET', `/v1/broadcasts/${id}`);
  }

  /** All pages of a list. */
  private async listed<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await this.cluster.api('GET', `${path}${cursor && `&cursor=${cursor}`}`);
      items.push(...(body.items as Item[]));
      cursor = body.nextCursor as string | null;
    }
    return items;
  }
}
