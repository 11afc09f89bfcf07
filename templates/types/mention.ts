import { named, type BuiltInType } from '../built-in-type.js';

const where = '{{ contract | name | default: place }}';

/** `data: { contract?: { title }, author, excerpt, place? }`; `place` names what the mention stands in: `a comment`. */
export const mention: BuiltInType = {
  type: {
    name: 'mention',
    category: 'collaboration',
    severity: 'info',
    icon: 'at-sign',
    color: '#7c3aed',
    defaultChannels: ['in_app', 'email'],
    critical: false,
    contentRequired: false,
  },
  texts: {
    en: {
      subject: `${named('author', 'Someone', 'actor')} mentioned you{% if contract or place %} in ${where}{% endif %}`,
      title: `${named('author', 'Someone', 'actor')} mentioned you{% if contract or place %} in ${where}{% endif %}`,
      message: '{{ excerpt | default: "Open it to read what was said." }}',
      sms: `${named('author', 'Someone', 'actor')} mentioned you{% if excerpt %}: {{ excerpt | truncate: 80, "..." }}{% else %}.{% endif %}`,
      mail: {
        label: 'Mention',
        heading: `${named('author', 'Someone', 'actor')} mentioned you`,
        paragraphs: [
          `{% if contract or place %}In ${where}{% if excerpt %}:{% else %}.{% endif %}{% elsif excerpt == blank %}Open it to read what was said.{% endif %}`,
        ],
        quote: '{{ excerpt }}',
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
      subject: `${named('author', 'Quelqu’un', 'actor')} vous a mentionné{% if contract or place %} : ${where}{% endif %}`,
      title: `${named('author', 'Quelqu’un', 'actor')} vous a mentionné{% if contract or place %} : ${where}{% endif %}`,
      message: '{{ excerpt | default: "Ouvrez la discussion pour lire le message." }}',
      sms: `${named('author', "Quelqu'un", 'actor')} vous a mentionné{% if excerpt %} : {{ excerpt | truncate: 80, "..." }}{% else %}.{% endif %}`,
      mail: {
        label: 'Mention',
        heading: `${named('author', 'Quelqu’un', 'actor')} vous a mentionné`,
        paragraphs: [
          `{% if contract or place %}Dans ${where}{% if excerpt %} :{% else %}.{% endif %}{% elsif excerpt == blank %}Ouvrez la discussion pour lire le message.{% endif %}`,
        ],
        quote: '{{ excerpt }}',
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
