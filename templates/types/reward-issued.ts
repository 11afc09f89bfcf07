import { given, type BuiltInType } from '../built-in-type.js';
import { date, text, thing, variables } from '../variables.js';

/** `name` is the employee's where nothing else is, and the reward's where there is an `employee` too. */
const whoAndWhat =
  '{% assign who = employee | name %}{% assign what = reward | name %}{% assign other = name | name %}' +
  '{% if who == blank %}{% assign who = other %}{% elsif what == blank %}{% assign what = other %}{% endif %}';
const who = (words: string) => whoAndWhat + given('who', words);
const worth = '{{ it | number }}{% if currency != blank %} {{ currency }}{% endif %}';
/** Liquid: `Gift card (50 EUR)`, or `otherwise` where neither is known. */
const reward = (otherwise: string) =>
  whoAndWhat + given('what', `{{ it }}${given('value', ` (${worth})`)}`, given('value', worth, otherwise));

/** People on the road get it as an SMS. */
export const rewardIssued: BuiltInType = {
  type: {
    name: 'reward_issued',
    category: 'crm',
    severity: 'success',
    icon: 'gift',
    color: '#a21caf',
    defaultChannels: ['in_app', 'sms'],
    sensitive: ['code'],
    variables: variables({
      employee: thing('Who gets it'),
      name: thing('The employee’s name; the reward’s where there is an `employee`'),
      reward: thing('What it is'),
      value: text('What it is worth'),
      currency: text('Of the value: EUR'),
      reason: text('What it is for'),
      issuer: thing('Who gives it'),
      code: text('With which it is redeemed'),
      expiresAt: date('Until when'),
    }),
  },
  example: {
    employee: { name: 'Carla Nunes' },
    reward: 'Gift card',
    value: 50,
    currency: 'EUR',
    reason: 'Five years with us',
    issuer: 'Ann Marlow',
    code: 'GC-7Q2P-81',
    expiresAt: '2027-06-30',
  },
  texts: {
    en: {
      title: `Congratulations${who(', {{ it }}')}: you have a reward`,
      message: `Your reward: ${reward('open it to see what it is')}.`,
      sms: `Congratulations${who(', {{ it }}')}! Your reward: ${reward('it waits for you')}.${given('code', ' Code: {{ it }}.')}`,
      mail: {
        label: 'Reward',
        facts: [
          ['Reward', reward('')],
          ['For', '{{ reason | name }}'],
          ['From', '{{ issuer | name }}'],
          ['Code', '{{ code | name }}'],
          ['Valid until', '{{ expiresAt | date_time }}'],
        ],
        paragraphs: ['You have been given a reward. Thank you for what you do.'],
        button: 'See your reward',
        why: 'You get this mail because {{ tenant.name }} has given you a reward.',
      },
    },
    fr: {
      title: `Félicitations${who(', {{ it }}')} : vous avez une récompense`,
      message: `Votre récompense : ${reward('ouvrez-la pour la découvrir')}.`,
      sms: `Félicitations${who(', {{ it }}')} ! Votre récompense : ${reward('elle vous attend')}.${given('code', ' Code : {{ it }}.')}`,
      mail: {
        label: 'Récompense',
        facts: [
          ['Récompense', reward('')],
          ['Motif', '{{ reason | name }}'],
          ['De la part de', '{{ issuer | name }}'],
          ['Code', '{{ code | name }}'],
          ['Valable jusqu’au', '{{ expiresAt | date_time }}'],
        ],
        paragraphs: ['Une récompense vous est accordée. Merci pour ce que vous faites.'],
        button: 'Voir votre récompense',
        why: 'Vous recevez ce message parce que {{ tenant.name }} vous accorde une récompense.',
      },
    },
  },
};
