import { given, named, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

export const contractRejected: BuiltInType = {
  type: {
    name: 'contract_rejected',
    category: 'contracts',
    severity: 'error',
    icon: 'x-circle',
    color: '#b91c1c',
    variables: variables({
      contract: thing('What is rejected'),
      approver: thing('By whom; the actor by default'),
      reason: text('Why, in the words of whoever rejected it'),
    }),
  },
  example: {
    contract: { title: 'NDA with Acme' },
    approver: 'Bob Keller',
    reason: 'The cap on liability is too low.\nPlease ask legal.',
  },
  texts: {
    en: {
      subject: `Rejected: ${named('contract', 'your contract')}`,
      title: `${named('contract', 'Your contract')} was rejected`,
      message: `${named('approver', 'The approver', 'actor')} rejected ${named('contract', 'the contract')}${given('reason', ': {{ it }}', '.')}`,
      sms: `${named('approver', 'The approver', 'actor')} rejected ${named('contract', 'your contract')}${given('reason', ': {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Contract rejected',
        paragraphs: [
          `${named('approver', 'The approver', 'actor')} rejected ${named('contract', 'your contract')}${given('reason', ' and gave this reason:', ' without giving a reason.')}`,
        ],
        quote: '{{ reason | name }}',
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
      message: `${named('contract', 'Le contrat')} a été refusé par ${named('approver', 'la personne chargée de l’approbation', 'actor')}${given('reason', ' : {{ it }}', '.')}`,
      sms: `${named('contract', 'Votre contrat')} a été refusé par ${named('approver', 'la personne chargée de l’approbation', 'actor')}${given('reason', ' : {{ it | truncate: 80, "..." }}', '.')}`,
      mail: {
        label: 'Contrat refusé',
        paragraphs: [
          `${named('contract', 'Votre contrat')} a été refusé par ${named('approver', 'la personne chargée de l’approbation', 'actor')}${given('reason', ', pour la raison suivante :', ', sans motif indiqué.')}`,
        ],
        quote: '{{ reason | name }}',
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
