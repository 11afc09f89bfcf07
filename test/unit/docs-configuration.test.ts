import { expect, it } from 'vitest';
import { configNames, textOf } from './deploy-files.js';

it('docs/configuration.md has every variable that Carillon reads', async () => {
  const text = await textOf('docs/configuration.md');
  const missing = [...(await configNames())].filter((name) => !new RegExp(`\`${name}[\`=]`).test(text));
  expect(missing).toEqual([]);
});
