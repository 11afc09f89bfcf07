import { z } from 'zod';
import { withBuiltIn } from '../../contracts/channels.js';
import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import { preferencesPatch, resetPreferences } from '../../contracts/preferences.js';
import { externalId } from '../../contracts/primitives.js';
import { applyPreferencesPatch } from '../../policy/preferences.js';
import type { ApiDependencies } from '../dependencies.js';
import { changePreferences } from './change.js';

const MAX_PEOPLE = 1_000;
const AT_ONCE = 10;

/** `POST /v1/subscribers/preferences`: the same change for many, or all their choices taken back. */
export const preferencesBulk = z
  .strictObject({
    recipients: z.array(externalId).min(1).max(MAX_PEOPLE),
    change: preferencesPatch.optional(),
    reset: z.literal(true).optional(),
  })
  .refine(({ change, reset }) => (change === undefined) !== (reset === undefined), {
    error: 'takes either a change or a reset',
  });

interface Refusal {
  recipient: string;
  detail: string;
  code: CarillonError['code'];
  errors?: ErrorItem[];
}

/** Changes one person after the other, a few at a time; whoever cannot be changed does not keep the others from it. */
export async function changeMany(
  deps: ApiDependencies,
  tenantId: string,
  { recipients, change }: z.infer<typeof preferencesBulk>,
): Promise<{ changed: number; errors: Refusal[] }> {
  const channels = withBuiltIn(deps.channels.channelNames());
  const ids = [...new Set(recipients)];
  const errors: Refusal[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE).map(async (recipient) => {
      try {
        await changePreferences(deps, tenantId, recipient, (current) =>
          change ? applyPreferencesPatch(current, change, channels) : resetPreferences(current),
        );
      } catch (error) {
        if (!(error instanceof CarillonError) || error.code === 'unavailable') throw error;
        const { detail, code, errors: items } = error;
        errors.push({ recipient, detail, code, ...(items ? { errors: [...items] } : {}) });
      }
    });
    await Promise.all(some);
  }
  return { changed: ids.length - errors.length, errors };
}
