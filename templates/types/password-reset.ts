import { given, type BuiltInType } from '../built-in-type.js';
import { count, date, link, text, variables } from '../variables.js';

/** Liquid: for how long it works, by the clock or counted. */
const valid = (until: string, minute: string, minutes: string) =>
  given(
    'expiresAt',
    until,
    given('minutes', `{% if minutes == 1 %}${minute}{% else %}${minutes}{% endif %}`),
  );

/**
 * Code and link stand in mail, SMS and WhatsApp only. Whoever has not read the mail after five minutes gets an SMS: it
 * is waited for, and does not work for long. Your application ends that by acknowledging, once the password is reset.
 */
export const passwordReset: BuiltInType = {
  type: {
    name: 'password_reset',
    category: 'security',
    severity: 'warning',
    icon: 'key',
    color: '#b45309',
    defaultChannels: ['email'],
    supportedChannels: ['in_app', 'email', 'sms', 'push', 'whatsapp'],
    critical: true,
    lockedChannels: ['email'],
    escalation: [{ after: 'PT5M', channel: 'sms' }],
    sensitive: ['link', 'code'],
    variables: variables({
      link: link('Where the password is reset; the action’s URL by default'),
      code: text('Or what is to be typed in'),
      expiresAt: date('Until when that works'),
      minutes: count('Or for how many minutes'),
    }),
  },
  example: { link: 'https://app.example/reset/4tF9wZ', code: '493 817', expiresAt: '2026-12-01T09:00:00Z' },
  texts: {
    en: {
      title: 'Reset your password',
      message:
        'Somebody asked to reset your password. If it was you, follow the mail that you got. If not, tell your administrator; your password has not been changed.',
      sms: `${given('code', '{{ it }} is your code to reset your password', 'Reset your password')}${given('minutes', ', valid for {{ it }} {% if minutes == 1 %}minute{% else %}minutes{% endif %}')}. Did you not ask for it? Ignore this.`,
      link: '{{ link }}',
      mail: {
        label: 'Password',
        paragraphs: [
          `Somebody, most likely you, asked to reset the password of your account. ${given('code', 'This is the code for it.', 'Choose a new one here.')}`,
          'If it was not you, ignore this mail: your password stays as it is.',
        ],
        facts: [
          ['Code', '{{ code | name }}'],
          ['Valid', valid('until {{ expiresAt | date_time }}', 'for 1 minute', 'for {{ minutes }} minutes')],
        ],
        button: 'Choose a new password',
        why: 'You get this mail because it concerns the security of your account.',
      },
    },
    fr: {
      title: 'Réinitialisez votre mot de passe',
      message:
        'Une réinitialisation de votre mot de passe a été demandée. Si c’est vous, suivez le message reçu par mail. Sinon, prévenez votre administrateur ; votre mot de passe n’a pas changé.',
      sms: `${given('code', '{{ it }} est votre code pour changer de mot de passe', 'Choisissez un nouveau mot de passe')}${given('minutes', ', valable {{ it }} minute{% if minutes >= 2 %}s{% endif %}')}. Vous n’avez rien demandé ? Ignorez ce message.`,
      link: '{{ link }}',
      mail: {
        label: 'Mot de passe',
        paragraphs: [
          `Quelqu’un, sans doute vous, a demandé à réinitialiser le mot de passe de votre compte. ${given('code', 'Voici le code à saisir.', 'Choisissez-en un nouveau ici.')}`,
          'Si ce n’était pas vous, ignorez ce message : votre mot de passe reste le même.',
        ],
        facts: [
          ['Code', '{{ code | name }}'],
          ['Valable', valid('jusqu’au {{ expiresAt | date_time }}', '1 minute', '{{ minutes }} minutes')],
        ],
        button: 'Changer de mot de passe',
        why: 'Vous recevez ce message parce qu’il concerne la sécurité de votre compte.',
      },
    },
  },
};
