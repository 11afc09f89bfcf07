import { actionLink } from './action-link.js';
import type { MailEntries } from './built-in-type.js';
import { fill, parseBuiltIn } from './liquid.js';
import type { Mail, MailEntry } from './mail.js';
import type { Rendering } from './rendering.js';
import { oneLine } from './text-limits.js';

/** The entries of a mail, and what stands under them; what is no array has none. */
export function mailEntries(
  declared: MailEntries | undefined,
  rendering: Rendering,
): Pick<Mail, 'entries' | 'rest'> {
  const listed = declared && rendering.variables[declared.of];
  if (!declared || !Array.isArray(listed)) return { entries: [], rest: '' };
  const line = (field: 'title' | 'text' | 'note' | 'link' | 'rest', limit: number, entry?: unknown) => {
    const place = { channel: 'email', field: `entries.${field}`, fromContent: false } as const;
    const variables = { ...rendering.variables, entry };
    return oneLine(fill(parseBuiltIn(declared[field], 'none'), variables, rendering.settings, place), limit);
  };
  const entries = listed.slice(0, declared.most).map((entry: unknown): MailEntry => ({
    title: line('title', 200, entry),
    text: line('text', 300, entry),
    note: line('note', 200, entry),
    link: actionLink(line('link', 2048, entry), rendering.context.tenant.appUrl),
  }));
  return { entries: entries.filter(({ title }) => title !== ''), rest: line('rest', 200) };
}
