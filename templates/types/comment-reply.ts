import { given, named, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

export const commentReply: BuiltInType = {
  type: {
    name: 'comment_reply',
    category: 'collaboration',
    severity: 'info',
    icon: 'reply',
    color: '#7c3aed',
    defaultChannels: ['in_app', 'email', 'push'],
    variables: variables({
      author: thing('Who replied; the actor by default'),
      place: thing('On what the comment stands: a page, a row, a document'),
      excerpt: text('The reply'),
    }),
  },
  example: {
    author: 'Bob Keller',
    place: { title: 'Roadmap' },
    excerpt: 'Done: they now match the contract.',
  },
  texts: {
    en: {
      title: `${named('author', 'Someone', 'actor')} replied to your comment${given('place', ' on {{ it }}')}`,
      message: '{{ excerpt | name | default: "Open it to read the reply." }}',
      sms: `${named('author', 'Someone', 'actor')} replied to your comment${given('excerpt', ': {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Reply to your comment',
        heading: `${named('author', 'Someone', 'actor')} replied to your comment`,
        paragraphs: [given('place', 'On {{ it }}' + given('excerpt', ':', '.'))],
        quote: '{{ excerpt | name }}',
        button: 'Read and reply',
        why: 'You get this mail because you commented on this.',
      },
    },
    fr: {
      title: `${named('author', 'Quelqu’un', 'actor')} a répondu à votre commentaire${given('place', ' : {{ it }}')}`,
      message: '{{ excerpt | name | default: "Ouvrez la réponse pour la lire." }}',
      sms: `${named('author', 'Quelqu’un', 'actor')} a répondu à votre commentaire${given('excerpt', ' : {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Réponse à votre commentaire',
        heading: `${named('author', 'Quelqu’un', 'actor')} a répondu à votre commentaire`,
        paragraphs: [given('place', 'À propos de « {{ it }} »' + given('excerpt', ' :', '.'))],
        quote: '{{ excerpt | name }}',
        button: 'Lire et répondre',
        why: 'Vous recevez ce message parce que vous avez écrit un commentaire à ce sujet.',
      },
    },
  },
};
