import { given, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

export const permissionDenied: BuiltInType = {
  type: {
    name: 'permission_denied',
    category: 'operations',
    severity: 'warning',
    icon: 'lock',
    color: '#b45309',
    variables: variables({
      resource: thing('What could not be had'),
      action: text('What was tried'),
      reason: text('Why not'),
    }),
  },
  example: { resource: 'Payroll 2026', action: 'Export', reason: 'For the role HR only' },
  texts: {
    en: {
      title: `Access denied${given('resource', ': {{ it }}')}`,
      message:
        'You do not have the permission that this needs. If you should have it, ask your administrator.',
      mail: {
        label: 'Access denied',
        facts: [
          ['What', '{{ resource | name }}'],
          ['Action', '{{ action | name }}'],
          ['Reason', '{{ reason | name }}'],
        ],
        button: 'Ask for access',
        why: 'You get this mail because you tried to open or change something at {{ tenant.name }}.',
      },
    },
    fr: {
      title: `Accès refusé${given('resource', ' : {{ it }}')}`,
      message:
        'Vous n’avez pas l’autorisation nécessaire. Si vous pensez y avoir droit, adressez-vous à votre administrateur.',
      mail: {
        label: 'Accès refusé',
        facts: [
          ['Objet', '{{ resource | name }}'],
          ['Action', '{{ action | name }}'],
          ['Motif', '{{ reason | name }}'],
        ],
        button: 'Demander l’accès',
        why: 'Vous recevez ce message parce que vous avez voulu ouvrir ou modifier quelque chose chez {{ tenant.name }}.',
      },
    },
  },
};
