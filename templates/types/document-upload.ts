import { given, named } from '../built-in-type.js';
import { programmeFamily } from '../programme-family.js';
import { thing, variables } from '../variables.js';

const shared = {
  document: thing('Which document'),
  project: thing('For which project'),
  programme: thing('Of which programme'),
};

/** `document_upload` says that one was handed in, its variants what became of it, or that it is missing. */
export const documentUploads = programmeFamily({
  shared,
  base: {
    type: {
      name: 'document_upload',
      category: 'programme',
      severity: 'info',
      icon: 'file-up',
      color: '#2563eb',
      variables: variables({ ...shared, uploader: thing('Who handed it in; the actor by default') }),
    },
    example: {
      document: { title: 'Business plan' },
      project: { name: 'Acme Robotics' },
      programme: 'Spring cohort',
      uploader: 'Carla Nunes',
    },
    texts: {
      en: {
        title: `New document${given('document', ': {{ it }}')}`,
        message: `${named('uploader', 'Someone', 'actor')} uploaded ${named('document', 'a document')}${given('project', ' for {{ it }}')}.`,
        sms: `${named('uploader', 'Someone', 'actor')} uploaded ${named('document', 'a document')}${given('project', ' for {{ it }}')}.`,
        mail: {
          label: 'New document',
          facts: [
            ['Document', '{{ document | name }}'],
            ['Project', '{{ project | name }}'],
            ['Programme', '{{ programme | name }}'],
            ['Uploaded by', '{{ uploader | name | default: actor | name }}'],
          ],
          button: 'Read the document',
          why: 'You get this mail because you look after this project’s documents.',
        },
      },
      fr: {
        title: `Nouveau document${given('document', ' : {{ it }}')}`,
        message: `${named('uploader', 'Quelqu’un', 'actor')} a déposé ${named('document', 'un document')}${given('project', ' pour le projet {{ it }}')}.`,
        sms: `${named('uploader', 'Quelqu’un', 'actor')} a déposé ${named('document', 'un document')}${given('project', ' pour le projet {{ it }}')}.`,
        mail: {
          label: 'Nouveau document',
          facts: [
            ['Document', '{{ document | name }}'],
            ['Projet', '{{ project | name }}'],
            ['Programme', '{{ programme | name }}'],
            ['Déposé par', '{{ uploader | name | default: actor | name }}'],
          ],
          button: 'Lire le document',
          why: 'Vous recevez ce message parce que vous suivez les documents de ce projet.',
        },
      },
    },
  },
  words: {
    en: {
      what: named('document', 'Your document'),
      approved: 'was approved',
      rejected: 'was rejected',
      again: 'Please make the changes, then upload it again.',
      todo: `upload ${named('document', 'your document')}`,
      labels: {
        approved: 'Document approved',
        rejected: 'Document rejected',
        reminder: 'Document reminder',
      },
      facts: [
        ['Document', '{{ document | name }}'],
        ['Project', '{{ project | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Open the document',
      do: 'Upload the document',
      whyDecided: 'You get this mail because you uploaded this document.',
      whyReminded: 'You get this mail because this document is expected from you.',
    },
    fr: {
      what: named('document', 'Votre document'),
      approved: 'a été approuvé',
      rejected: 'a été refusé',
      again: 'Merci d’apporter les corrections, puis de le déposer à nouveau.',
      todo: `déposez ${named('document', 'votre document')}`,
      labels: {
        approved: 'Document approuvé',
        rejected: 'Document refusé',
        reminder: 'Document attendu',
      },
      facts: [
        ['Document', '{{ document | name }}'],
        ['Projet', '{{ project | name }}'],
        ['Programme', '{{ programme | name }}'],
      ],
      open: 'Ouvrir le document',
      do: 'Déposer le document',
      whyDecided: 'Vous recevez ce message parce que vous avez déposé ce document.',
      whyReminded: 'Vous recevez ce message parce que ce document est attendu de votre part.',
    },
  },
});
