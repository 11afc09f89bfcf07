import { given, named, type BuiltInType } from '../built-in-type.js';
import { text, thing, variables } from '../variables.js';

/** Liquid: the value with its unit. */
const withUnit = (value: string) =>
  `{{ ${value} | number }}{% if unit != blank %} {{ unit | name }}{% endif %}`;
/** Liquid: one of three wordings. */
const moved = (above: string, below: string, otherwise: string) =>
  `{% if direction == "above" %}${above}{% elsif direction == "below" %}${below}{% else %}${otherwise}{% endif %}`;

const movedEn = moved(
  'has risen above its threshold',
  'has fallen below its threshold',
  'has crossed its threshold',
);
const movedFr = moved('dépasse son seuil', 'passe sous son seuil', 'franchit son seuil');

export const kpiAlert: BuiltInType = {
  type: {
    name: 'kpi_alert',
    category: 'programme',
    severity: 'warning',
    icon: 'trending-up',
    color: '#b45309',
    variables: variables({
      kpi: thing('Which indicator'),
      value: text('What it is now'),
      threshold: text('What it was not to cross'),
      unit: text('Of both: %, EUR'),
      direction: text('`above` or `below`: on which side of the threshold it is now'),
      period: text('Of what time it is'),
    }),
  },
  example: {
    kpi: 'Churn rate',
    value: 4.2,
    threshold: 3,
    unit: '%',
    direction: 'above',
    period: 'November 2026',
  },
  texts: {
    en: {
      title: `${named('kpi', 'An indicator')} ${movedEn}`,
      message: `${given('value', `It is at ${withUnit('it')}`, 'Open the dashboard to see the figures')}${given('threshold', `, the threshold is ${withUnit('it')}`)}.`,
      sms: `${named('kpi', 'An indicator')} ${movedEn}${given('value', `: ${withUnit('it')}`)}${given('threshold', ` (threshold ${withUnit('it')})`)}.`,
      mail: {
        label: 'Indicator',
        facts: [
          ['Indicator', '{{ kpi | name }}'],
          ['Value', given('value', withUnit('it'))],
          ['Threshold', given('threshold', withUnit('it'))],
          ['Period', '{{ period | name }}'],
        ],
        button: 'Open the dashboard',
        why: 'You get this mail because you follow this indicator.',
      },
    },
    fr: {
      title: `${named('kpi', 'Un indicateur')} ${movedFr}`,
      message: `${given('value', `Valeur actuelle : ${withUnit('it')}`, 'Ouvrez le tableau de bord pour voir les chiffres')}${given('threshold', `, seuil : ${withUnit('it')}`)}.`,
      sms: `${named('kpi', 'Un indicateur')} ${movedFr}${given('value', ` : ${withUnit('it')}`)}${given('threshold', ` (seuil ${withUnit('it')})`)}.`,
      mail: {
        label: 'Indicateur',
        facts: [
          ['Indicateur', '{{ kpi | name }}'],
          ['Valeur', given('value', withUnit('it'))],
          ['Seuil', given('threshold', withUnit('it'))],
          ['Période', '{{ period | name }}'],
        ],
        button: 'Ouvrir le tableau de bord',
        why: 'Vous recevez ce message parce que vous suivez cet indicateur.',
      },
    },
  },
};
