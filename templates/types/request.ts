import { given, named } from '../built-in-type.js';
import { programmeFamily } from '../programme-family.js';
import { text, thing, variables } from '../variables.js';

const shared = { request: thing('What is asked for'), programme: thing('In which programme') };

/** `request` asks for a decision, its variants tell the requester of it, or whoever is to decide that it is missing. */
export const requests = programmeFamily({
  shared,
  base: {
    type: {
      name: 'request',
      category: 'programme',
      severity: 'info',
      icon: 'inbox',
      color: '#2563eb',
      variables: variables({
        ...shared,
        requester: thing('Who asks; the actor by default'),
        message: text('What the requester says to it'),
      }),
    },
    example: {
      request: { title: 'Travel grant' },
      programme: 'Spring cohort',
      requester: 'Carla Nunes',
      message: 'For the trade fair in March, two people.',
    },
    texts: {
      en: {
        title: `New request${given('request', ': {{ it }}')}`,
        message: `${named('requester', 'Someone', 'actor')} waits for your answer${given('message', ': {{ it }}', '.')}`,
        sms: `${named('requester', 'Someone', 'actor')} has a request${given('request', ': {{ it }}', ' and waits for your answer')}.`,
        mail: {
          label: 'New request',
          paragraphs: [`${named('requester', 'Someone', 'actor')} waits for your answer.`],
          quote: '{{ message | name }}',
          facts: [
            ['Request', '{{ request | name }}'],
            ['Programme', '{{ programme | name }}'],
            ['From', '{{ requester | name | default: actor | name }}'],
          ],
          button: 'Answer the request',
          why: 'You get this mail because you decide on requests.',
        },
      },
      fr: {
        title: `Nouvelle demande${given('request', ' : {{ it }}')}`,
        message: `${named('requester', 'Quelqu’un', 'actor')} attend votre réponse${given('message', ' : {{ it }}', '.')}`,
        sms: `${named('requester', 'Quelqu’un', 'actor')} a une demande${given('request', ' : {{ it }}', ' et attend votre réponse')}.`,
        mail: {
          label: 'Nouvelle demande',
          paragraphs: [`${named('requester', 'Quelqu’un', 'actor')} attend votre réponse.`],
          quote: '{{ message | name }}',
          facts: [
            ['Demande', '{{ request | name }}'],
            ['Programme', '{{ programme | name }}'],
            ['De la part de', '{{ requester | name | default: actor | name }}'],
          ],
          button: 'Répondre à la demande',
          why: 'Vous recevez ce message parce que vous traitez les demandes.',
        },
      },
    },
  },
  words: {
    en: {
      what: `Your request${given('request', ' ({{ it }})')}`,
      approved: 'was approved',
      rejected: 'was rejected',
      again: 'If you have questions, talk to your programme team.',
      todo: `${given('request', 'the request {{ it }}', 'a request')} waits for your answer`,
      labels: { approved: 'Request approved', rejected: 'Request rejected', reminder: 'Request reminder' },
      facts: [
        ['Request', '{{ request | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Open the request',
      do: 'Answer the request',
      whyDecided: 'You get this mail because you made this request.',
      whyReminded: 'You get this mail because you decide on this request.',
    },
    fr: {
      what: `Votre demande${given('request', ' ({{ it }})')}`,
      approved: 'a été approuvée',
      rejected: 'a été refusée',
      again: 'Pour toute question, adressez-vous à l’équipe du programme.',
      todo: `${given('request', 'la demande {{ it }}', 'une demande')} attend votre réponse`,
      labels: { approved: 'Demande approuvée', rejected: 'Demande refusée', reminder: 'Demande en attente' },
      facts: [
        ['Demande', '{{ request | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Ouvrir la demande',
      do: 'Répondre à la demande',
      whyDecided: 'Vous recevez ce message parce que vous avez fait cette demande.',
      whyReminded: 'Vous recevez ce message parce que vous devez traiter cette demande.',
    },
  },
});
