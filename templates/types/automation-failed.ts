import { given, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

/** One that runs each minute fails each minute: past ten an hour they are collected. */
export const automationFailed: BuiltInType = {
  type: {
    name: 'automation_failed',
    category: 'collaboration',
    severity: 'error',
    icon: 'zap-off',
    color: '#b91c1c',
    throttles: [{ max: 10, per: 'PT1H', excess: 'digest' }],
    variables: variables({
      automation: thing('What ran'),
      step: thing('Where it stopped'),
      reason: text('Why'),
    }),
  },
  example: {
    automation: 'Monthly invoices',
    step: 'Send the mails',
    reason: 'The template has no subject.',
  },
  texts: {
    en: {
      title: given('automation', '{{ it }} has failed', 'An automation has failed'),
      message: `${given('step', 'It stopped at “{{ it }}”', 'It did not run to its end')}${given('reason', ': {{ it }}', '.')}`,
      sms: `${given('automation', '{{ it }} has failed', 'An automation has failed')}${given('reason', ': {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Automation failed',
        paragraphs: ['It did not run to its end. Correct what is wrong, then run it again.'],
        facts: [
          ['Automation', '{{ automation | name }}'],
          ['Stopped at', '{{ step | name }}'],
          ['Reason', '{{ reason | name }}'],
        ],
        button: 'See what went wrong',
        why: 'You get this mail because you look after this automation.',
      },
    },
    fr: {
      title: given('automation', 'Automatisation en échec : {{ it }}', 'Une automatisation a échoué'),
      message: `${given('step', 'Elle s’est arrêtée à l’étape « {{ it }} »', 'Elle n’est pas allée jusqu’au bout')}${given('reason', ' : {{ it }}', '.')}`,
      sms: `${given('automation', 'Automatisation en échec ({{ it }})', 'Une automatisation a échoué')}${given('reason', ' : {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Automatisation en échec',
        paragraphs: ['Elle n’est pas allée jusqu’au bout. Corrigez l’erreur, puis relancez-la.'],
        facts: [
          ['Automatisation', '{{ automation | name }}'],
          ['Arrêt à l’étape', '{{ step | name }}'],
          ['Motif', '{{ reason | name }}'],
        ],
        button: 'Voir l’erreur',
        why: 'Vous recevez ce message parce que vous êtes responsable de cette automatisation.',
      },
    },
  },
};
