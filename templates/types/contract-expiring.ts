import { named, type BuiltInType } from '../built-in-type.js';
import { count, date, thing, variables } from '../variables.js';
import { when } from '../when.js';

const whenEn = when.en('expiresAt', 'soon');
const whenFr = when.fr('expiresAt', 'bientôt');

export const contractExpiring: BuiltInType = {
  type: {
    name: 'contract_expiring',
    category: 'contracts',
    severity: 'warning',
    icon: 'clock',
    color: '#b45309',
    variables: variables({
      contract: thing('What expires'),
      expiresAt: date('When; with the days left too, the date is in the sentence'),
      daysLeft: count('Days until then; 0 is today'),
    }),
  },
  example: { contract: { title: 'NDA with Acme' }, expiresAt: '2026-12-31', daysLeft: 30 },
  texts: {
    en: {
      subject: `${named('contract', 'A contract')} expires ${whenEn}`,
      title: `${named('contract', 'A contract')} expires soon`,
      message: `${named('contract', 'The contract')} expires ${whenEn}. Renew it or let it end.`,
      sms: `${named('contract', 'A contract')} expires ${whenEn}.`,
      mail: {
        label: 'Contract expiring',
        heading: `${named('contract', 'A contract')} expires ${whenEn}`,
        paragraphs: ['Decide whether to renew it, to negotiate it anew or to let it end.'],
        facts: [
          ['Contract', '{{ contract | name }}'],
          ['Expires on', '{{ expiresAt | default: dueAt | long_date }}'],
          ['Days left', '{{ daysLeft }}'],
        ],
        button: 'Open the contract',
        why: 'You get this mail because you look after this contract.',
      },
    },
    fr: {
      subject: `Échéance de contrat : ${named('contract', 'un contrat')} expire ${whenFr}`,
      title: `Expire bientôt : ${named('contract', 'un contrat')}`,
      message: `${named('contract', 'Le contrat')} expire ${whenFr}. Renouvelez-le ou laissez-le prendre fin.`,
      sms: `${named('contract', 'Un contrat')} expire ${when.fr('expiresAt', 'sous peu')}.`,
      mail: {
        label: 'Échéance de contrat',
        heading: `${named('contract', 'Un contrat')} expire ${whenFr}`,
        paragraphs: ['À vous de décider : le renouveler, le renégocier ou le laisser prendre fin.'],
        facts: [
          ['Contrat', '{{ contract | name }}'],
          ['Expire le', '{{ expiresAt | default: dueAt | long_date }}'],
          ['Jours restants', '{{ daysLeft }}'],
        ],
        button: 'Ouvrir le contrat',
        why: 'Vous recevez ce message parce que vous êtes responsable de ce contrat.',
      },
    },
  },
};
