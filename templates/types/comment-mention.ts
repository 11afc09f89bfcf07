import { given, named, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

export const commentMention: BuiltInType = {
  type: {
    name: 'comment_mention',
    category: 'collaboration',
    severity: 'info',
    icon: 'at-sign',
    color: '#7c3aed',
    defaultChannels: ['in_app', 'email', 'push'],
    variables: variables({
      author: thing('Who wrote the comment; the actor by default'),
      place: thing('On what: a page, a row, a document'),
      excerpt: text('What was written'),
    }),
  },
  example: {
    author: 'Ann Marlow',
    place: { title: 'Roadmap' },
    excerpt: 'Could you check the dates of the second phase?',
  },
  texts: {
    en: {
      title: `${named('author', 'Someone', 'actor')} mentioned you in a comment${given('place', ' on {{ it }}')}`,
      message: '{{ excerpt | name | default: "Open it to read what was said." }}',
      sms: `${named('author', 'Someone', 'actor')} mentioned you in a comment${given('excerpt', ': {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Mention in a comment',
        heading: `${named('author', 'Someone', 'actor')} mentioned you in a comment`,
        paragraphs: [given('place', 'On {{ it }}' + given('excerpt', ':', '.'))],
        quote: '{{ excerpt | name }}',
        button: 'Read and reply',
        why: 'You get this mail because somebody mentioned you in a comment.',
      },
    },
    fr: {
      title: `${named('author', 'Quelqu’un', 'actor')} vous mentionne dans un commentaire${given('place', ' : {{ it }}')}`,
      message: '{{ excerpt | name | default: "Ouvrez le commentaire pour le lire." }}',
      sms: `${named('author', 'Quelqu’un', 'actor')} vous mentionne dans un commentaire${given('excerpt', ' : {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Mention dans un commentaire',
        heading: `${named('author', 'Quelqu’un', 'actor')} vous mentionne dans un commentaire`,
        paragraphs: [given('place', 'À propos de « {{ it }} »' + given('excerpt', ' :', '.'))],
        quote: '{{ excerpt | name }}',
        button: 'Lire et répondre',
        why: 'Vous recevez ce message parce que quelqu’un vous mentionne dans un commentaire.',
      },
    },
  },
};
