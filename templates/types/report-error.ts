import { given, named, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

export const reportError: BuiltInType = {
  type: {
    name: 'report_error',
    category: 'operations',
    severity: 'error',
    icon: 'file-x',
    color: '#b91c1c',
    variables: variables({
      report: thing('What could not be made'),
      period: text('What it was to cover'),
      reason: text('Why'),
    }),
  },
  example: {
    report: 'Sales by region',
    period: 'Q4 2026',
    reason: 'The data of region North is not complete yet.',
  },
  texts: {
    en: {
      title: `${named('report', 'Your report')} could not be created`,
      message: `Try again later${given('reason', '. The reason: {{ it }}', ', or ask your administrator.')}`,
      sms: `${named('report', 'Your report')} could not be created${given('reason', ': {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Report failed',
        paragraphs: ['Try again later. If it fails once more, ask your administrator.'],
        facts: [
          ['Report', '{{ report | name }}'],
          ['Period', '{{ period | name }}'],
          ['Reason', '{{ reason | name }}'],
        ],
        button: 'Try again',
        why: 'You get this mail because you asked for this report.',
      },
    },
    fr: {
      title: given('report', 'Échec du rapport : {{ it }}', 'Votre rapport n’a pas pu être créé'),
      message: `Réessayez plus tard${given('reason', '. Motif : {{ it }}', ' ou adressez-vous à votre administrateur.')}`,
      sms: `${given('report', 'Échec du rapport {{ it }}', 'Votre rapport a échoué')}${given('reason', ' : {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Échec du rapport',
        paragraphs: ['Réessayez plus tard. Si l’échec se répète, adressez-vous à votre administrateur.'],
        facts: [
          ['Rapport', '{{ report | name }}'],
          ['Période', '{{ period | name }}'],
          ['Motif', '{{ reason | name }}'],
        ],
        button: 'Réessayer',
        why: 'Vous recevez ce message parce que vous avez demandé ce rapport.',
      },
    },
  },
};
