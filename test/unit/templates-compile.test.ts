import { expect, it } from 'vitest';
import { builtInTypes } from '../../templates/built-in-types.js';
import { mjmlRuns } from '../../templates/mjml-thread.js';
import { render } from '../../templates/render.js';
import { contextOf, exampleOf } from './templates-fixtures.js';

it('compiles MJML once per process, for all types and languages, and not before a mail is written', async () => {
  const types = builtInTypes.filter((type) => !type.contentRequired);
  const write = (channel: 'email' | 'in_app') =>
    Promise.all(
      types.flatMap((type) =>
        ['en', 'fr'].map((locale) =>
          render({ type, channel, locale, context: contextOf(exampleOf(type.name)) }),
        ),
      ),
    );
  await write('in_app');
  expect(mjmlRuns()).toBe(0);
  await write('email');
  await write('email');
  expect(mjmlRuns()).toBe(1);
});
