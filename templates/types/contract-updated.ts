import { named, type BuiltInType } from '../built-in-type.js';
import { list, thing, variables } from '../variables.js';

const listed = '{{ changes | slice: 0, 20 | join: "\n" }}{% if changes.size > 20 %}\n…{% endif %}';
const inOneLine = '{{ changes | slice: 0, 20 | join: ", " }}';

export const contractUpdated: BuiltInType = {
  type: {
    name: 'contract_updated',
    category: 'contracts',
    severity: 'info',
    icon: 'edit',
    color: '#475569',
    variables: variables({
      contract: thing('What was changed'),
      editor: thing('By whom; the actor by default'),
      changes: list('What is new; the first twenty are shown'),
    }),
  },
  example: {
    contract: { title: 'NDA with Acme' },
    editor: 'Ann Marlow',
    changes: ['Term: 36 months', 'Annex B'],
  },
  texts: {
    en: {
      subject: `Updated: ${named('contract', 'a contract')}`,
      title: `${named('contract', 'A contract')} was updated`,
      message: `${named('editor', 'Someone', 'actor')} updated ${named('contract', 'the contract')}{% if changes.size > 0 %}: ${inOneLine}{% else %}.{% endif %}`,
      sms: `${named('editor', 'Someone', 'actor')} updated ${named('contract', 'a contract')}.`,
      mail: {
        label: 'Contract updated',
        paragraphs: [
          `${named('editor', 'Someone', 'actor')} changed ${named('contract', 'the contract')}{% if changes.size > 0 %}. This is new:{% else %}. Open it to see what is new.{% endif %}`,
        ],
        items: listed,
        facts: [
          ['Contract', '{{ contract | name }}'],
          ['Updated by', '{{ editor | name | default: actor | name }}'],
          ['Updated on', '{{ notification.createdAt | date_time }}'],
        ],
        button: 'See the changes',
        why: 'You get this mail because you follow this contract.',
      },
    },
    fr: {
      subject: `Modifié : ${named('contract', 'un contrat')}`,
      title: `${named('contract', 'Un contrat')} a été modifié`,
      message: `${named('editor', 'Quelqu’un', 'actor')} a modifié ${named('contract', 'le contrat')}{% if changes.size > 0 %} : ${inOneLine}{% else %}.{% endif %}`,
      sms: `${named('editor', 'Quelqu’un', 'actor')} a modifié ${named('contract', 'un contrat')}.`,
      mail: {
        label: 'Contrat modifié',
        paragraphs: [
          `${named('editor', 'Quelqu’un', 'actor')} a modifié ${named('contract', 'le contrat')}{% if changes.size > 0 %}. Voici ce qui change :{% else %}. Ouvrez-le pour voir ce qui change.{% endif %}`,
        ],
        items: listed,
        facts: [
          ['Contrat', '{{ contract | name }}'],
          ['Modifié par', '{{ editor | name | default: actor | name }}'],
          ['Modifié le', '{{ notification.createdAt | date_time }}'],
        ],
        button: 'Voir les modifications',
        why: 'Vous recevez ce message parce que vous suivez ce contrat.',
      },
    },
  },
};
