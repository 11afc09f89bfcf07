import type { Question } from './question.js';

/** The reader, as they are told and asked. */
export interface Reader {
  /** Tells the reader what was done. */
  say(text: string): void;
  /** Tells the reader why something was not done, and what to do. */
  fail(error: unknown): void;
  /** Asks before something that cannot be taken back; false where the reader thinks better of it. */
  confirm(question: Question): Promise<boolean>;
}

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
  reader: Reader,
  { question, call, said, after }: Deed<Answer>,
): Promise<boolean> {
  if (question && !(await reader.confirm(question))) return false;
  let isDone = false;
  try {
    const answer = await call();
    reader.say(typeof said === 'string' ? said : said(answer));
    isDone = true;
  } catch (error) {
    reader.fail(error);
  }
  await after?.();
  return isDone;
}
