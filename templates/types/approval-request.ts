import { given, named, type BuiltInType } from '../built-in-type.js';
import { date, thing, variables } from '../variables.js';

export const approvalRequest: BuiltInType = {
  type: {
    name: 'approval_request',
    category: 'contracts',
    severity: 'info',
    icon: 'file-check',
    color: '#2563eb',
    variables: variables({
      contract: thing('What is to be approved'),
      requester: thing('Who asks; the actor by default'),
      dueAt: date('When the answer is due'),
    }),
  },
  example: { contract: { title: 'NDA with Acme' }, requester: 'Ann Marlow', dueAt: '2026-12-04T16:00:00Z' },
  texts: {
    en: {
      subject: `Approval requested: ${named('contract', 'a contract')}`,
      title: `${named('requester', 'Someone', 'actor')} asks for your approval`,
      message: `${named('contract', 'A contract')} waits for your decision${given('dueAt', ', due {{ dueAt | date_time }}')}.`,
      sms: `${named('requester', 'Someone', 'actor')} asks you to approve ${named('contract', 'a contract')}.`,
      mail: {
        label: 'Approval request',
        paragraphs: [`Please read ${named('contract', 'the contract')}, then approve or reject it.`],
        facts: [
          ['Contract', '{{ contract | name }}'],
          ['Requested by', '{{ requester | name | default: actor | name }}'],
          ['Due', '{{ dueAt | date_time }}'],
        ],
        button: 'Review the contract',
        why: 'You get this mail because you were asked to approve a contract.',
      },
    },
    fr: {
      subject: `Approbation demandée : ${named('contract', 'un contrat')}`,
      title: `${named('requester', 'Quelqu’un', 'actor')} demande votre approbation`,
      message: `${named('contract', 'Un contrat')} attend votre décision${given('dueAt', ', échéance : {{ dueAt | date_time }}')}.`,
      sms: `${named('requester', 'Quelqu’un', 'actor')} vous demande d’approuver ${named('contract', 'un contrat')}.`,
      mail: {
        label: 'Demande d’approbation',
        paragraphs: [
          `Merci de lire ${named('contract', 'le contrat')}, puis de l’approuver ou de le refuser.`,
        ],
        facts: [
          ['Contrat', '{{ contract | name }}'],
          ['Demandé par', '{{ requester | name | default: actor | name }}'],
          ['Échéance', '{{ dueAt | date_time }}'],
        ],
        button: 'Examiner le contrat',
        why: 'Vous recevez ce message parce que votre approbation est demandée pour un contrat.',
      },
    },
  },
};
