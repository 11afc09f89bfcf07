import { given, named, type BuiltInType } from '../built-in-type.js';
import { thing, variables } from '../variables.js';

export const roleChanged: BuiltInType = {
  type: {
    name: 'role_changed',
    category: 'operations',
    severity: 'info',
    icon: 'user-cog',
    color: '#0369a1',
    variables: variables({
      role: thing('What the reader is from now on'),
      previousRole: thing('What the reader was before'),
      workspace: thing('Where'),
      author: thing('Who changed it; the actor by default'),
    }),
  },
  example: { role: 'Editor', previousRole: 'Viewer', workspace: 'Legal', author: 'Ann Marlow' },
  texts: {
    en: {
      title: given('role', 'Your role is now {{ it }}', 'Your role has changed'),
      message: `${named('author', 'An administrator', 'actor')} changed your role${given('workspace', ' in {{ it }}')}. What you can see and do may be different now.`,
      mail: {
        label: 'Role changed',
        facts: [
          ['New role', '{{ role | name }}'],
          ['Before', '{{ previousRole | name }}'],
          ['Workspace', '{{ workspace | name }}'],
          ['Changed by', '{{ author | name | default: actor | name }}'],
        ],
        button: 'Open',
        why: 'You get this mail because it concerns what you may do at {{ tenant.name }}.',
      },
    },
    fr: {
      title: given('role', 'Votre rôle est désormais : {{ it }}', 'Votre rôle a changé'),
      message: `${named('author', 'Un administrateur', 'actor')} a modifié votre rôle${given('workspace', ' dans {{ it }}')}. Ce que vous pouvez voir et faire a peut-être changé.`,
      sms: `Vos droits ont changé${given('role', ', votre nouveau profil : {{ it }}', '.')}`,
      mail: {
        label: 'Changement de rôle',
        facts: [
          ['Nouveau rôle', '{{ role | name }}'],
          ['Auparavant', '{{ previousRole | name }}'],
          ['Espace de travail', '{{ workspace | name }}'],
          ['Modifié par', '{{ author | name | default: actor | name }}'],
        ],
        button: 'Ouvrir',
        why: 'Vous recevez ce message parce qu’il concerne vos droits chez {{ tenant.name }}.',
      },
    },
  },
};
