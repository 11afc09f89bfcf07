import type { Question } from './confirm.js';
import type { ConsoleContext } from './context.js';

/** Something that the reader wants done. */
export interface Deed<Answer> {
  /** Asked first; without it nothing is. */
  question?: Question | undefined;
  call: () => Promise<Answer>;
  /** What is said once it is done. */
  said: string | ((answer: Answer) => string);
  /** What follows, whether it was done or failed; not where the reader thought better of it. */
  after?: () => unknown;
}

/** Asks, does it, and says that it was done, or why not. Never rejects. @returns whether it was done */
export async function perform<Answer>(
  context: ConsoleContext,
  { question, call, said, after }: Deed<Answer>,
): Promise<boolean> {
  if (question && !(await context.confirm(question))) return false;
  let isDone = false;
  try {
    const answer = await call();
    context.say(typeof said === 'string' ? said : said(answer));
    isDone = true;
  } catch (error) {
    context.fail(error);
  }
  await after?.();
  return isDone;
}
