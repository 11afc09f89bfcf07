import { given, type BuiltInType } from '../built-in-type.js';
import { count, date, text, variables } from '../variables.js';

const what = (otherwise: string) =>
  given('channel', '{{ channel }}' + given('provider', ' (via {{ it }})'), otherwise);
const whatEn = what('a channel');
const whatFr = what('un canal');
const manyEn = `${given('failures', '{{ it }} deliveries', 'Many deliveries')}${given('minutes', ' within {{ it }} minutes')}`;
const manyFr = `${given('failures', '{{ it }} envois', 'De nombreux envois')}${given('minutes', ' en {{ it }} minutes')}`;

const becauseOf = given('reason', ' ({{ it }})');
const downEn = `The provider cannot be used${given('since', ' since {{ since | date_time }}')}${becauseOf}.`;
const downFr = `Le fournisseur est inutilisable${given('since', ' depuis le {{ since | date_time }}')}${becauseOf}.`;
const upEn = `The provider works again${given('since', ' after an outage that began on {{ since | date_time }}')}. What waited for it has been let go.`;
const upFr = `Le fournisseur fonctionne de nouveau${given('since', ' après une panne commencée le {{ since | date_time }}')}. Les envois en attente sont repartis.`;

const goneEn = given('since', ' Nothing has reached it since {{ since | date_time }}.');
const goneFr = given('since', ' Rien ne l’a atteint depuis le {{ since | date_time }}.');
const disabledEn = `The webhook endpoint ${given('provider', '{{ it }} ')}was disabled${becauseOf}.${goneEn}`;
const disabledFr = `Le point de réception ${given('provider', '{{ it }} ')}a été désactivé${becauseOf}.${goneFr}`;

/**
 * What is said of deliveries that failed, of a provider that is down, of one that works again, and of a webhook endpoint
 * that is not sent to any more.
 */
function byState(said: Record<'failing' | 'down' | 'up' | 'disabled', string>): string {
  const { failing, down, up, disabled } = said;
  return `{% if state == 'down' %}${down}{% elsif state == 'up' %}${up}{% elsif state == 'disabled' %}${disabled}{% else %}${failing}{% endif %}`;
}

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
      state: text('Of an outage: the provider is `down`, or `up` again; of a webhook endpoint: `disabled`'),
      since: date('Since when it is down, or was'),
      waiting: count('How many deliveries wait for it'),
    }),
  },
  example: { channel: 'sms', provider: 'twilio', failures: 25, minutes: 60, reason: 'auth_error' },
  texts: {
    en: {
      title: byState({
        failing: `Deliveries by ${whatEn} are failing`,
        down: `Deliveries by ${whatEn} wait: the provider is down`,
        up: `Deliveries by ${whatEn} go out again`,
        disabled: 'A webhook endpoint was disabled',
      }),
      message: byState({
        failing: `${manyEn} by ${whatEn} have failed${given('reason', ', the latest one with {{ it }}')}. Check the provider and its credentials, then redrive what has failed.`,
        down: `${downEn}${given('waiting', ' Deliveries that wait for it: {{ it }}.')} They go out by themselves once it answers. Check the provider and its credentials.`,
        up: upEn,
        disabled: `${disabledEn} Enable it once its receiver answers again, then replay what it missed.`,
      }),
      sms: byState({
        failing: `${manyEn} by ${whatEn} have failed${given('reason', ': {{ it }}')}.`,
        down: `Deliveries by ${whatEn} wait, the provider is down${given('reason', ': {{ it }}')}.`,
        up: `Deliveries by ${whatEn} go out again.`,
        disabled: `A webhook endpoint was disabled${given('reason', ': {{ it }}')}.`,
      }),
      mail: {
        label: 'Delivery failing',
        paragraphs: [
          byState({
            failing: `${manyEn} by ${whatEn} have failed.`,
            down: downEn,
            up: upEn,
            disabled: disabledEn,
          }),
          byState({
            failing:
              'Check the provider and its credentials. What has failed is kept in the delivery log and can be redriven once the provider answers again.',
            down: 'Check the provider and its credentials. No attempt is made meanwhile; what waits goes out by itself once the provider answers.',
            up: '',
            disabled: 'Enable it once its receiver answers again, then replay what it missed.',
          }),
        ],
        facts: [
          ['Channel', '{{ channel }}'],
          ['Provider', '{{ provider }}'],
          ['Failed', '{{ failures }}'],
          ['Waiting', byState({ failing: '', down: '{{ waiting }}', up: '', disabled: '' })],
          ['Latest reason', '{{ reason }}'],
        ],
        button: 'Open',
        why: 'You get this mail because you administer notifications at {{ tenant.name }}.',
      },
    },
    fr: {
      title: byState({
        failing: `Échec des envois par ${whatFr}`,
        down: `Envois par ${whatFr} en attente : le fournisseur est en panne`,
        up: `Reprise des envois par ${whatFr}`,
        disabled: 'Un point de réception de webhooks a été désactivé',
      }),
      message: byState({
        failing: `${manyFr} par ${whatFr} ont échoué${given('reason', ', le dernier avec {{ it }}')}. Vérifiez le fournisseur et ses identifiants, puis relancez ce qui a échoué.`,
        down: `${downFr}${given('waiting', ' Envois en attente : {{ it }}.')} Ils partiront dès qu’il répondra. Vérifiez le fournisseur et ses identifiants.`,
        up: upFr,
        disabled: `${disabledFr} Réactivez-le dès qu’il répond de nouveau, puis renvoyez ce qu’il a manqué.`,
      }),
      sms: byState({
        failing: `${manyFr} par ${whatFr} ont échoué${given('reason', ' : {{ it }}')}.`,
        down: `Envois par ${whatFr} en attente, fournisseur en panne${given('reason', ' : {{ it }}')}.`,
        up: `Reprise des envois par ${whatFr}.`,
        disabled: `Un point de réception de webhooks a été désactivé${given('reason', ' : {{ it }}')}.`,
      }),
      mail: {
        label: 'Échec des envois',
        paragraphs: [
          byState({
            failing: `${manyFr} par ${whatFr} ont échoué.`,
            down: downFr,
            up: upFr,
            disabled: disabledFr,
          }),
          byState({
            failing:
              'Vérifiez le fournisseur et ses identifiants. Ce qui a échoué reste dans le journal des envois et peut être relancé dès que le fournisseur répond de nouveau.',
            down: 'Vérifiez le fournisseur et ses identifiants. Rien n’est tenté entre-temps ; les envois en attente partiront dès que le fournisseur répondra.',
            up: '',
            disabled: 'Réactivez-le dès qu’il répond de nouveau, puis renvoyez ce qu’il a manqué.',
          }),
        ],
        facts: [
          ['Canal', '{{ channel }}'],
          ['Fournisseur', '{{ provider }}'],
          ['Échecs', '{{ failures }}'],
          ['En attente', byState({ failing: '', down: '{{ waiting }}', up: '', disabled: '' })],
          ['Dernier motif', '{{ reason }}'],
        ],
        button: 'Ouvrir',
        why: 'Vous recevez ce message parce que vous administrez les notifications chez {{ tenant.name }}.',
      },
    },
  },
};
