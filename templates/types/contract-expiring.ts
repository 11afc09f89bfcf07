import { named, type BuiltInType } from '../built-in-type.js';

const whenEn =
  '{% if expiresAt %}on {{ expiresAt | long_date }}{% elsif daysLeft == 0 %}today{% elsif daysLeft == 1 %}tomorrow{% elsif daysLeft %}in {{ daysLeft }} days{% else %}soon{% endif %}';
const whenFr =
  '{% if expiresAt %}le {{ expiresAt | long_date }}{% elsif daysLeft == 0 %}aujourd’hui{% elsif daysLeft == 1 %}demain{% elsif daysLeft %}dans {{ daysLeft }} jours{% else %}bientôt{% endif %}';

/** `data: { contract: { title }, expiresAt | daysLeft }`; with both, the date is in the sentence. */
export const contractExpiring: BuiltInType = {
  type: {
    name: 'contract_expiring',
    category: 'contracts',
    severity: 'warning',
    icon: 'clock',
    color: '#b45309',
    defaultChannels: ['in_app', 'email'],
    critical: false,
    contentRequired: false,
  },
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
          ['Expires', '{{ expiresAt | long_date }}'],
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
      sms: `${named('contract', 'Un contrat')} expire ${whenFr.replace('’', "'")}.`,
      mail: {
        label: 'Échéance de contrat',
        heading: `${named('contract', 'Un contrat')} expire ${whenFr}`,
        paragraphs: ['À vous de décider : le renouveler, le renégocier ou le laisser prendre fin.'],
        facts: [
          ['Contrat', '{{ contract | name }}'],
          ['Expire le', '{{ expiresAt | long_date }}'],
          ['Jours restants', '{{ daysLeft }}'],
        ],
        button: 'Ouvrir le contrat',
        why: 'Vous recevez ce message parce que vous êtes responsable de ce contrat.',
      },
    },
  },
};
