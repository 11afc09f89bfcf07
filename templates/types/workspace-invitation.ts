import { given, named, type BuiltInType } from '../built-in-type.js';
import { date, link, text, thing, variables } from '../variables.js';

/** The link that accepts it is the reader's alone: it stands in mail, SMS and WhatsApp only. */
export const workspaceInvitation: BuiltInType = {
  type: {
    name: 'workspace_invitation',
    category: 'collaboration',
    severity: 'info',
    icon: 'user-plus',
    color: '#2563eb',
    sensitive: ['link', 'token'],
    variables: variables({
      workspace: thing('Where the reader is invited'),
      inviter: thing('By whom; the actor by default'),
      role: thing('As what'),
      message: text('What the inviter says to it'),
      link: link('Where it is accepted; the action’s URL by default'),
      token: text('For texts of your own'),
      expiresAt: date('Until when it can be accepted'),
    }),
  },
  example: {
    workspace: 'Design team',
    inviter: 'Ann Marlow',
    role: 'Editor',
    message: 'We are planning the spring campaign here.',
    link: 'https://app.example/join/8Kd2vQ',
    expiresAt: '2026-12-11T16:00:00Z',
  },
  texts: {
    en: {
      title: `${named('inviter', 'Someone', 'actor')} invites you to ${named('workspace', 'a workspace')}`,
      message: `Accept the invitation to work together${given('role', ', your role will be {{ it }}')}.${given('expiresAt', ' You have until {{ expiresAt | date_time }}.')}`,
      link: '{{ link }}',
      mail: {
        label: 'Invitation',
        paragraphs: [`Accept the invitation to work together in ${named('workspace', 'this workspace')}.`],
        quote: '{{ message | name }}',
        facts: [
          ['Workspace', '{{ workspace | name }}'],
          ['Invited by', '{{ inviter | name | default: actor | name }}'],
          ['Your role', '{{ role | name }}'],
          ['Valid until', '{{ expiresAt | date_time }}'],
        ],
        button: 'Accept the invitation',
        why: 'You get this mail because somebody invited you. If you do not know them, there is nothing to do.',
      },
    },
    fr: {
      title: `${named('inviter', 'Quelqu’un', 'actor')} vous invite à rejoindre ${named('workspace', 'un espace de travail')}`,
      message: `Acceptez l’invitation pour travailler ensemble${given('role', ', avec le rôle « {{ it }} »')}.${given('expiresAt', ' Vous avez jusqu’au {{ expiresAt | date_time }}.')}`,
      link: '{{ link }}',
      mail: {
        label: 'Invitation',
        paragraphs: [
          `Acceptez l’invitation pour travailler ensemble dans ${named('workspace', 'cet espace de travail')}.`,
        ],
        quote: '{{ message | name }}',
        facts: [
          ['Espace de travail', '{{ workspace | name }}'],
          ['À l’invitation de', '{{ inviter | name | default: actor | name }}'],
          ['Votre rôle', '{{ role | name }}'],
          ['Valable jusqu’au', '{{ expiresAt | date_time }}'],
        ],
        button: 'Accepter l’invitation',
        why: 'Vous recevez ce message parce que quelqu’un vous invite. Si vous ne connaissez pas cette personne, vous n’avez rien à faire.',
      },
    },
  },
};
