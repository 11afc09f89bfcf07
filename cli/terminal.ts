import { SingleBar } from 'cli-progress';

/** What a command prints to. Results go to stdout, everything else to stderr, so that results can be piped on. */
export interface Terminal {
  /** Whether results are JSON: one document, or one on each line where there are many. */
  json: boolean;
  /** A result: as JSON, or the words for it. */
  result(value: unknown, words: string): void;
  /** What a person may want to know meanwhile; nothing with `--json`. */
  note(words: string): void;
  /** How far something long is; where nobody watches, a line every ten seconds. */
  progress(what: string, total?: number): Progress;
}

export interface Progress {
  at(done: number, total?: number): void;
  end(): void;
}

const LINE_EVERY_MS = 10_000;

/** @param streams stdout and stderr, unless a test gives others. */
export function terminal(
  json: boolean,
  streams: { out: NodeJS.WritableStream; err: NodeJS.WritableStream & { isTTY?: boolean } } = {
    out: process.stdout,
    err: process.stderr,
  },
): Terminal {
  return {
    json,
    result: (value, words) => streams.out.write(`${json ? JSON.stringify(value) : words}\n`),
    note(words) {
      if (!json) streams.err.write(`${words}\n`);
    },
    progress: (what, total) =>
      streams.err.isTTY && !json ? bar(what, total, streams.err) : lines(what, total, streams.err),
  };
}

function bar(what: string, total: number | undefined, stream: NodeJS.WritableStream): Progress {
  const drawn = new SingleBar({
    stream,
    format: `${what} {bar} {value}/{total} · {duration_formatted}, {eta_formatted} to go`,
    barCompleteChar: '━',
    barIncompleteChar: '─',
    hideCursor: true,
    clearOnComplete: false,
    etaBuffer: 100,
  });
  drawn.start(total ?? 0, 0);
  return {
    at(done, now = total) {
      drawn.setTotal(Math.max(now ?? 0, done));
      drawn.update(done);
    },
    end: () => drawn.stop(),
  };
}

function lines(what: string, total: number | undefined, stream: NodeJS.WritableStream): Progress {
  let saidAtMs = Date.now();
  return {
    at(done, now = total) {
      if (Date.now() - saidAtMs < LINE_EVERY_MS) return;
      saidAtMs = Date.now();
      stream.write(`${what}: ${done}${now === undefined ? '' : ` of ${now}`}\n`);
    },
    end: () => undefined,
  };
}
