import type { Message } from '../../../elements/shared/i18n.js';

export const english = {
  'find.title': 'Why did they not get it?',
  'find.text': 'Everything that was triggered for a person, and why it went out or not, channel by channel.',
  'find.recipient': 'Person’s ID',
  'find.button': 'Find',
  'find.type': 'Type',
  'find.start': 'Whom is it about?',
  'find.startText': 'Type the ID by which your application knows the person.',
  'find.unknown': 'Nobody of this ID is known',
  'find.unknownText':
    'Nothing is sent to a person whom Carillon does not know: check the ID, or create the person with PUT /v1/subscribers/{id}.',
  'find.address': 'a bare address, which is no person',
  'find.email': 'Email',
  'find.phone': 'Phone',
  'find.locale': 'Language',
  'find.timezone': 'Time zone',
  'find.roles': 'Roles',
  'find.push': 'Devices',
  'find.noAddress': 'none',
  'find.none': 'Nothing was triggered for them',
  'find.noneText':
    'No notification names this person. Look at the application that should have triggered it, and at the inbound events.',
  'find.why': 'Why',
  'find.went': 'went out',
} satisfies Record<string, Message>;

export type FindText = keyof typeof english;
