import { asCarillonError } from '../../client/carillon-error.js';
import { ConsoleApi, type Credentials, type Page } from '../calls/api.js';

const KEY = 'carillon-console-session';

export interface Tenant {
  id: string;
  name: string;
  timezone: string;
}

/** What is kept in this tab, until it is closed. */
interface Stored extends Credentials {
  /** True for a platform operator, who chooses the tenant. */
  isPlatform: boolean;
}

/**
 * Who is signed in, in this tab: kept in its sessionStorage, so that a reload keeps it and a second tab does not have
 * it. Tells its listener of every change.
 */
export class Session {
  readonly api: ConsoleApi;
  /** The tenant that is looked at; undefined before it is chosen or known. */
  tenant?: Tenant;
  /** True after the API refused what had been good. */
  isOver = false;
  private stored?: Stored;

  constructor(private readonly changed: () => void) {
    this.api = new ConsoleApi(
      () => this.stored,
      () => this.expire(),
    );
    try {
      this.stored = (JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Stored | undefined) ?? undefined;
    } catch {
      sessionStorage.removeItem(KEY);
    }
  }

  get isSignedIn(): boolean {
    return this.stored !== undefined;
  }

  get isPlatform(): boolean {
    return this.stored?.isPlatform === true;
  }

  /** True while a platform operator has not said which tenant. */
  get isChoosing(): boolean {
    return this.isPlatform && this.stored?.tenantId === undefined;
  }

  /** Finds out whose token this is. @throws CarillonError where it is not taken. */
  async signIn(token: string, tenantId?: string): Promise<void> {
    const credentials = { token, ...(tenantId === undefined ? {} : { tenantId }) };
    const api = new ConsoleApi(() => credentials);
    try {
      const tenant = await api.get<Tenant>('/v1/tenant');
      const isPlatform = tenantId !== undefined;
      this.enter({ ...credentials, isPlatform }, tenant);
    } catch (error) {
      // A platform key is asked for the tenant.
      if (asCarillonError(error).path !== 'X-Tenant-Id') throw error;
      this.enter({ token, isPlatform: true });
    }
  }

  /** Signs in at the machine that Carillon is tried out on, without a key. @throws CarillonError */
  async signInHere(): Promise<void> {
    const response = await fetch('/console/session', {
      method: 'POST',
      credentials: 'omit',
      headers: { 'x-carillon-console': '1' },
    });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const { token, tenantId } = (await response.json()) as { token: string; tenantId: string };
    await this.signIn(token, tenantId);
  }

  /** After a reload. @throws CarillonError */
  async resume(): Promise<void> {
    if (this.stored === undefined || this.tenant || this.isChoosing) return;
    this.tenant = await this.api.get<Tenant>('/v1/tenant');
    this.changed();
  }

  /** Of a platform operator. @throws CarillonError `not_found` */
  async choose(tenantId: string): Promise<void> {
    if (!this.stored) return;
    const credentials = { ...this.stored, tenantId };
    const tenant = await new ConsoleApi(() => credentials).get<Tenant>('/v1/tenant');
    this.enter(credentials, tenant);
  }

  /** Back to the choice of tenants. */
  leaveTenant(): void {
    if (!this.stored) return;
    const { tenantId: _left, ...rest } = this.stored;
    this.tenant = undefined;
    this.keep(rest);
  }

  tenants(cursor?: string): Promise<Page<Tenant>> {
    return this.api.get('/v1/tenants', { limit: 100, cursor });
  }

  signOut(): void {
    this.isOver = false;
    this.forget();
  }

  private enter(stored: Stored, tenant?: Tenant): void {
    this.isOver = false;
    this.tenant = tenant;
    this.keep(stored);
  }

  private keep(stored: Stored): void {
    this.stored = stored;
    sessionStorage.setItem(KEY, JSON.stringify(stored));
    this.changed();
  }

  private expire(): void {
    if (this.stored === undefined) return;
    this.isOver = true;
    this.forget();
  }

  private forget(): void {
    this.stored = undefined;
    this.tenant = undefined;
    sessionStorage.removeItem(KEY);
    this.changed();
  }
}
