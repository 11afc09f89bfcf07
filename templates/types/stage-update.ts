import { given, named } from '../built-in-type.js';
import { programmeFamily } from '../programme-family.js';
import { text, thing, variables } from '../variables.js';

const shared = {
  project: thing('Whose stage it is'),
  stage: thing('The new stage'),
  programme: thing('Of which programme'),
};

/** `stage_update` says that a stage has begun, its variants what became of the wish to move on. */
export const stageUpdates = programmeFamily({
  shared,
  base: {
    type: {
      name: 'stage_update',
      category: 'programme',
      severity: 'info',
      icon: 'flag',
      color: '#0369a1',
      variables: variables({
        ...shared,
        previousStage: thing('The stage before'),
        message: text('What there is to say about it'),
      }),
    },
    example: {
      project: { name: 'Acme Robotics' },
      stage: 'Prototype',
      programme: 'Spring cohort',
      previousStage: 'Idea',
      message: 'Your mentor gets in touch with you this week.',
    },
    texts: {
      en: {
        title: `${named('project', 'Your project')} has moved to ${named('stage', 'a new stage')}`,
        message: '{{ message | name | default: "Open it to see what comes next." }}',
        mail: {
          label: 'New stage',
          facts: [
            ['Project', '{{ project | name }}'],
            ['Stage', '{{ stage | name }}'],
            ['Before', '{{ previousStage | name }}'],
            ['Programme', '{{ programme | name }}'],
          ],
          button: 'See what comes next',
          why: 'You get this mail because you take part in this project.',
        },
      },
      fr: {
        title: `${named('project', 'Votre projet')} passe à ${given('stage', 'l’étape {{ it }}', 'une nouvelle étape')}`,
        message: '{{ message | name | default: "Ouvrez votre projet pour voir la suite." }}',
        mail: {
          label: 'Nouvelle étape',
          facts: [
            ['Projet', '{{ project | name }}'],
            ['Étape', '{{ stage | name }}'],
            ['Étape précédente', '{{ previousStage | name }}'],
            ['Programme', '{{ programme | name }}'],
          ],
          button: 'Voir la suite',
          why: 'Vous recevez ce message parce que vous participez à ce projet.',
        },
      },
    },
  },
  words: {
    en: {
      what: `Your move to ${named('stage', 'the next stage')}`,
      approved: 'was approved',
      rejected: 'was not approved',
      again: 'Talk to your programme team about what is missing.',
      todo: `bring the stage of ${named('project', 'your project')} up to date`,
      labels: { approved: 'Stage approved', rejected: 'Stage not approved', reminder: 'Stage reminder' },
      facts: [
        ['Project', '{{ project | name }}'],
        ['Stage', '{{ stage | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Open the project',
      do: 'Update the stage',
      whyDecided: 'You get this mail because you take part in this project.',
      whyReminded: 'You get this mail because you keep this project’s stage up to date.',
    },
    fr: {
      what: `Votre passage à ${given('stage', 'l’étape {{ it }}', 'l’étape suivante')}`,
      approved: 'a été validé',
      rejected: 'a été refusé',
      again: 'Voyez avec l’équipe du programme ce qui manque encore.',
      todo: `mettez à jour l’étape ${given('project', 'du projet {{ it }}', 'de votre projet')}`,
      labels: { approved: 'Étape validée', rejected: 'Étape refusée', reminder: 'Rappel d’étape' },
      facts: [
        ['Projet', '{{ project | name }}'],
        ['Étape', '{{ stage | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Ouvrir le projet',
      do: 'Mettre à jour l’étape',
      whyDecided: 'Vous recevez ce message parce que vous participez à ce projet.',
      whyReminded: 'Vous recevez ce message parce que vous suivez l’avancement de ce projet.',
    },
  },
});
