/** Where a line stood before texts were put together. */
export interface Origin {
  /** From 1. */
  line: number;
  /** The partial or layout that it is of, e.g. `partial footer`; absent for the text itself. */
  part?: string;
}

/**
 * Text made of others, that knows of each of its lines where it came from: an error in what was put together is told at
 * the line that somebody wrote.
 */
export class TracedText {
  private lineStarts: number[] | undefined;

  private constructor(
    readonly text: string,
    /** Of each line. */
    private readonly origins: readonly Origin[],
  ) {}

  static of(text: string, part?: string): TracedText {
    const count = text.split('\n').length;
    return new TracedText(
      text,
      Array.from({ length: count }, (_, index) => ({
        line: index + 1,
        ...(part === undefined ? {} : { part }),
      })),
    );
  }

  static join(pieces: readonly TracedText[]): TracedText {
    const origins: Origin[] = [];
    let isLineBegun = false;
    for (const {
      text,
      origins: [first, ...rest],
    } of pieces) {
      if (text === '' || !first) continue;
      // A line is of where it begins.
      if (!isLineBegun) origins.push(first);
      origins.push(...rest);
      isLineBegun = !text.endsWith('\n');
      if (!isLineBegun) origins.pop();
    }
    if (!isLineBegun) origins.push(pieces.at(-1)?.origins.at(-1) ?? { line: 1 });
    return new TracedText(pieces.map(({ text }) => text).join(''), origins);
  }

  /** Where line `line` of this text, from 1, came from. */
  originOf(line: number): Origin {
    return this.origins[Math.min(Math.max(line, 1), this.origins.length) - 1] ?? { line };
  }

  /** Where the character at `offset` came from. */
  originAt(offset: number): Origin {
    return this.originOf(this.lineAt(offset));
  }

  slice(start: number, end: number): TracedText {
    return new TracedText(
      this.text.slice(start, end),
      this.origins.slice(this.lineAt(start) - 1, this.lineAt(end)),
    );
  }

  /** Every match replaced; what comes in as plain text is of the line of the match. */
  replace(pattern: RegExp, by: (match: RegExpMatchArray) => TracedText | string): TracedText {
    const pieces: TracedText[] = [];
    let at = 0;
    for (const match of this.text.matchAll(pattern)) {
      const inserted = by(match);
      pieces.push(this.slice(at, match.index));
      pieces.push(typeof inserted === 'string' ? this.inserted(inserted, match.index) : inserted);
      at = match.index + match[0].length;
    }
    return pieces.length === 0 ? this : TracedText.join([...pieces, this.slice(at, this.text.length)]);
  }

  /** With each text put in before its offset; the offsets ascend. */
  insert(texts: readonly { at: number; text: string }[]): TracedText {
    const pieces: TracedText[] = [];
    let from = 0;
    for (const { at, text } of texts) {
      pieces.push(this.slice(from, at), this.inserted(text, at));
      from = at;
    }
    return TracedText.join([...pieces, this.slice(from, this.text.length)]);
  }

  private inserted(text: string, at: number): TracedText {
    const origin = this.originAt(at);
    return new TracedText(
      text,
      Array.from({ length: text.split('\n').length }, () => origin),
    );
  }

  /** From 1. */
  private lineAt(offset: number): number {
    this.lineStarts ??= [0, ...Array.from(this.text.matchAll(/\n/g), ({ index }) => index + 1)];
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}
