import type { Lane } from '../../contracts/broadcast-run.js';

/** Marks that are kept of an audience of any size; a lane's ends are exact to one of so many parts of it. */
const MOST_MARKS = 2_000;

/** Counts an audience that goes by in order, and remembers enough of it to divide it into lanes of about one length. */
export function laneMarks() {
  /** Every `step`-th ID: the one at place `step`, 2 × `step` … counted from 1. */
  let marks: string[] = [];
  let step = 1;
  let total = 0;
  return {
    get total() {
      return total;
    },
    add(ids: readonly string[]): void {
      for (const id of ids) {
        total += 1;
        if (total % step === 0) marks.push(id);
        if (marks.length < MOST_MARKS) continue;
        marks = marks.filter((_, at) => at % 2 === 1);
        step *= 2;
      }
    },
    /** `count` lanes, or as many as there are marks to part them; at least one. */
    divided(count: number): Lane[] {
      const even = Array.from({ length: Math.max(0, count - 1) }, (_, at) =>
        Math.round((total * (at + 1)) / count / step),
      );
      const ends = [...new Set(even)].filter((mark) => mark >= 1 && mark * step < total);
      return [0, ...ends].map((from, at) => {
        const to = ends[at];
        const before = from * step;
        const afterId = marks[from - 1];
        const untilId = to === undefined ? undefined : marks[to - 1];
        return {
          before,
          size: (to === undefined ? total : to * step) - before,
          processed: 0,
          ...(afterId === undefined ? {} : { afterId }),
          ...(untilId === undefined ? {} : { untilId }),
        };
      });
    },
  };
}
