/** Cuts long texts between words: half of a name or number would pass every pattern. Knows white space, not what the words are. */

/** At most `length` characters; one word longer than that is no word and gives nothing. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const at = text.slice(0, length + 1).search(/\s\S*$/);
  return at <= 0 ? '' : text.slice(0, at);
}
