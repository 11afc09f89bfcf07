import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { compileLayout, compileMail } from '../../templates/compile-template.js';
import { noParts } from './templates-fixtures.js';

it('docs/templates.md shows MJML that compiles', async () => {
  const text = await readFile(new URL('../../docs/templates.md', import.meta.url), 'utf8');
  const shown = [...text.matchAll(/```html\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  expect(shown.length).toBeGreaterThan(1);
  for (const mjml of shown) {
    const compiled = mjml.includes('{{ content }}')
      ? await compileLayout({ mjml }, noParts)
      : await compileMail({ subject: 'x', mjml }, noParts);
    expect(JSON.stringify(compiled.texts)).not.toContain('<mj-');
  }
});
