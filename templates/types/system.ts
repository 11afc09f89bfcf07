import { given, type BuiltInType } from '../built-in-type.js';
import { text, variables } from '../variables.js';

/** From whoever runs the application to those who use it. */
export const system: BuiltInType = {
  type: {
    name: 'system',
    category: 'system',
    severity: 'info',
    icon: 'info',
    color: '#0369a1',
    variables: variables({
      title: text('What it is about, in a few words'),
      message: text('What there is to say'),
    }),
  },
  example: {
    title: 'Maintenance on Sunday',
    message: 'The service is down from two to three in the morning.',
  },
  texts: {
    en: {
      title: '{{ title | name | default: "System message" }}',
      message: '{{ message | name | default: "There is news about your account." }}',
      sms: `{{ title | name | default: "System message" }}${given('message', ': {{ it | truncate: 120, "..." }}')}`,
      mail: {
        label: 'System message',
        heading: '{{ title | name | default: "News about your account" }}',
        paragraphs: [
          '{{ message | name | default: "There is news about your account. Sign in to read it." }}',
        ],
        button: 'Open',
        why: 'You get this mail because you have an account at {{ tenant.name }}.',
      },
    },
    fr: {
      title: '{{ title | name | default: "Message du système" }}',
      message: '{{ message | name | default: "Il y a du nouveau concernant votre compte." }}',
      sms: `{{ title | name | default: "Message du système" }}${given('message', ' : {{ it | truncate: 120, "..." }}')}`,
      mail: {
        label: 'Message du système',
        heading: '{{ title | name | default: "Du nouveau sur votre compte" }}',
        paragraphs: [
          '{{ message | name | default: "Il y a du nouveau concernant votre compte. Connectez-vous pour en savoir plus." }}',
        ],
        button: 'Ouvrir',
        why: 'Vous recevez ce message parce que vous avez un compte chez {{ tenant.name }}.',
      },
    },
  },
};
