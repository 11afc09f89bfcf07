import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../channels/sms/segments.js';
import type { ChannelName } from '../../contracts/channels.js';
import { builtInTypes } from '../../templates/built-in-types.js';
import { textLocales, type TextLocale } from '../../templates/locales.js';
import { render } from '../../templates/render.js';
import { contextOf, exampleOf, typeNamed } from './templates-fixtures.js';

type Data = Readonly<Record<string, unknown>>;

const written = builtInTypes.filter((type) => !type.contentRequired);
const cases = written.flatMap(({ name }) => textLocales.map((locale) => ({ name, locale })));

/** Without an actor, who would stand in for people. */
function said<C extends ChannelName>(name: string, channel: C, locale: TextLocale, data: Data) {
  const context = contextOf(data);
  context.actor = null;
  return render({ type: typeNamed(name), channel, locale, context });
}

/** Whether the variable may come as an object, of which the name is not always known. */
function isThing(name: string, key: string): boolean {
  const properties = typeNamed(name).variables?.['properties'] as Record<string, { type: string[] }>;
  return properties[key]?.type.includes('object') ?? false;
}

/** Everything short that is said, and the mail's text up to its footer. */
async function allTexts(name: string, locale: TextLocale, data: Data): Promise<string[]> {
  const { subject, text } = await said(name, 'email', locale, data);
  const { title, message } = await said(name, 'in_app', locale, data);
  const { body } = await said(name, 'push', locale, data);
  const sms = await said(name, 'sms', locale, data);
  const short = [subject, title, message, body, sms.text.replace(/ https:\S+$/, '')];
  for (const one of short) expect(one).not.toMatch(/^\s*$|[:,(]$/);
  return [...short, text.replace(/\n-- \n[^]*$/, '')].map((one) => one.replaceAll('\u00a0', ' '));
}

describe.each(cases)('$name in $locale', ({ name, locale }) => {
  const example = exampleOf(name);

  it('reads well whatever is missing, empty, or alone', async () => {
    const keys = Object.keys(example);
    const several: Data[] = [
      Object.fromEntries(keys.map((key) => [key, ''])),
      Object.fromEntries(keys.map((key) => [key, null])),
      Object.fromEntries(keys.filter((key) => isThing(name, key)).map((key) => [key, { id: 'x-1' }])),
      ...keys.map((key) => ({ [key]: example[key] })),
      ...keys.map((key) => ({ ...example, [key]: undefined })),
    ];
    for (const data of several) {
      for (const text of await allTexts(name, locale, data)) {
        const holes = / {2}| [.,)]|\( |\(\)|“”|« *»|[:,] ?[.,]|\.\.(?!\.)|undefined|null|\[object|NaN|\{\{/;
        expect(text.replace(/\n {2}/g, '\n'), JSON.stringify(data)).not.toMatch(holes);
      }
    }
  });

  it('fits into two segments of GSM as an SMS, and into one when little is known', async () => {
    const full = await said(name, 'sms', locale, example);
    const { encoding, count } = segmentsOf(full.text);
    expect(`${encoding} ${count}: ${full.text}`).toMatch(/^GSM-7 [12]:/);
    const bare = await said(name, 'sms', locale, {});
    expect(segmentsOf(bare.text)).toMatchObject({ encoding: 'GSM-7', count: 1 });
  });

  it('keeps what is sensitive to mail, SMS and WhatsApp', async () => {
    const secrets = typeNamed(name).sensitive.flatMap((key) =>
      key in example ? [String(example[key])] : [],
    );
    for (const channel of ['in_app', 'push', 'slack', 'teams', 'webhook'] as const) {
      const text = JSON.stringify(await said(name, channel, locale, example));
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});

describe('numbers', () => {
  it.each<[string, TextLocale, Data, string]>([
    ['contract_expiring', 'en', { daysLeft: 0 }, 'A contract expires today.'],
    ['contract_expiring', 'en', { daysLeft: 1 }, 'A contract expires tomorrow.'],
    ['contract_expiring', 'en', { daysLeft: 30 }, 'A contract expires in 30 days.'],
    ['contract_expiring', 'fr', { daysLeft: 0 }, "Un contrat expire aujourd'hui."],
    ['contract_expiring', 'fr', { daysLeft: 1 }, 'Un contrat expire demain.'],
    ['contract_expiring', 'fr', { daysLeft: 30 }, 'Un contrat expire dans 30 jours.'],
    ['survey_reminder', 'en', { daysLeft: 2 }, 'Reminder: answer the survey. Due in 2 days.'],
    ['survey_reminder', 'fr', { daysLeft: 1 }, 'Rappel : répondez au questionnaire. Échéance : demain.'],
    ['digest', 'en', { total: 0 }, '0 new notifications.'],
    ['digest', 'en', { total: 1 }, '1 new notification.'],
    ['digest', 'en', { total: 7 }, '7 new notifications.'],
    ['digest', 'fr', { total: 0 }, '0 nouvelle notification.'],
    ['digest', 'fr', { total: 1 }, '1 nouvelle notification.'],
    ['digest', 'fr', { total: 7 }, '7 nouvelles notifications.'],
    [
      'password_reset',
      'fr',
      { code: '12', minutes: 1 },
      "12 est votre code pour changer de mot de passe, valable 1 minute. Vous n'avez rien demandé ? Ignorez ce message.",
    ],
  ])('agree with their words in %s, %s: %o', async (name, locale, data, words) => {
    const { text } = await said(name, 'sms', locale, data);
    expect(text.replace(/ https:\S+$/, '')).toBe(`Northwind: ${words}`);
  });
});

describe('a reward', () => {
  it.each<[Data, string]>([
    [{ name: 'Ann', value: 50 }, 'Congratulations, Ann! Your reward: 50.'],
    [
      { name: 'Gift card', value: '50 €', employee: { id: 'e-1', name: 'Ann' } },
      'Congratulations, Ann! Your reward: Gift card (50 €).',
    ],
    [{ employee: 'Ann', reward: { title: 'A day off' } }, 'Congratulations, Ann! Your reward: A day off.'],
    [{ value: 20, currency: 'EUR' }, 'Congratulations! Your reward: 20 EUR.'],
  ])('is written to whoever gets it: %o', async (data, words) => {
    const { text } = await said('reward_issued', 'sms', 'en', data);
    expect(text.replace(/ https:\S+$/, '')).toBe(`Northwind: ${words}`);
    expect(typeNamed('reward_issued').defaultChannels).toContain('sms');
  });
});

it('tells the time of an interview in the zone of whoever is invited', async () => {
  const { message } = await said('interview_invite', 'in_app', 'en', { startsAt: '2026-12-09T23:30:00Z' });
  expect(message).toContain('Thursday, December 10, 2026 at 12:30');
});

it('sets a link of the reader’s own in place of the action’s, and the action’s where there is none', async () => {
  const link = 'https://app.example/reset/x';
  expect((await said('password_reset', 'sms', 'en', { link })).text).toMatch(
    / https:\/\/app\.example\/reset\/x$/,
  );
  expect((await said('password_reset', 'whatsapp', 'en', { link })).text).toContain(link);
  for (const data of [{}, { link: 'javascript:alert(1)' }]) {
    expect((await said('password_reset', 'sms', 'en', data)).text).toMatch(
      / https:\/\/app\.example\/contracts\/c-1$/,
    );
  }
});
