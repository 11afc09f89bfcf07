import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import type { NotificationType } from '../../contracts/notification-types.js';
import { builtInTypes } from '../../templates/built-in-types.js';
import { textOf } from './deploy-files.js';

const DOCUMENT = 'docs/types.md';

/** `-u` writes it anew. */
it('docs/types.md has every built-in type as it is', async () => {
  const [before = '', rest = ''] = (await textOf(DOCUMENT)).split(/(?<=<!-- types: .* -->\n)/);
  const after = rest.slice(rest.indexOf('<!-- /types -->'));
  const written = `${before}\n${tables()}\n${after}`;
  const settings = { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' };
  await expect(await format(written, settings)).toMatchFileSnapshot(`../../${DOCUMENT}`);
});

function tables(): string {
  const categories = [...new Set(builtInTypes.map((type) => type.category))];
  return categories
    .map((category) => {
      const rows = builtInTypes.filter((type) => type.category === category).map(rowOf);
      return [`### ${category}`, '', ...table(rows)].join('\n');
    })
    .join('\n\n');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const head = ['type', 'severity', 'channels', 'cadence', '`data`'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function rowOf(type: NotificationType): string[] {
  const names = Object.keys((type.variables?.['properties'] as object | undefined) ?? {});
  const data = names.map((name) => `\`${name}\`${type.sensitive.includes(name) ? ' (_sensitive_)' : ''}`);
  return [
    `\`${type.name}\``,
    type.critical ? `${type.severity}, **critical**` : type.severity,
    type.defaultChannels.join(', '),
    type.cadence,
    type.contentRequired ? 'whatever its `content` names' : data.join(', '),
  ];
}
