import { expect, it, vi } from 'vitest';
import { builtInTypes } from '../../templates/built-in-types.js';
import { render } from '../../templates/render.js';
import { contextOf, exampleOf } from './templates-fixtures.js';

const compile = vi.hoisted(() => vi.fn());

vi.mock('mjml', async (original) => {
  const { default: mjml } = await original<{ default: (...input: unknown[]) => unknown }>();
  compile.mockImplementation(mjml);
  return { default: compile };
});

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
  expect(compile).not.toHaveBeenCalled();
  await write('email');
  await write('email');
  expect(compile).toHaveBeenCalledTimes(1);
});

it('tries again after a compilation that failed', async () => {
  vi.resetModules();
  const { compileBuiltInLayout } = await import('../../templates/compile-mjml.js');
  compile.mockClear();
  compile.mockImplementationOnce(() => Promise.reject(new Error('out of memory')));
  await expect(compileBuiltInLayout()).rejects.toThrow('out of memory');
  await expect(compileBuiltInLayout()).resolves.toBeDefined();
  expect(compile).toHaveBeenCalledTimes(2);
});
