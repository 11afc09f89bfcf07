import { given, named } from '../built-in-type.js';
import { programmeFamily } from '../programme-family.js';
import { text, thing, variables } from '../variables.js';

const shared = {
  project: thing('Who or what is evaluated'),
  programme: thing('In which programme'),
};

/** `evaluation` says that there is one, its variants what became of the reader's own, or that it is missing. */
export const evaluations = programmeFamily({
  shared,
  base: {
    type: {
      name: 'evaluation',
      category: 'programme',
      severity: 'info',
      icon: 'star',
      color: '#7c3aed',
      variables: variables({
        ...shared,
        evaluator: thing('Who evaluated; the actor by default'),
        score: text('With which result'),
        comment: text('In which words'),
      }),
    },
    example: {
      project: { name: 'Acme Robotics' },
      programme: 'Spring cohort',
      evaluator: 'Bob Keller',
      score: '8/10',
      comment: 'A convincing team; the market is still to be shown.',
    },
    texts: {
      en: {
        title: `New evaluation${given('project', ' of {{ it }}')}`,
        message: `${named('evaluator', 'Someone', 'actor')} has evaluated ${named('project', 'your project')}${given('score', ': {{ it }}')}.`,
        sms: `${named('evaluator', 'Someone', 'actor')} has evaluated ${named('project', 'your project')}${given('score', ': {{ it }}')}.`,
        mail: {
          label: 'Evaluation',
          quote: '{{ comment | name }}',
          facts: [
            ['Project', '{{ project | name }}'],
            ['Programme', '{{ programme | name }}'],
            ['Evaluated by', '{{ evaluator | name | default: actor | name }}'],
            ['Result', '{{ score | name }}'],
          ],
          button: 'Read the evaluation',
          why: 'You get this mail because you take part in this project.',
        },
      },
      fr: {
        title: `Nouvelle évaluation${given('project', ' : {{ it }}')}`,
        message: `${named('evaluator', 'Quelqu’un', 'actor')} a évalué ${named('project', 'votre projet')}${given('score', ' : {{ it }}')}.`,
        sms: `${named('evaluator', 'Quelqu’un', 'actor')} a évalué ${named('project', 'votre projet')}${given('score', ' : {{ it }}')}.`,
        mail: {
          label: 'Évaluation',
          quote: '{{ comment | name }}',
          facts: [
            ['Projet', '{{ project | name }}'],
            ['Programme', '{{ programme | name }}'],
            ['Évaluation de', '{{ evaluator | name | default: actor | name }}'],
            ['Résultat', '{{ score | name }}'],
          ],
          button: 'Lire l’évaluation',
          why: 'Vous recevez ce message parce que vous participez à ce projet.',
        },
      },
    },
  },
  words: {
    en: {
      what: `Your evaluation${given('project', ' of {{ it }}')}`,
      approved: 'was approved',
      rejected: 'was not accepted',
      again: 'Please go over it once more, then submit it again.',
      todo: `complete your evaluation${given('project', ' of {{ it }}')}`,
      labels: {
        approved: 'Evaluation approved',
        rejected: 'Evaluation not accepted',
        reminder: 'Evaluation reminder',
      },
      facts: [
        ['Project', '{{ project | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Open the evaluation',
      do: 'Complete the evaluation',
      whyDecided: 'You get this mail because you wrote this evaluation.',
      whyReminded: 'You get this mail because this evaluation is expected from you.',
    },
    fr: {
      what: `Votre évaluation${given('project', ' du projet {{ it }}')}`,
      approved: 'a été approuvée',
      rejected: 'a été refusée',
      again: 'Merci de la relire, puis de la soumettre à nouveau.',
      todo: `terminez votre évaluation${given('project', ' du projet {{ it }}')}`,
      labels: {
        approved: 'Évaluation approuvée',
        rejected: 'Évaluation refusée',
        reminder: 'Évaluation attendue',
      },
      facts: [
        ['Projet', '{{ project | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Ouvrir l’évaluation',
      do: 'Terminer l’évaluation',
      whyDecided: 'Vous recevez ce message parce que vous avez rédigé cette évaluation.',
      whyReminded: 'Vous recevez ce message parce que cette évaluation est attendue de votre part.',
    },
  },
});
