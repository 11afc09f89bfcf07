import { describe, expect, it } from 'vitest';
import { untilCollected } from '../../commands/digests/until-collected.js';
import type { Models } from '../../models/models.js';

type State = 'waiting' | 'taken' | 'left';
interface Look {
  items?: Record<string, State>;
  open?: string[];
}

/** A notification that is planned for two digests, as one look after the other finds it; the last one stays. */
function models(looks: Look[]): Models {
  let seen = -1;
  const look = () => looks[Math.min(seen, looks.length - 1)] ?? {};
  const digest = (digestKey: string) => ({ action: 'digest', digestKey });
  return {
    notifications: {
      find: () => {
        seen += 1;
        return Promise.resolve({
          recipientId: 'u-1',
          plan: { channels: { email: digest('daily'), sms: digest('hourly'), in_app: { action: 'send' } } },
          outcomes: { email: 'digesting', sms: 'digesting', in_app: 'sent' },
        });
      },
    },
    digestItems: { statesOf: () => Promise.resolve(new Map(Object.entries(look().items ?? {}))) },
    digests: {
      findOpen: ({ digestKey }: { digestKey: string }) =>
        Promise.resolve(look().open?.includes(digestKey) ? {} : undefined),
    },
  } as unknown as Models;
}
const both: Look = { items: { daily: 'waiting', hourly: 'waiting' }, open: ['daily', 'hourly'] };

const keys = (looks: Look[], longestMs?: number) =>
  untilCollected({ models: models(looks) }, 'acme', 'ntf_1', longestMs);

describe('a notification that is being collected', () => {
  it.each<[string, Look[]]>([
    ['is there already', [both]],
    ['comes a moment later', [{}, both]],
    ['comes to one digest after the other', [{ items: { daily: 'waiting' }, open: ['daily'] }, both]],
    ['is there before its window is', [{ items: both.items ?? {}, open: ['daily'] }, both]],
  ])('is told to every digest of its plan, where it %s', async (_what, looks) => {
    expect(await keys(looks)).toEqual(['daily', 'hourly']);
  });

  it('is told to those only that have not taken it', async () => {
    expect(await keys([{ items: { daily: 'waiting', hourly: 'taken' }, open: ['daily'] }])).toEqual([
      'daily',
    ]);
    expect(await keys([{ items: { daily: 'left', hourly: 'taken' } }])).toEqual([]);
  });

  it('is not waited for without end', async () => {
    await expect(keys([{}], 60)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
