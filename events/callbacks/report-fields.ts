/** Fields of one group of a report, by name in lower case; the first of each. */
export type ReportFields = ReadonlyMap<string, string>;

/** Groups of a report that are read, at most: a mail of ours has one recipient. */
const MAX_GROUPS = 50;

/**
 * Reads `message/delivery-status` (RFC 3464 section 2.1) or `message/feedback-report` (RFC 5965): groups of header fields,
 * with blank lines between them. Fields may be folded.
 */
export function reportGroups(text: string): ReportFields[] {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+(?=\S)/g, ' ')
    .split(/\n[ \t]*\n+/)
    .slice(0, MAX_GROUPS)
    .map(fieldsIn)
    .filter((fields) => fields.size > 0);
}

function fieldsIn(group: string): ReportFields {
  const fields = new Map<string, string>();
  for (const line of group.split('\n')) {
    const [, name, value = ''] = /^([\w-]{1,80}):\s*(.*)$/.exec(line) ?? [];
    const key = name?.toLowerCase();
    if (key !== undefined && !fields.has(key)) fields.set(key, value.trim());
  }
  return fields;
}

/** What follows the type: `ann@example.com` of `rfc822; ann@example.com`; the address of `<ann@example.com>`. */
export function addressIn(field: string | undefined): string | undefined {
  const address = field
    ?.replace(/^[\w-]+\s*;/, '')
    .trim()
    .replace(/^<(.*)>$/, '$1')
    .trim();
  return address ? address : undefined;
}
