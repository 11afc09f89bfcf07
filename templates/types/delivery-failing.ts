import type { BuiltInType } from '../built-in-type.js';

const whatEn =
  '{% if channel %}{{ channel }}{% if provider %} (via {{ provider }}){% endif %}{% else %}a channel{% endif %}';
const whatFr =
  '{% if channel %}{{ channel }}{% if provider %} (via {{ provider }}){% endif %}{% else %}un canal{% endif %}';
const manyEn =
  '{% if failures %}{{ failures }} deliveries{% else %}Many deliveries{% endif %}{% if minutes %} within {{ minutes }} minutes{% endif %}';
const manyFr =
  '{% if failures %}{{ failures }} envois{% else %}De nombreux envois{% endif %}{% if minutes %} en {{ minutes }} minutes{% endif %}';

/** `data: { channel, provider, failures, minutes, reason }`: to a tenant's administrators, from Carillon itself. */
export const deliveryFailing: BuiltInType = {
  type: {
    name: 'delivery_failing',
    category: 'system',
    severity: 'error',
    icon: 'alert-triangle',
    color: '#b91c1c',
    defaultChannels: ['in_app', 'email'],
    critical: false,
    contentRequired: false,
  },
  texts: {
    en: {
      subject: `Deliveries by ${whatEn} are failing`,
      title: `Deliveries by ${whatEn} are failing`,
      message: `${manyEn} by ${whatEn} have failed{% if reason %}, the latest one with {{ reason }}{% endif %}. Check the provider and its credentials, then redrive what has failed.`,
      sms: `${manyEn} by ${whatEn} have failed{% if reason %}: {{ reason }}{% endif %}.`,
      mail: {
        label: 'Delivery failing',
        heading: `Deliveries by ${whatEn} are failing`,
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
      subject: `Échec des envois par ${whatFr}`,
      title: `Échec des envois par ${whatFr}`,
      message: `${manyFr} par ${whatFr} ont échoué{% if reason %}, le dernier avec {{ reason }}{% endif %}. Vérifiez le fournisseur et ses identifiants, puis relancez ce qui a échoué.`,
      sms: `${manyFr} par ${whatFr} ont échoué{% if reason %} : {{ reason }}{% endif %}.`,
      mail: {
        label: 'Échec des envois',
        heading: `Échec des envois par ${whatFr}`,
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
