import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** What MJML makes of a source, and what it has to say about it. */
export interface MjmlResult {
  html: string;
  errors: { line: number; message: string; tagName: string }[];
}

/** Longest compilation, in milliseconds; usual ones take 50, the longest that is taken 2,000. */
const LIMIT_MS = 10_000;
/** The thread ends after so many milliseconds without work: with MJML it holds some 60 MB. */
const IDLE_MS = 30_000;

const options = {
  validationLevel: 'soft',
  ignoreIncludes: true,
  // By default mjml fetches the fonts that it knows by name from Google, and so tells Google who reads.
  fonts: {},
};

// As text, since a thread of its own cannot load TypeScript when the sources are run as they are.
const code = `
const { parentPort, workerData } = require('node:worker_threads');
const loaded = require(workerData.mjml);
const mjml = loaded.default ?? loaded;
parentPort.on('message', async (source) => {
  try {
    const { html, errors } = await mjml(source, workerData.options);
    const told = errors.map(({ line, message, tagName }) => ({ line, message, tagName }));
    parentPort.postMessage({ html, errors: told });
  } catch (error) {
    parentPort.postMessage({ failure: String(error.message) });
  }
});
parentPort.postMessage({ ready: true });`;

type Answer = MjmlResult | { failure: string } | { ready: true };

let thread: Worker | undefined;
let idle: NodeJS.Timeout | undefined;
let queue: Promise<unknown> = Promise.resolve();
let runs = 0;

/** How often this process has compiled MJML: not while it sends. */
export function mjmlRuns(): number {
  return runs;
}

/**
 * Compiles MJML in a thread beside, one at a time: it takes long, and a source that is made for it takes very long,
 * which is nobody else's to wait for.
 * @throws MjmlFailure where MJML gives up, or takes longer than the limit, 10 s by default, or more than 256 MB.
 */
export function runMjml(source: string, limitMs = LIMIT_MS): Promise<MjmlResult> {
  const turn = queue.then(() => run(source, limitMs));
  queue = turn.catch(() => undefined);
  return turn;
}

/** MJML made nothing of the source. */
export class MjmlFailure extends Error {
  override readonly name = 'MjmlFailure';
}

async function run(source: string, limitMs: number): Promise<MjmlResult> {
  runs += 1;
  clearTimeout(idle);
  const current = (thread ??= await startThread());
  const timer = setTimeout(() => void current.terminate(), limitMs);
  try {
    current.ref();
    const answer = answerOf(current);
    current.postMessage(source);
    const said = await answer;
    if ('html' in said) return said;
    throw new MjmlFailure('failure' in said ? said.failure : 'said nothing');
  } finally {
    clearTimeout(timer);
    current.unref();
    idle = setTimeout(end, IDLE_MS).unref();
  }
}

function end(): void {
  const ended = thread;
  thread = undefined;
  void ended?.terminate();
}

/** The next thing that the thread says. @throws MjmlFailure where it ends before. */
function answerOf(current: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new MjmlFailure('takes too long to compile'));
    const onError = (error: Error) => {
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(isMemory ? new MjmlFailure('takes too much memory') : error);
    };
    current.once('exit', onExit).once('error', onError);
    current.once('message', (answer: Answer) => {
      current.off('exit', onExit).off('error', onError);
      resolve(answer);
    });
  });
}

async function startThread(): Promise<Worker> {
  const mjml = createRequire(import.meta.url).resolve('mjml');
  const started = new Worker(code, {
    eval: true,
    workerData: { mjml, options },
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  started.once('exit', () => {
    if (thread === started) thread = undefined;
  });
  // One that fails while nobody waits for it has nobody to tell: the next compilation starts another.
  started.on('error', () => undefined);
  await answerOf(started);
  return started;
}
