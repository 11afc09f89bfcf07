import { InvalidArgumentError } from 'commander';

/** What went wrong, in words for whoever sits at the terminal: printed without a stack, and the process ends with 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** A number within a range, as an option's value. @throws {InvalidArgumentError} which Commander shows. */
export const wholeNumber = (min: number, max: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new InvalidArgumentError(`It should be a whole number from ${min} to ${max}.`);
  return value;
};
