import { named, type BuiltInType } from '../built-in-type.js';

/** `data: { contract: { title }, approver, reason? }` */
export const contractRejected: BuiltInType = {
  type: {
    name: 'contract_rejected',
    category: 'contracts',
    severity: 'error',
    icon: 'x-circle',
    color: '#b91c1c',
    defaultChannels: ['in_app', 'email'],
    critical: false,
    contentRequired: false,
  },
  texts: {
    en: {
      subject: `Rejected: ${named('contract', 'your contract')}`,
      title: `${named('contract', 'Your contract')} was rejected`,
      message: `${named('approver', 'The approver', 'actor')} rejected ${named('contract', 'the contract')}{% if reason %}: {{ reason }}{% else %}.{% endif %}`,
      sms: `${named('approver', 'The approver', 'actor')} rejected ${named('contract', 'your contract')}{% if reason %}: {{ reason | truncate: 80, "..." }}{% else %}.{% endif %}`,
      mail: {
        label: 'Contract rejected',
        heading: `${named('contract', 'Your contract')} was rejected`,
        paragraphs: [
          `${named('approver', 'The approver', 'actor')} rejected ${named('contract', 'your contract')}{% if reason %} and gave this reason:{% else %} without giving a reason.{% endif %}`,
        ],
        quote: '{{ reason }}',
        facts: [
          ['Contract', '{{ contract | name }}'],
          ['Rejected by', '{{ approver | name | default: actor | name }}'],
          ['Rejected on', '{{ notification.createdAt | date_time }}'],
        ],
        button: 'Open the contract',
        why: 'You get this mail because you follow this contract.',
      },
    },
    fr: {
      subject: `Refusé : ${named('contract', 'votre contrat')}`,
      title: `${named('contract', 'Votre contrat')} a été refusé`,
      message: `${named('contract', 'Le contrat')} a été refusé par ${named('approver', 'la personne chargée de l’approbation', 'actor')}{% if reason %} : {{ reason }}{% else %}.{% endif %}`,
      sms: `${named('contract', 'Votre contrat')} a été refusé par ${named('approver', "la personne chargée de l'approbation", 'actor')}{% if reason %} : {{ reason | truncate: 80, "..." }}{% else %}.{% endif %}`,
      mail: {
        label: 'Contrat refusé',
        heading: `${named('contract', 'Votre contrat')} a été refusé`,
        paragraphs: [
          `${named('contract', 'Votre contrat')} a été refusé par ${named('approver', 'la personne chargée de l’approbation', 'actor')}{% if reason %}, pour la raison suivante :{% else %}, sans motif indiqué.{% endif %}`,
        ],
        quote: '{{ reason }}',
        facts: [
          ['Contrat', '{{ contract | name }}'],
          ['Refusé par', '{{ approver | name | default: actor | name }}'],
          ['Refusé le', '{{ notification.createdAt | date_time }}'],
        ],
        button: 'Ouvrir le contrat',
        why: 'Vous recevez ce message parce que vous suivez ce contrat.',
      },
    },
  },
};
