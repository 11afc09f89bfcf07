import { given, type BuiltInType } from '../built-in-type.js';
import { count, date, link, thing, variables } from '../variables.js';

export const interviewInvite: BuiltInType = {
  type: {
    name: 'interview_invite',
    category: 'crm',
    severity: 'info',
    icon: 'calendar',
    color: '#7c3aed',
    variables: variables({
      position: thing('For which position'),
      startsAt: date('When; shown in the reader’s time zone'),
      minutes: count('How long'),
      interviewer: thing('With whom'),
      place: thing('Where'),
      meetingUrl: link('Or where in a browser'),
    }),
  },
  example: {
    position: { title: 'Product designer' },
    startsAt: '2026-12-09T13:30:00Z',
    minutes: 45,
    interviewer: 'Bob Keller',
    place: '12 quai de la Loire, Paris',
    meetingUrl: 'https://meet.example/kfr-2xq',
  },
  texts: {
    en: {
      title: `Invitation to an interview${given('position', ': {{ it }}')}`,
      message: `${given('startsAt', 'You are invited for {{ startsAt | date_time }}', 'You are invited to an interview')}${given('interviewer', ', with {{ it }}')}. Please say whether you can come.`,
      sms: `You are invited to an interview${given('position', ' for {{ it }}')}${given('startsAt', ', {{ startsAt | date_time }}')}.`,
      mail: {
        label: 'Interview',
        facts: [
          ['Position', '{{ position | name }}'],
          ['When', '{{ startsAt | date_time }}'],
          [
            'How long',
            given('minutes', '{% if minutes == 1 %}1 minute{% else %}{{ it }} minutes{% endif %}'),
          ],
          ['With', '{{ interviewer | name }}'],
          ['Where', '{{ place | name }}'],
          ['Video call', '{{ meetingUrl }}'],
        ],
        button: 'Answer the invitation',
        why: 'You get this mail because {{ tenant.name }} would like to talk to you.',
      },
    },
    fr: {
      title: `Invitation à un entretien${given('position', ' : {{ it }}')}`,
      message: `${given('startsAt', 'Nous vous attendons le {{ startsAt | date_time }}', 'Nous vous invitons à un entretien')}${given('interviewer', ', avec {{ it }}')}. Merci de nous dire si cela vous convient.`,
      sms: `Invitation à un entretien${given('position', ' ({{ it }})')}${given('startsAt', ', le {{ startsAt | date_time }}')}.`,
      mail: {
        label: 'Entretien',
        facts: [
          ['Poste', '{{ position | name }}'],
          ['Date', '{{ startsAt | date_time }}'],
          ['Durée', given('minutes', '{{ it }} minute{% if minutes >= 2 %}s{% endif %}')],
          ['Avec', '{{ interviewer | name }}'],
          ['Lieu', '{{ place | name }}'],
          ['Visioconférence', '{{ meetingUrl }}'],
        ],
        button: 'Répondre à l’invitation',
        why: 'Vous recevez ce message parce que {{ tenant.name }} souhaite vous rencontrer.',
      },
    },
  },
};
