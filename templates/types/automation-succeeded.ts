import { given, type BuiltInType } from '../built-in-type.js';
import { date, text, thing, variables } from '../variables.js';

/** Good to know and no reason to interrupt: whoever turns its mails on gets them once a day. */
export const automationSucceeded: BuiltInType = {
  type: {
    name: 'automation_succeeded',
    category: 'collaboration',
    severity: 'success',
    icon: 'zap',
    color: '#15803d',
    defaultChannels: ['in_app'],
    cadence: 'daily',
    variables: variables({
      automation: thing('What ran'),
      summary: text('What it did'),
      finishedAt: date('When it had finished'),
    }),
  },
  example: {
    automation: 'Monthly invoices',
    summary: '48 invoices sent, none left out.',
    finishedAt: '2026-12-01T05:00:00Z',
  },
  texts: {
    en: {
      title: given('automation', '{{ it }} has finished', 'An automation has finished'),
      message: '{{ summary | name | default: "It ran without an error." }}',
      sms: `${given('automation', '{{ it }} has finished', 'An automation has finished')}${given('summary', ': {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Automation finished',
        facts: [
          ['Automation', '{{ automation | name }}'],
          ['Finished', '{{ finishedAt | date_time }}'],
        ],
        button: 'See the run',
        why: 'You get this mail because you follow this automation.',
      },
    },
    fr: {
      title: given('automation', 'Automatisation terminée : {{ it }}', 'Une automatisation est terminée'),
      message: '{{ summary | name | default: "Elle s’est déroulée sans erreur." }}',
      sms: `${given('automation', 'Automatisation terminée : {{ it }}', 'Une automatisation est terminée')}${given('summary', '. {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Automatisation terminée',
        facts: [
          ['Automatisation', '{{ automation | name }}'],
          ['Fin', '{{ finishedAt | date_time }}'],
        ],
        button: 'Voir l’exécution',
        why: 'Vous recevez ce message parce que vous suivez cette automatisation.',
      },
    },
  },
};
