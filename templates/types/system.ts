import type { BuiltInType } from '../built-in-type.js';

/** `data: { title?, message? }`: from whoever runs the application to those who use it. */
export const system: BuiltInType = {
  type: {
    name: 'system',
    category: 'system',
    severity: 'info',
    icon: 'info',
    color: '#0369a1',
    defaultChannels: ['in_app', 'email'],
    critical: false,
    contentRequired: false,
  },
  texts: {
    en: {
      subject: '{{ title | default: "System message" }}',
      title: '{{ title | default: "System message" }}',
      message: '{{ message | default: "There is news about your account." }}',
      sms: '{{ title | default: "System message" }}{% if message %}: {{ message | truncate: 120, "..." }}{% endif %}',
      mail: {
        label: 'System message',
        heading: '{{ title | default: "News about your account" }}',
        paragraphs: ['{{ message | default: "There is news about your account. Sign in to read it." }}'],
        button: 'Open',
        why: 'You get this mail because you have an account at {{ tenant.name }}.',
      },
    },
    fr: {
      subject: '{{ title | default: "Message du système" }}',
      title: '{{ title | default: "Message du système" }}',
      message: '{{ message | default: "Il y a du nouveau concernant votre compte." }}',
      sms: '{{ title | default: "Message du système" }}{% if message %} : {{ message | truncate: 120, "..." }}{% endif %}',
      mail: {
        label: 'Message du système',
        heading: '{{ title | default: "Du nouveau sur votre compte" }}',
        paragraphs: [
          '{{ message | default: "Il y a du nouveau concernant votre compte. Connectez-vous pour en savoir plus." }}',
        ],
        button: 'Ouvrir',
        why: 'Vous recevez ce message parce que vous avez un compte chez {{ tenant.name }}.',
      },
    },
  },
};
