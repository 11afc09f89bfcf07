import { CarillonError } from '../contracts/errors.js';
import type { Origin } from './traced-text.js';

/** What is wrong with a template's source. */
export interface SourceProblem {
  /** Dotted, within the source: `mjml`, `body.user.name`. */
  field: string;
  reason: string;
  origin?: Origin | undefined;
}

/** Problems told at once. */
const MAX_TOLD = 20;

/** A source that no template can be made of; answered with 422, each problem with its field and line. */
export class SourceError extends CarillonError {
  constructor(problems: readonly SourceProblem[]) {
    const told = problems.slice(0, MAX_TOLD).map(({ field, reason, origin }) => ({
      path: `source.${field}`,
      message: origin === undefined ? reason : `${placeOf(origin)}: ${reason}`,
    }));
    const [first] = told;
    super('unprocessable', first ? `${first.path}: ${first.message}` : 'the source is not usable', told);
  }
}

function placeOf({ line, part }: Origin): string {
  return part === undefined ? `line ${line}` : `line ${line} of ${part}`;
}
