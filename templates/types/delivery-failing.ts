import { given, type BuiltInType } from '../built-in-type.js';
import { count, text, variables } from '../variables.js';

const what = (otherwise: string) =>
  given('channel', '{{ channel }}' + given('provider', ' (via {{ it }})'), otherwise);
const whatEn = what('a channel');
const whatFr = what('un canal');
const manyEn = `${given('failures', '{{ it }} deliveries', 'Many deliveries')}${given('minutes', ' within {{ it }} minutes')}`;
const manyFr = `${given('failures', '{{ it }} envois', 'De nombreux envois')}${given('minutes', ' en {{ it }} minutes')}`;

/** To a tenant's administrators, from Carillon itself. */
export const deliveryFailing: BuiltInType = {
  type: {
    name: 'delivery_failing',
    category: 'system',
    severity: 'error',
    icon: 'alert-triangle',
    color: '#b91c1c',
    variables: variables({
      channel: text('The channel whose deliveries fail'),
      provider: text('The provider through which they went'),
      failures: count('How many have failed'),
      minutes: count('Within how many minutes'),
      reason: text('The latest failure’s reason'),
    }),
  },
  example: { channel: 'sms', provider: 'twilio', failures: 25, minutes: 60, reason: 'auth_error' },
  texts: {
    en: {
      title: `Deliveries by ${whatEn} are failing`,
      message: `${manyEn} by ${whatEn} have failed${given('reason', ', the latest one with {{ it }}')}. Check the provider and its credentials, then redrive what has failed.`,
      sms: `${manyEn} by ${whatEn} have failed${given('reason', ': {{ it }}')}.`,
      mail: {
        label: 'Delivery failing',
        paragraphs: [
          `${manyEn} by ${whatEn} have failed.`,
          'Check the provider and its credentials. What has failed is kept in the delivery log and can be redriven once the provider answers again.',
        ],
        facts: [
          ['Channel', '{{ channel }}'],
          ['Provider', '{{ provider }}'],
          ['Failed', '{{ failures }}'],
          ['Latest reason', '{{ reason }}'],
        ],
        button: 'Open',
        why: 'You get this mail because you administer notifications at {{ tenant.name }}.',
      },
    },
    fr: {
      title: `Échec des envois par ${whatFr}`,
      message: `${manyFr} par ${whatFr} ont échoué${given('reason', ', le dernier avec {{ it }}')}. Vérifiez le fournisseur et ses identifiants, puis relancez ce qui a échoué.`,
      sms: `${manyFr} par ${whatFr} ont échoué${given('reason', ' : {{ it }}')}.`,
      mail: {
        label: 'Échec des envois',
        paragraphs: [
          `${manyFr} par ${whatFr} ont échoué.`,
          'Vérifiez le fournisseur et ses identifiants. Ce qui a échoué reste dans le journal des envois et peut être relancé dès que le fournisseur répond de nouveau.',
        ],
        facts: [
          ['Canal', '{{ channel }}'],
          ['Fournisseur', '{{ provider }}'],
          ['Échecs', '{{ failures }}'],
          ['Dernier motif', '{{ reason }}'],
        ],
        button: 'Ouvrir',
        why: 'Vous recevez ce message parce que vous administrez les notifications chez {{ tenant.name }}.',
      },
    },
  },
};
