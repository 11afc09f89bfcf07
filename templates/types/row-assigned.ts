import { given, named, type BuiltInType } from '../built-in-type.js';
import { date, thing, variables } from '../variables.js';

export const rowAssigned: BuiltInType = {
  type: {
    name: 'row_assigned',
    category: 'collaboration',
    severity: 'info',
    icon: 'user-check',
    color: '#2563eb',
    defaultChannels: ['in_app', 'email', 'push'],
    variables: variables({
      row: thing('What is assigned'),
      table: thing('In which table'),
      assigner: thing('By whom; the actor by default'),
      dueAt: date('When it is due'),
    }),
  },
  example: {
    row: { title: 'Call the landlord' },
    table: 'Office move',
    assigner: 'Ann Marlow',
    dueAt: '2026-12-04',
  },
  texts: {
    en: {
      title: `${named('assigner', 'Someone', 'actor')} assigned ${named('row', 'a row')} to you`,
      message: `It is yours from now on${given('table', ', in {{ it }}')}${given('dueAt', ', due {{ dueAt | date_time }}')}.`,
      mail: {
        label: 'Assigned to you',
        facts: [
          ['Row', '{{ row | name }}'],
          ['Table', '{{ table | name }}'],
          ['Assigned by', '{{ assigner | name | default: actor | name }}'],
          ['Due', '{{ dueAt | date_time }}'],
        ],
        button: 'Open the row',
        why: 'You get this mail because a row was assigned to you.',
      },
    },
    fr: {
      title: `${named('assigner', 'Quelqu’un', 'actor')} vous confie ${named('row', 'une ligne')}`,
      message: `Vous en êtes désormais responsable${given('table', ', dans {{ it }}')}${given('dueAt', ', échéance : {{ dueAt | date_time }}')}.`,
      mail: {
        label: 'Nouvelle attribution',
        facts: [
          ['Ligne', '{{ row | name }}'],
          ['Table', '{{ table | name }}'],
          ['Attribuée par', '{{ assigner | name | default: actor | name }}'],
          ['Échéance', '{{ dueAt | date_time }}'],
        ],
        button: 'Ouvrir la ligne',
        why: 'Vous recevez ce message parce qu’une ligne vous a été attribuée.',
      },
    },
  },
};
