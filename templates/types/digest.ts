import { digestibleChannels } from '../../contracts/cadences.js';
import { DIGEST_TYPE } from '../../contracts/digests.js';
import { given, type BuiltInType } from '../built-in-type.js';
import { count, date, fields, link, list, text, variables } from '../variables.js';

/** Liquid: how many there are, in one of these wordings. */
const counted = (isOne: string, one: string, some: string, unknown: string) =>
  `{% assign n = total | default: items.size %}{% if n == blank %}${unknown}{% elsif n ${isOne} %}${one}{% else %}${some}{% endif %}`;

/** Liquid: how many there are beside the first `most` entries, of which one may stand for a whole thread. */
const rest = (most: number, one: string, some: string) =>
  `{% assign beyond = more %}{% if total != blank %}{% assign beyond = total %}{% for entry in items limit: ${most} %}` +
  '{% assign stands_for = entry.count | default: 1 | at_least: 1 %}{% assign beyond = beyond | minus: stands_for %}' +
  `{% endfor %}{% endif %}{% if beyond == 1 %}${one}{% elsif beyond > 1 %}${some}{% endif %}`;

/** Liquid: a title, with the size of the thread for which it stands. */
const entryTitle =
  '{% assign title = entry.title | name %}{% if title != blank %}{{ title }}{% if entry.count > 1 %} ({{ entry.count }}){% endif %}{% endif %}';

/** Liquid: the first titles, one a line, then how many more there are. */
const titles = (most: number, more: string, otherwise: string) =>
  `{% capture said %}{% for entry in items limit: ${most} %}${entryTitle}\n{% endfor %}{% endcapture %}` +
  `{{ said | strip | default: "${otherwise}" }}{% if said != blank %}\n${more}{% endif %}`;

const latest = '{{ it | truncate: 80, "..." }}';

const entries = {
  of: 'items',
  most: 10,
  title: entryTitle,
  text: '{{ entry.message | name }}',
  note: '{{ entry.at | date_time }}',
  link: '{{ entry.url }}',
};

const en = {
  title: counted('== 1', '1 new notification', '{{ n }} new notifications', 'Your new notifications'),
  rest: (most: number) => rest(most, 'and 1 more', 'and {{ beyond }} more'),
  since:
    '{% case period %}{% when "hourly" %}in the last hour{% when "daily" %}since yesterday{% when "weekly" %}in the last week{% else %}since the last summary{% endcase %}',
  open: 'Open your inbox to read them.',
};

const fr = {
  title: counted(
    '< 2',
    '{{ n }} nouvelle notification',
    '{{ n }} nouvelles notifications',
    'Vos nouvelles notifications',
  ),
  rest: (most: number) => rest(most, 'et 1 autre', 'et {{ beyond }} autres'),
  since:
    '{% case period %}{% when "hourly" %}depuis une heure{% when "daily" %}depuis hier{% when "weekly" %}depuis une semaine{% else %}depuis le dernier récapitulatif{% endcase %}',
  open: 'Ouvrez votre boîte de réception pour les lire.',
};

/** What was collected for a person, from Carillon itself; the latest first. */
export const digest: BuiltInType = {
  type: {
    name: DIGEST_TYPE,
    category: 'digest',
    severity: 'info',
    icon: 'layers',
    color: '#475569',
    defaultChannels: ['email'],
    supportedChannels: [...digestibleChannels],
    variables: variables({
      period: text('How often: `hourly`, `daily`, `weekly`; else it is since the one before'),
      total: count('How many notifications there are'),
      more: count('How many of them the items do not stand for'),
      items: list(
        'The latest ones; ten are shown',
        fields({
          type: text('Of which type'),
          title: text('As in the inbox'),
          message: text('As in the inbox'),
          at: date('When it came'),
          url: link('Where it leads to'),
          count: count('How many of its thread it stands for'),
          thread: text('Which thread'),
        }),
      ),
    }),
  },
  example: {
    period: 'daily',
    total: 44,
    more: 32,
    items: [
      item('14:05', 'Ann Marlow mentioned you in Roadmap', 'Could you check the dates of the second phase?'),
      { ...item('13:40', 'Bob Keller replied to your comment', 'Done: they match the contract.'), count: 3 },
      item('13:12', 'Release 2.4 published', '14 changes, by 5 people.'),
      item('12:55', 'Monthly invoices has finished', '48 invoices sent, none left out.'),
      item('11:30', 'NDA with Acme was updated', 'Ann Marlow changed the term.'),
      item('11:02', 'New answer: Supplier registration', 'Carla Nunes filled in Supplier registration.'),
      item('10:47', 'Sales by region is ready', 'Open it to read or download it.'),
      item('10:20', 'Bob Keller assigned Call the landlord to you', 'It is yours from now on.'),
      item('09:15', 'New document: Business plan', 'Carla Nunes uploaded Business plan.'),
      item('08:30', 'Churn rate has risen above its threshold', 'It is at 4.2 %, the threshold is 3 %.'),
    ],
  },
  texts: {
    en: {
      title: en.title,
      message: titles(10, en.rest(10), en.open),
      push: titles(3, en.rest(3), en.open),
      sms: `${en.title}${given('items[0].title', `. The latest: ${latest}`, '.')}`,
      mail: {
        label: 'Summary',
        paragraphs: [`This is what came in ${en.since}.`],
        entries: { ...entries, rest: en.rest(10) },
        button: 'Open your inbox',
        why: 'You get this mail in place of one for each notification.',
      },
    },
    fr: {
      title: fr.title,
      message: titles(10, fr.rest(10), fr.open),
      push: titles(3, fr.rest(3), fr.open),
      sms: `${fr.title}${given('items[0].title', `. La plus récente : ${latest}`, '.')}`,
      mail: {
        label: 'Récapitulatif',
        paragraphs: [`Voici ce que vous avez reçu ${fr.since}.`],
        entries: { ...entries, rest: fr.rest(10) },
        button: 'Ouvrir la boîte de réception',
        why: 'Vous recevez ce message à la place d’un message par notification.',
      },
    },
  },
};

function item(time: string, title: string, message: string): Record<string, unknown> {
  return { title, message, at: `2026-12-01T${time}:00Z`, url: '/inbox' };
}
