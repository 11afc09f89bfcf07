import { named, type BuiltInType } from '../built-in-type.js';
import { date, text, thing, variables } from '../variables.js';

/** Whoever has not read it after a quarter of an hour gets an SMS. */
export const securityAlert: BuiltInType = {
  type: {
    name: 'security_alert',
    category: 'security',
    severity: 'error',
    icon: 'shield-alert',
    color: '#b91c1c',
    defaultChannels: ['in_app', 'email', 'push'],
    critical: true,
    lockedChannels: ['in_app', 'email'],
    escalation: [{ after: 'PT15M', channel: 'sms' }],
    sensitive: ['ipAddress', 'location'],
    variables: variables({
      event: thing('What happened, in a few words'),
      occurredAt: date('When'),
      device: text('From which device or browser'),
      location: text('From which place'),
      ipAddress: text('From which address'),
    }),
  },
  example: {
    event: 'New sign-in',
    occurredAt: '2026-12-01T08:12:00Z',
    device: 'Firefox on Windows',
    location: 'Lyon, France',
    ipAddress: '203.0.113.7',
  },
  texts: {
    en: {
      title: `Security alert: ${named('event', 'unusual activity in your account')}`,
      message: 'If this was not you, change your password at once and tell your administrator.',
      sms: `Security alert: ${named('event', 'unusual activity in your account')}. Not you? Change your password at once.`,
      mail: {
        label: 'Security alert',
        heading: named('event', 'Unusual activity in your account'),
        paragraphs: [
          'This was noticed in your account. If it was you, there is nothing to do.',
          'If this was not you, change your password at once and tell your administrator.',
        ],
        facts: [
          ['When', '{{ occurredAt | date_time }}'],
          ['Device', '{{ device | name }}'],
          ['Place', '{{ location | name }}'],
          ['IP address', '{{ ipAddress | name }}'],
        ],
        button: 'Check your account',
        why: 'You get this mail because it concerns the security of your account. It cannot be turned off.',
      },
    },
    fr: {
      title: `Alerte de sécurité : ${named('event', 'activité inhabituelle sur votre compte')}`,
      message:
        'Si ce n’était pas vous, changez votre mot de passe sans attendre et prévenez votre administrateur.',
      sms: `Alerte de sécurité : ${named('event', 'activité inhabituelle sur votre compte')}. Ce n’était pas vous ? Changez vite de mot de passe.`,
      mail: {
        label: 'Alerte de sécurité',
        heading: named('event', 'Activité inhabituelle sur votre compte'),
        paragraphs: [
          'Voici ce qui a été remarqué sur votre compte. Si c’était vous, vous n’avez rien à faire.',
          'Si ce n’était pas vous, changez votre mot de passe sans attendre et prévenez votre administrateur.',
        ],
        facts: [
          ['Date', '{{ occurredAt | date_time }}'],
          ['Appareil', '{{ device | name }}'],
          ['Lieu', '{{ location | name }}'],
          ['Adresse IP', '{{ ipAddress | name }}'],
        ],
        button: 'Vérifier votre compte',
        why: 'Vous recevez ce message parce qu’il concerne la sécurité de votre compte. Il ne peut pas être désactivé.',
      },
    },
  },
};
