import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';

const root = new URL('../../', import.meta.url);

/** The text of a file of the repository. */
export function textOf(path: string): Promise<string> {
  return readFile(new URL(path, root), 'utf8');
}

/** The documents of a YAML file, with its merge keys (`<<`) resolved. @throws where it is not YAML. */
export async function documentsOf<Document>(path: string): Promise<Document[]> {
  return parseAllDocuments(await textOf(path), { merge: true }).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as Document;
  });
}

/** Every variable that `runtime/config.ts` declares. */
export async function configNames(): Promise<Set<string>> {
  const declared = (await textOf('runtime/config.ts')).matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm);
  return new Set([...declared].flatMap(([, name]) => name ?? []));
}

/** What a container of Carillon's may be given: its variables, and Node's own. */
export async function containerNames(): Promise<Set<string>> {
  return new Set([...(await configNames()), 'NODE_OPTIONS']);
}

/** What `npm run <script>` runs after its build, as a container's command. */
export async function commandOf(script: string): Promise<string[]> {
  const { scripts } = JSON.parse(await textOf('package.json')) as { scripts: Record<string, string> };
  return (scripts[script] ?? '').replace(/^exec /, '').split(' ');
}

/** The command line's own command, as the package names it. */
export async function carillonCommand(command: string): Promise<string[]> {
  const { bin } = JSON.parse(await textOf('package.json')) as { bin: { carillon: string } };
  return ['node', bin.carillon, command];
}

/** What the image runs when it is told nothing else. */
export async function imageCommand(): Promise<string[]> {
  const [, command] = /^CMD (\[.+\])$/m.exec(await textOf('Dockerfile')) ?? [];
  return JSON.parse(command ?? '[]') as string[];
}
