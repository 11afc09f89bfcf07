import { readFile } from 'node:fs/promises';
import mongoose from 'mongoose';
import { expect, it } from 'vitest';
import { createModels } from '../../models/models.js';
import { personalData } from '../../models/personal-data.js';

function collections(): string[] {
  const connection = mongoose.createConnection();
  createModels(connection, undefined);
  return [...new Set(Object.values(connection.models).map((model) => model.collection.name))].sort();
}

it('says of every collection what it holds of people, and what an erasure does about it', () => {
  expect(Object.keys(personalData).sort()).toEqual(collections());
});

it('says the same in docs/privacy.md', async () => {
  const text = await readFile(new URL('../../docs/privacy.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` +\| (.*?) +\| (\w+) +\| *(?:`(\w+)`)? *\|$/gm)];
  const told = rows.map(([, name, holds, erasure, exportedAs]) => [
    name,
    { holds, erasure, ...(exportedAs === undefined ? {} : { exportedAs }) },
  ]);
  expect(Object.fromEntries(told)).toEqual(personalData);
});
