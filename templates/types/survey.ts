import { given } from '../built-in-type.js';
import { programmeFamily } from '../programme-family.js';
import { count, date, thing, variables } from '../variables.js';

const shared = { survey: thing('Which survey'), programme: thing('Of which programme') };

const minutesEn = 'Answering takes about {% if minutes == 1 %}a minute{% else %}{{ it }} minutes{% endif %}.';
const minutesFr = 'Il faut environ {{ it }} minute{% if minutes >= 2 %}s{% endif %} pour répondre.';

/** `survey` asks for answers, its variants say what became of them, or that they are missing. */
export const surveys = programmeFamily({
  shared,
  base: {
    type: {
      name: 'survey',
      category: 'programme',
      severity: 'info',
      icon: 'list-checks',
      color: '#0f766e',
      variables: variables({
        ...shared,
        minutes: count('How long it takes'),
        dueAt: date('Until when answers count'),
      }),
    },
    example: { survey: 'Mid-term survey', programme: 'Spring cohort', minutes: 5, dueAt: '2026-12-11' },
    texts: {
      en: {
        title: `Your opinion, please${given('survey', ': {{ it }}')}`,
        message: `${given('minutes', minutesEn, 'Please answer the questions.')}${given('dueAt', ' The survey is open until {{ dueAt | date_time }}.')}`,
        mail: {
          label: 'Survey',
          paragraphs: [`You are asked for your opinion. ${given('minutes', minutesEn)}`],
          facts: [
            ['Survey', '{{ survey | name }}'],
            ['Programme', '{{ programme | name }}'],
            ['Open until', '{{ dueAt | date_time }}'],
          ],
          button: 'Answer the survey',
          why: 'You get this mail because you take part in what the survey asks about.',
        },
      },
      fr: {
        title: `Votre avis nous intéresse${given('survey', ' : {{ it }}')}`,
        message: `${given('minutes', minutesFr, 'Merci de répondre aux questions.')}${given('dueAt', ' Le questionnaire est ouvert jusqu’au {{ dueAt | date_time }}.')}`,
        mail: {
          label: 'Questionnaire',
          paragraphs: [`Votre avis est attendu. ${given('minutes', minutesFr)}`],
          facts: [
            ['Questionnaire', '{{ survey | name }}'],
            ['Programme', '{{ programme | name }}'],
            ['Ouvert jusqu’au', '{{ dueAt | date_time }}'],
          ],
          button: 'Répondre au questionnaire',
          why: 'Vous recevez ce message parce que le questionnaire vous concerne.',
        },
      },
    },
  },
  words: {
    en: {
      what: `Your answers${given('survey', ' to {{ it }}')}`,
      approved: 'were approved',
      rejected: 'were not accepted',
      again: 'Please go through your answers once more.',
      todo: `answer ${given('survey', '{{ it }}', 'the survey')}`,
      labels: { approved: 'Answers approved', rejected: 'Answers not accepted', reminder: 'Survey reminder' },
      facts: [
        ['Survey', '{{ survey | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'See your answers',
      do: 'Answer the survey',
      whyDecided: 'You get this mail because you answered this survey.',
      whyReminded: 'You get this mail because your answers to this survey are missing.',
    },
    fr: {
      what: `Vos réponses${given('survey', ' au questionnaire {{ it }}')}`,
      approved: 'ont été approuvées',
      rejected: 'ont été refusées',
      again: 'Merci de revoir vos réponses.',
      todo: `répondez au questionnaire${given('survey', ' {{ it }}')}`,
      labels: {
        approved: 'Réponses approuvées',
        rejected: 'Réponses refusées',
        reminder: 'Questionnaire à remplir',
      },
      facts: [
        ['Questionnaire', '{{ survey | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Voir vos réponses',
      do: 'Répondre au questionnaire',
      whyDecided: 'Vous recevez ce message parce que vous avez répondu à ce questionnaire.',
      whyReminded: 'Vous recevez ce message parce que vos réponses à ce questionnaire sont attendues.',
    },
  },
});
