import type { Message } from '../../../elements/shared/i18n.js';

export const english = {
  'audit.title': 'Audit trail',
  'audit.text': 'Who did what, newest first. Secrets are masked.',
  'audit.actor': 'Who',
  'audit.action': 'Action',
  'audit.subject': 'What',
  'audit.from': 'From',
  'audit.to': 'Until',
  'audit.at': 'When',
  'audit.changes': { one: '1 change', other: '{count} changes' },
  'audit.noDetail': 'no further detail',
  'audit.field': 'Field',
  'audit.before': 'Before',
  'audit.after': 'After',
  'audit.absent': 'not there',
  'audit.none': 'Nothing fits',
  'audit.noneText': 'Nobody did that in this period. Clear a filter, or look further back.',
  'audit.empty': 'Nothing was changed yet',
  'audit.emptyText': 'Whatever an administrator changes from now on is found here.',
} satisfies Record<string, Message>;

export type AuditText = keyof typeof english;
