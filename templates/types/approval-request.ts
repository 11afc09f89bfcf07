import { named, type BuiltInType } from '../built-in-type.js';

/** `data: { contract: { title }, requester, dueAt? }` */
export const approvalRequest: BuiltInType = {
  type: {
    name: 'approval_request',
    category: 'contracts',
    severity: 'info',
    icon: 'file-check',
    color: '#2563eb',
    defaultChannels: ['in_app', 'email'],
    critical: false,
    contentRequired: false,
  },
  texts: {
    en: {
      subject: `Approval requested: ${named('contract', 'a contract')}`,
      title: `${named('requester', 'Someone', 'actor')} asks for your approval`,
      message: `${named('contract', 'A contract')} waits for your decision{% if dueAt %}, due {{ dueAt | date_time }}{% endif %}.`,
      sms: `${named('requester', 'Someone', 'actor')} asks you to approve ${named('contract', 'a contract')}.`,
      mail: {
        label: 'Approval request',
        heading: `${named('requester', 'Someone', 'actor')} asks for your approval`,
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
      message: `${named('contract', 'Un contrat')} attend votre décision{% if dueAt %}, échéance : {{ dueAt | date_time }}{% endif %}.`,
      sms: `${named('requester', "Quelqu'un", 'actor')} vous demande d'approuver ${named('contract', 'un contrat')}.`,
      mail: {
        label: 'Demande d’approbation',
        heading: `${named('requester', 'Quelqu’un', 'actor')} demande votre approbation`,
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
