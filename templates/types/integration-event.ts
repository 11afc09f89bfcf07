import { named, given, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

/** Other systems can say a great deal: whoever turns its mails on gets them once an hour. */
export const integrationEvent: BuiltInType = {
  type: {
    name: 'integration_event',
    category: 'collaboration',
    severity: 'info',
    icon: 'plug',
    color: '#475569',
    defaultChannels: ['in_app'],
    cadence: 'hourly',
    variables: variables({
      integration: thing('Which system says it'),
      event: thing('What happened there, in a few words'),
      detail: text('More of it'),
    }),
  },
  example: {
    integration: 'GitHub',
    event: 'Release 2.4 published',
    detail: '14 changes, by 5 people.',
  },
  texts: {
    en: {
      title: `${named('integration', 'An integration')}: ${named('event', 'something new')}`,
      message: '{{ detail | name | default: "Open it to see what happened." }}',
      sms: `${named('integration', 'An integration')}: ${named('event', 'something new')}${given('detail', ', {{ it | truncate: 80, "..." }}')}`,
      mail: {
        label: 'Integration',
        facts: [
          ['Integration', '{{ integration | name }}'],
          ['Event', '{{ event | name }}'],
        ],
        button: 'See what happened',
        why: 'You get this mail because {{ tenant.name }} is connected to this system.',
      },
    },
    fr: {
      title: `${named('integration', 'Intégration')} : ${named('event', 'du nouveau')}`,
      message: '{{ detail | name | default: "Ouvrez-la pour voir ce qui s’est passé." }}',
      sms: `${named('integration', 'Intégration')} : ${named('event', 'du nouveau')}${given('detail', ', {{ it | truncate: 80, "..." }}')}`,
      mail: {
        label: 'Intégration',
        facts: [
          ['Intégration', '{{ integration | name }}'],
          ['Événement', '{{ event | name }}'],
        ],
        button: 'Voir ce qui s’est passé',
        why: 'Vous recevez ce message parce que {{ tenant.name }} est relié à ce système.',
      },
    },
  },
};
