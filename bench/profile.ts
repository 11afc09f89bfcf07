import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Chrome DevTools Protocol, `Profiler.Profile`; times in microseconds. */
const cpuProfile = z.object({
  nodes: z.array(
    z.object({ id: z.number(), callFrame: z.object({ functionName: z.string(), url: z.string() }) }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** Where the time of profiled processes went, one Markdown list per process: its threads together, by package. */
export async function summary(folder: string): Promise<string> {
  const parts: string[] = [];
  for (const name of await readdir(folder)) {
    const times = new Map<string, number>();
    for (const file of await readdir(join(folder, name))) {
      await addTimes(join(folder, name, file), times);
    }
    times.delete('(idle)');
    const all = [...times.values()].reduce((sum, ms) => sum + ms, 0);
    const lines = [...times]
      .sort(([, one], [, other]) => other - one)
      .slice(0, 15)
      .map(([what, ms]) => `- ${((100 * ms) / all).toFixed(1)} %  ${what}`);
    parts.push(`${name}, ${(all / 1000).toFixed(1)} s of CPU:\n\n${lines.join('\n')}\n`);
  }
  return `\n${parts.join('\n')}`;
}

async function addTimes(file: string, times: Map<string, number>): Promise<void> {
  const { nodes, samples, timeDeltas } = cpuProfile.parse(JSON.parse(await readFile(file, 'utf8')));
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  samples.forEach((id, index) => {
    const place = places.get(id) ?? '';
    times.set(place, (times.get(place) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
}

/** A package's name, a folder of Carillon's, or what the engine itself does. */
function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  const [, dependency] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (dependency !== undefined) return dependency;
  const [, own] = /\/dist\/(\w[^/]*)/.exec(url) ?? [];
  if (own !== undefined) return `${own}/`;
  if (url.startsWith('node:')) return url;
  return functionName.startsWith('(') ? functionName : 'native code';
}
