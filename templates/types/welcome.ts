import { given, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

export const welcome: BuiltInType = {
  type: {
    name: 'welcome',
    category: 'crm',
    severity: 'success',
    icon: 'sparkles',
    color: '#2563eb',
    variables: variables({
      name: thing('Whom to greet'),
      message: text('What you would like to say; there is a sentence for those who say nothing'),
    }),
  },
  example: {
    name: 'Carla',
    message: 'Your space is set up. Import your contacts, or look around first with the sample data.',
  },
  texts: {
    en: {
      title: `Welcome to {{ tenant.name }}${given('name', ', {{ it }}')}`,
      message: '{{ message | name | default: "Your account is ready. Have a look around." }}',
      sms: `Welcome${given('name', ', {{ it }}')}! Your account is ready.`,
      mail: {
        label: 'Welcome',
        button: 'Get started',
        why: 'You get this mail because an account was created for you at {{ tenant.name }}.',
      },
    },
    fr: {
      title: `Bienvenue chez {{ tenant.name }}${given('name', ', {{ it }}')}`,
      message: '{{ message | name | default: "Votre compte est prêt. Faites-en le tour." }}',
      sms: `Bienvenue${given('name', ', {{ it }}')} ! Votre compte est actif.`,
      mail: {
        label: 'Bienvenue',
        button: 'Commencer',
        why: 'Vous recevez ce message parce qu’un compte vous a été créé chez {{ tenant.name }}.',
      },
    },
  },
};
