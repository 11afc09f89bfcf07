import { commandLine, identify, isRunning, parentOf, type ProcessIdentity } from './process-identity.js';

const LOOK_EVERY_MS = 500;
/** `npm start` runs a shell that runs us; a few generations up is the terminal's shell. */
const GENERATIONS = 4;

/**
 * Calls `onGone` once when we run under npm and npm, or the shell between it and us, has died: a SIGKILL to npm tells us
 * nothing by itself. Does nothing when we were not started by npm.
 * @returns a function that ends the watch
 */
export function watchNpm(onGone: () => void, env: NodeJS.ProcessEnv = process.env): () => void {
  if (env.npm_lifecycle_event === undefined) return () => undefined;
  const parent = process.ppid;
  const ancestors = upToNpm(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && ancestors.every(isRunning)) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** The processes between us and npm, npm included; only what the platform tells cheaply. */
function upToNpm(parent: number): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  let pid: number | undefined = parent;
  for (let generation = 0; generation < GENERATIONS && pid !== undefined && pid > 1; generation += 1) {
    const words = commandLine(pid);
    if (words.length === 0) break;
    const identity = identify(pid);
    if (identity) found.push(identity);
    if (words.some((word) => /^npm( |$)|npm-cli\.js$/.test(word))) return found;
    pid = parentOf(pid);
  }
  // No npm in sight: only the direct parent is known to be ours.
  return found.slice(0, 1);
}
