import { expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { errorBody, itemView } from '../../api/schemas.js';
import type { typeChoiceView } from '../../api/types/view.js';
import type { ErrorCode as ApiErrorCode } from '../../contracts/errors.js';
import type { deviceAddress } from '../../contracts/devices.js';
import type { Severity as ApiSeverity } from '../../contracts/notification-types.js';
import type { effectivePreferences, preferences, preferencesPatch } from '../../contracts/preferences.js';
import { inboxReads } from '../../api/routes/inbox-reads.js';
import { meRoutes } from '../../api/routes/me.js';
import type * as shapes from '../../web/client/shapes.js';

// What the client says the API answers, against what the API says: checked when this is compiled.

/** Either may be given for the other. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : 'is less') : 'is more';
const same = <_Answer extends true>() => expect(true).toBe(true);

it('an item', () => {
  same<Same<shapes.Item, z.infer<typeof itemView>>>();
  expectTypeOf<keyof shapes.Item>().toEqualTypeOf<keyof z.infer<typeof itemView>>();
  same<Same<shapes.Severity, ApiSeverity>>();
});

it('preferences, and what changes them', () => {
  same<Same<shapes.Preferences, z.infer<typeof preferences>>>();
  same<Same<shapes.PreferencesPatch, z.input<typeof preferencesPatch>>>();
  same<Same<shapes.EffectivePreferences, z.infer<typeof effectivePreferences>>>();
  expectTypeOf<keyof shapes.Preferences>().toEqualTypeOf<keyof z.infer<typeof preferences>>();
  expectTypeOf<keyof shapes.PreferencesPatch>().toEqualTypeOf<keyof z.input<typeof preferencesPatch>>();
  expectTypeOf<keyof shapes.EffectivePreferences>().toEqualTypeOf<
    keyof z.infer<typeof effectivePreferences>
  >();
  expectTypeOf<keyof shapes.EffectiveSwitch>().toEqualTypeOf<
    keyof NonNullable<z.infer<typeof effectivePreferences>['types'][string]['email']>
  >();
  expectTypeOf<keyof shapes.EffectiveChannel>().toEqualTypeOf<
    keyof NonNullable<z.infer<typeof effectivePreferences>['channels']['email']>
  >();
});

it('types, devices and errors', () => {
  same<Same<shapes.TypeChoice, z.infer<typeof typeChoiceView>>>();
  expectTypeOf<keyof shapes.TypeChoice>().toEqualTypeOf<keyof z.infer<typeof typeChoiceView>>();
  same<shapes.DeviceAddress extends z.input<typeof deviceAddress> ? true : false>();
  same<Same<shapes.ErrorCode, ApiErrorCode>>();
  same<Same<shapes.ErrorBody, z.infer<typeof errorBody>>>();
});

const answerOf = (routes: { path: string; method: string; answers: object }[], path: string) =>
  routes.find((route) => route.path === path && route.method === 'get')?.answers as {
    200: { schema: z.ZodObject };
  };

it.each([
  [
    '/v1/me/inbox/counts',
    inboxReads,
    { unread: 0, unseen: 0, total: 0, capped: false } satisfies shapes.Counts,
  ],
  ['/v1/me/inbox/stats', inboxReads, { types: {}, categories: {}, severities: {} } satisfies shapes.Stats],
  [
    '/v1/me',
    meRoutes,
    { id: 'u', email: null, phone: null, locale: null, timezone: null, roles: [] } satisfies shapes.Me,
  ],
])('%s', (path, routes, shape) => {
  expect(answerOf(routes, path)[200].schema.strict().parse(shape)).toEqual(shape);
});
