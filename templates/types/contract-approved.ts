import { named, type BuiltInType } from '../built-in-type.js';
import { thing, variables } from '../variables.js';

export const contractApproved: BuiltInType = {
  type: {
    name: 'contract_approved',
    category: 'contracts',
    severity: 'success',
    icon: 'check-circle',
    color: '#15803d',
    variables: variables({
      contract: thing('What is approved'),
      approver: thing('By whom; the actor by default'),
    }),
  },
  example: { contract: { title: 'NDA with Acme' }, approver: 'Bob Keller' },
  texts: {
    en: {
      subject: `Approved: ${named('contract', 'your contract')}`,
      title: `${named('contract', 'Your contract')} is approved`,
      message: `${named('approver', 'The approver', 'actor')} approved ${named('contract', 'the contract')}.`,
      sms: `${named('approver', 'The approver', 'actor')} approved ${named('contract', 'your contract')}.`,
      mail: {
        label: 'Contract approved',
        paragraphs: [
          `Good news: ${named('approver', 'the approver', 'actor')} approved ${named('contract', 'your contract')}.`,
        ],
        facts: [
          ['Contract', '{{ contract | name }}'],
          ['Approved by', '{{ approver | name | default: actor | name }}'],
          ['Approved on', '{{ notification.createdAt | date_time }}'],
        ],
        button: 'Open the contract',
        why: 'You get this mail because you follow this contract.',
      },
    },
    fr: {
      subject: `Approuvé : ${named('contract', 'votre contrat')}`,
      title: `${named('contract', 'Votre contrat')} est approuvé`,
      message: `${named('contract', 'Le contrat')} a été approuvé par ${named('approver', 'la personne chargée de l’approbation', 'actor')}.`,
      sms: `${named('contract', 'Votre contrat')} a été approuvé par ${named('approver', 'la personne chargée de l’approbation', 'actor')}.`,
      mail: {
        label: 'Contrat approuvé',
        paragraphs: [
          `Bonne nouvelle : ${named('contract', 'votre contrat')} a été approuvé par ${named('approver', 'la personne chargée de l’approbation', 'actor')}.`,
        ],
        facts: [
          ['Contrat', '{{ contract | name }}'],
          ['Approuvé par', '{{ approver | name | default: actor | name }}'],
          ['Approuvé le', '{{ notification.createdAt | date_time }}'],
        ],
        button: 'Ouvrir le contrat',
        why: 'Vous recevez ce message parce que vous suivez ce contrat.',
      },
    },
  },
};
