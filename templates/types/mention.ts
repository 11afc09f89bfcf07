import { given, named, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

/** Liquid: in what it stands, the contract or else the place. */
const within = (words: string, otherwise = '') => given('contract', words, given('place', words, otherwise));

export const mention: BuiltInType = {
  type: {
    name: 'mention',
    category: 'collaboration',
    severity: 'info',
    icon: 'at-sign',
    color: '#7c3aed',
    variables: variables({
      contract: thing('In which contract'),
      place: thing('Or where else: a page, a comment'),
      author: thing('Who wrote it; the actor by default'),
      excerpt: text('What was written'),
    }),
  },
  example: {
    contract: { title: 'NDA with Acme' },
    author: 'Ann Marlow',
    excerpt: 'Is clause 4 right?',
    place: 'Comments',
  },
  texts: {
    en: {
      title: `${named('author', 'Someone', 'actor')} mentioned you${within(' in {{ it }}')}`,
      message: '{{ excerpt | name | default: "Open it to read what was said." }}',
      sms: `${named('author', 'Someone', 'actor')} mentioned you${given('excerpt', ': {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Mention',
        heading: `${named('author', 'Someone', 'actor')} mentioned you`,
        paragraphs: [
          `${within('In {{ it }}' + given('excerpt', ':', '.'), given('excerpt', '', 'Open it to read what was said.'))}`,
        ],
        quote: '{{ excerpt | name }}',
        facts: [
          ['Contract', '{{ contract | name }}'],
          ['Where', '{{ place | name }}'],
          ['By', '{{ author | name | default: actor | name }}'],
        ],
        button: 'Read and reply',
        why: 'You get this mail because somebody mentioned you.',
      },
    },
    fr: {
      title: `${named('author', 'Quelqu’un', 'actor')} vous a mentionné${within(' : {{ it }}')}`,
      message: '{{ excerpt | name | default: "Ouvrez la discussion pour lire le message." }}',
      sms: `${named('author', 'Quelqu’un', 'actor')} vous a mentionné${given('excerpt', ' : {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Mention',
        heading: `${named('author', 'Quelqu’un', 'actor')} vous a mentionné`,
        paragraphs: [
          `${within('Dans {{ it }}' + given('excerpt', ' :', '.'), given('excerpt', '', 'Ouvrez la discussion pour lire le message.'))}`,
        ],
        quote: '{{ excerpt | name }}',
        facts: [
          ['Contrat', '{{ contract | name }}'],
          ['Où', '{{ place | name }}'],
          ['Par', '{{ author | name | default: actor | name }}'],
        ],
        button: 'Lire et répondre',
        why: 'Vous recevez ce message parce que quelqu’un vous a mentionné.',
      },
    },
  },
};
