import type { Branding } from '../contracts/branding.js';
import type { Contact } from '../contracts/contact.js';
import type { Severity } from '../contracts/notification-types.js';
import type { Tenant } from '../contracts/tenants.js';

/** What one rendering knows: the trigger's own variables, and who is told about what, by whom, for which tenant. */
export interface TemplateContext {
  /** The trigger's `data`: its fields are the templates' top-level variables. */
  data: Readonly<Record<string, unknown>>;
  recipient: Partial<Pick<Contact, 'email' | 'phone' | 'timezone'>> & {
    id: string;
    attributes?: Readonly<Record<string, unknown>>;
  };
  tenant: Pick<Tenant, 'id' | 'name' | 'locale' | 'timezone'> & {
    /** Where the tenant's application lives; an `actionUrl` that is only a path is completed with it. */
    appUrl?: string | null;
    /** How its mails look. */
    branding?: Branding;
  };
  /** Who caused it, when the trigger says so. */
  actor?: { id: string; name?: string | null } | null;
  notification: {
    id: string;
    type: string;
    severity: Severity;
    actionUrl?: string | null;
    related?: { type: string; id: string } | null;
    /** ISO 8601. */
    createdAt: string;
    /** ISO 8601. */
    expiresAt?: string | null;
    /** Of mails only. A link in the footer of those that Carillon lays out; in others the variable `unsubscribeUrl`. */
    unsubscribeUrl?: string | null;
  };
}
