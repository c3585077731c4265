/**
 * Words written wrongly by one letter too many, too few, or two that changed places are set right where a criterion's word is meant.
 * Another letter instead is left alone: it makes another word (arteritis, arthritis). Knows nothing of language but the words it is given.
 */
const shortest = 6;

/** The text with what is nearly one of the words replaced by it. */
export function correct(text: string, words: readonly string[]): string {
  const long = words.filter((word) => word.length >= shortest);
  if (long.length === 0) return text;
  return text.replace(/[a-z]{5,}/g, (token) =>
    long.includes(token) ? token : (long.find((word) => word[0] === token[0] && isOneSlip(token, word)) ?? token),
  );
}

function isOneSlip(token: string, word: string): boolean {
  if (token === word || Math.abs(token.length - word.length) > 1) return false;
  let at = 0;
  while (at < token.length && token[at] === word[at]) at += 1;
  if (token.length === word.length) return token[at] === word[at + 1] && token[at + 1] === word[at] && token.slice(at + 2) === word.slice(at + 2);
  // A plural is no slip.
  const [long, short] = token.length > word.length ? [token, word] : [word, token];
  return at < short.length && long.slice(at + 1) === short.slice(at);
}
