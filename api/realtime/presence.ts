import { rowId } from '../../models/row-id.js';
import { audienceOf, EVERYONE } from '../../models/system-messages.js';
import type { Connection } from './connection.js';

/** A person who is connected to this process, by one client or several. */
export interface PresentPerson {
  tenantId: string;
  recipientId: string;
  connections: Set<Connection>;
  /** Whose messages they hear: their own, their roles', their topics', everyone's. */
  audiences: readonly string[];
}

/** Who is connected to this process, and in which rooms: one for each person, role, topic and tenant. */
export class Presence {
  private readonly people = new Map<string, PresentPerson>();
  private readonly rooms = new Map<string, Set<PresentPerson>>();

  get persons(): Iterable<PresentPerson> {
    return this.people.values();
  }

  get connections(): Connection[] {
    return [...this.people.values()].flatMap(({ connections }) => [...connections]);
  }

  get isEmpty(): boolean {
    return this.people.size === 0;
  }

  find(tenantId: string, recipientId: string): PresentPerson | undefined {
    return this.people.get(rowId(tenantId, recipientId));
  }

  hasTenant(tenantId: string): boolean {
    return this.rooms.has(rowId(tenantId, EVERYONE));
  }

  /** Who hears what is said to any of these, each once. */
  hearing(tenantId: string, audiences: readonly string[]): Set<PresentPerson> {
    return new Set(audiences.flatMap((audience) => [...(this.rooms.get(rowId(tenantId, audience)) ?? [])]));
  }

  enter(connection: Connection): PresentPerson {
    const { tenantId, recipientId } = connection.person;
    const key = rowId(tenantId, recipientId);
    let person = this.people.get(key);
    if (!person) {
      person = { tenantId, recipientId, connections: new Set(), audiences: [] };
      this.people.set(key, person);
      this.move(person, [audienceOf('person', recipientId), EVERYONE]);
    }
    person.connections.add(connection);
    return person;
  }

  /** True when it was the person's last. */
  leave(connection: Connection): boolean {
    const { tenantId, recipientId } = connection.person;
    const person = this.find(tenantId, recipientId);
    if (!person?.connections.delete(connection) || person.connections.size > 0) return false;
    this.people.delete(rowId(tenantId, recipientId));
    this.move(person, []);
    return true;
  }

  /** Their roles and topics, as they are now. */
  belongs(
    person: PresentPerson,
    { roles, topics }: { roles: readonly string[]; topics: readonly string[] },
  ): void {
    if (this.find(person.tenantId, person.recipientId) !== person) return;
    this.move(person, [
      audienceOf('person', person.recipientId),
      ...roles.map((role) => audienceOf('role', role)),
      ...topics.map((topic) => audienceOf('topic', topic)),
      EVERYONE,
    ]);
  }

  private move(person: PresentPerson, audiences: readonly string[]): void {
    for (const audience of person.audiences) {
      const name = rowId(person.tenantId, audience);
      const room = this.rooms.get(name);
      room?.delete(person);
      if (room?.size === 0) this.rooms.delete(name);
    }
    for (const audience of audiences) {
      const name = rowId(person.tenantId, audience);
      const room = this.rooms.get(name);
      if (room) room.add(person);
      else this.rooms.set(name, new Set([person]));
    }
    person.audiences = audiences;
  }
}
