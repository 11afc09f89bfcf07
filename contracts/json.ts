/** What JSON says; undefined for a text that is none. Who reads it has a schema for what it should be. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
