import { given, named, type BuiltInType } from '../built-in-type.js';
import { fields, list, text, thing, variables } from '../variables.js';

const answers = (colon: string) =>
  `{% for answer in answers limit: 20 %}{% assign label = answer.label | name %}{% if label != blank %}{{ label }}${colon}{{ answer.value | name }}{% else %}{{ answer | name }}{% endif %}\n{% endfor %}{% if answers.size > 20 %}…{% endif %}`;

export const formSubmitted: BuiltInType = {
  type: {
    name: 'form_submitted',
    category: 'collaboration',
    severity: 'info',
    icon: 'clipboard-check',
    color: '#0f766e',
    variables: variables({
      form: thing('Which form'),
      submitter: thing('Who filled it in; the actor by default'),
      answers: list('What was answered; the mail shows the first twenty', {
        ...fields({ label: text('The question'), value: text('The answer') }),
        type: ['string', 'number', 'object'],
      }),
    }),
  },
  example: {
    form: { title: 'Supplier registration' },
    submitter: 'Carla Nunes',
    answers: [
      { label: 'Company', value: 'Atelier Nord' },
      { label: 'Employees', value: 42 },
    ],
  },
  texts: {
    en: {
      title: given('form', 'New answer: {{ it }}', 'Your form has a new answer'),
      message: `${named('submitter', 'Someone', 'actor')} filled in ${named('form', 'your form')}.`,
      sms: `${named('submitter', 'Someone', 'actor')} filled in ${named('form', 'your form')}.`,
      mail: {
        label: 'Form filled in',
        items: answers(': '),
        button: 'See the answer',
        why: 'You get this mail because you look after this form.',
      },
    },
    fr: {
      title: given('form', 'Nouvelle réponse : {{ it }}', 'Nouvelle réponse à votre formulaire'),
      message: `${named('submitter', 'Quelqu’un', 'actor')} a rempli le formulaire${given('form', ' « {{ it }} »')}.`,
      sms: `${named('submitter', 'Quelqu’un', 'actor')} a rempli ${named('form', 'votre formulaire')}.`,
      mail: {
        label: 'Formulaire rempli',
        items: answers(' : '),
        button: 'Voir la réponse',
        why: 'Vous recevez ce message parce que vous êtes responsable de ce formulaire.',
      },
    },
  },
};
