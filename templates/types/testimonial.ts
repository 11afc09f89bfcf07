import { given, named } from '../built-in-type.js';
import { programmeFamily } from '../programme-family.js';
import { text, thing, variables } from '../variables.js';

const shared = { programme: thing('About which programme') };

/** `testimonial` says that somebody wrote one, its variants what became of it, or that it is missing. */
export const testimonials = programmeFamily({
  shared,
  base: {
    type: {
      name: 'testimonial',
      category: 'programme',
      severity: 'info',
      icon: 'quote',
      color: '#a21caf',
      variables: variables({
        ...shared,
        author: thing('Who wrote it; the actor by default'),
        excerpt: text('What it says'),
      }),
    },
    example: {
      programme: 'Spring cohort',
      author: 'Carla Nunes',
      excerpt: 'We found our first customer in the third week.',
    },
    texts: {
      en: {
        title: `${named('author', 'Someone', 'actor')} has written a testimonial`,
        message: '{{ excerpt | name | default: "Read it and decide whether to publish it." }}',
        mail: {
          label: 'New testimonial',
          paragraphs: ['Read it and decide whether to publish it.'],
          quote: '{{ excerpt | name }}',
          facts: [
            ['Author', '{{ author | name | default: actor | name }}'],
            ['Programme', '{{ programme | name }}'],
          ],
          button: 'Read the testimonial',
          why: 'You get this mail because you look after testimonials.',
        },
      },
      fr: {
        title: `${named('author', 'Quelqu’un', 'actor')} a rédigé un témoignage`,
        message: '{{ excerpt | name | default: "Lisez-le et décidez de sa publication." }}',
        mail: {
          label: 'Nouveau témoignage',
          paragraphs: ['Lisez-le et décidez de sa publication.'],
          quote: '{{ excerpt | name }}',
          facts: [
            ['Auteur', '{{ author | name | default: actor | name }}'],
            ['Programme', '{{ programme | name }}'],
          ],
          button: 'Lire le témoignage',
          why: 'Vous recevez ce message parce que vous êtes responsable des témoignages.',
        },
      },
    },
  },
  words: {
    en: {
      what: `Your testimonial${given('programme', ' about {{ it }}')}`,
      approved: 'was approved',
      rejected: 'was not accepted',
      again: 'You are welcome to change it and to send it again.',
      todo: `write your testimonial${given('programme', ' about {{ it }}')}`,
      labels: {
        approved: 'Testimonial approved',
        rejected: 'Testimonial not accepted',
        reminder: 'Testimonial reminder',
      },
      facts: [['Programme', '{{ programme | name }}']],
      open: 'See your testimonial',
      do: 'Write your testimonial',
      whyDecided: 'You get this mail because you wrote this testimonial.',
      whyReminded: 'You get this mail because you were asked for a testimonial.',
    },
    fr: {
      what: `Votre témoignage${given('programme', ' sur le programme {{ it }}')}`,
      approved: 'a été approuvé',
      rejected: 'a été refusé',
      again: 'Vous pouvez le modifier et l’envoyer à nouveau.',
      todo: `rédigez votre témoignage${given('programme', ' sur le programme {{ it }}')}`,
      labels: {
        approved: 'Témoignage approuvé',
        rejected: 'Témoignage refusé',
        reminder: 'Témoignage attendu',
      },
      facts: [['Programme', '{{ programme | name }}']],
      open: 'Voir votre témoignage',
      do: 'Rédiger votre témoignage',
      whyDecided: 'Vous recevez ce message parce que vous avez rédigé ce témoignage.',
      whyReminded: 'Vous recevez ce message parce qu’un témoignage vous a été demandé.',
    },
  },
});
