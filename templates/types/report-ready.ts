import { given, named, type BuiltInType } from '../built-in-type.js';
import { date, text, thing, variables } from '../variables.js';

export const reportReady: BuiltInType = {
  type: {
    name: 'report_ready',
    category: 'operations',
    severity: 'success',
    icon: 'file-text',
    color: '#15803d',
    variables: variables({
      report: thing('What was made'),
      period: text('What it covers'),
      expiresAt: date('Until when it can be had'),
    }),
  },
  example: { report: 'Sales by region', period: 'Q4 2026', expiresAt: '2026-12-31' },
  texts: {
    en: {
      title: `${named('report', 'Your report')} is ready`,
      message: `Open it to read or download it${given('expiresAt', ', until {{ expiresAt | date_time }}')}.`,
      mail: {
        label: 'Report ready',
        facts: [
          ['Report', '{{ report | name }}'],
          ['Period', '{{ period | name }}'],
          ['Available until', '{{ expiresAt | date_time }}'],
        ],
        button: 'Open the report',
        why: 'You get this mail because you asked for this report.',
      },
    },
    fr: {
      title: given('report', 'Rapport disponible : {{ it }}', 'Votre rapport est disponible'),
      message: `Ouvrez-le pour le lire ou le télécharger${given('expiresAt', ', jusqu’au {{ expiresAt | date_time }}')}.`,
      mail: {
        label: 'Rapport disponible',
        facts: [
          ['Rapport', '{{ report | name }}'],
          ['Période', '{{ period | name }}'],
          ['Disponible jusqu’au', '{{ expiresAt | date_time }}'],
        ],
        button: 'Ouvrir le rapport',
        why: 'Vous recevez ce message parce que vous avez demandé ce rapport.',
      },
    },
  },
};
