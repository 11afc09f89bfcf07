/** Longest list of words that an answer is searched for; a body of more texts is masked as far as this. */
const MAX_WORDS = 5000;

/**
 * The words of a request that a server may echo in its answer and nobody is to read there: every line in `content`, as
 * it is and as JSON writes it, and of each URL the whole and the parts of path and query that could be its secret.
 */
export function echoedWords(content: unknown, urls: readonly string[]): string[] {
  // Line by line: an answer is searched after its line breaks have gone.
  const words = [...textsIn(content)].flatMap((text) => text.split('\n')).slice(0, MAX_WORDS);
  const written = words.map((text) => JSON.stringify(text).slice(1, -1));
  return [...new Set([...words, ...written, ...urls.flatMap(partsOf)])];
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) yield* textsIn(each);
}

/** Short parts such as `v1` or `hooks` are no secrets and stand in many a sentence. */
function partsOf(url: string): string[] {
  if (!URL.canParse(url)) return [url];
  const { pathname, search, searchParams } = new URL(url);
  const parts = [...pathname.split('/'), ...searchParams.values()].filter((part) => part.length >= 8);
  return [url, `${pathname}${search}`, pathname, search, ...parts].filter((part) => part.length >= 8);
}
