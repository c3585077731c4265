/**
 * Time windows: a criterion that asks for the last months or years, and what a sentence says of when. Both relative: dates have become spans before a reader sees them.
 * Knows nothing of what happened.
 */
const words: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
};
const inMonths: Readonly<Record<string, number>> = { d: 1 / 30, w: 1 / 4.35, m: 1, y: 12 };
const count = '(\\d+(?:\\.\\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)';
const unit = '(days?|d|weeks?|wks?|w|months?|mos?|m|years?|yrs?|y)';
const asked = new RegExp(`\\b(?:within|in|during|over) (?:the )?(?:last|past|previous|prior)?\\s*${count}?\\s*${unit}\\b`);
const told = new RegExp(`\\b${count}[ -]*${unit} (?:ago|back|prior|earlier)\\b`);
const toldBetween = new RegExp(`\\bbetween ${count} and ${count} ${unit} ago\\b`);

const months = (number: string | undefined, of: string | undefined): number =>
  (words[number ?? 'one'] ?? Number(number)) * (inMonths[of?.[0] ?? ''] ?? Number.NaN);

/** Months that a criterion looks back; undefined: for ever. */
export function parseWindow(criterion: string): number | undefined {
  const found = asked.exec(criterion);
  return found === null ? undefined : months(found[1], found[2]);
}

/** Whether the text around a mention puts it before the window: the time nearest to the mention counts. */
export function isBeforeWindow({ before, after }: { readonly before: string; readonly after: string }, window: number): boolean {
  const near = [after, before.split(/[,;:]/).at(-1) ?? ''];
  for (const text of near) {
    const span = toldBetween.exec(text);
    const least = span === null ? timeOf(told.exec(text)) : months(span[1], span[3]);
    if (least !== undefined) return least > window;
  }
  return false;
}

/** Words of a time that lies in a window of so many months. */
const lately: readonly (readonly [number, RegExp])[] = [
  [0, /\b(?:today|yesterday|this (?:morning|week|visit)|just now|tonight)\b/],
  [1, /\b(?:last week|this month|days? ago|a few weeks ago|recent(?:ly)?)\b/],
  [2, /\blast month\b/],
  [
    12,
    /\b(?:last (?:year|spring|summer|fall|autumn|winter)|this (?:year|spring|summer|fall|autumn|winter|season)|annual(?:ly)?|yearly|up to date|current)\b/,
  ],
];

/** Whether the text around a mention names any time, inside the window or not: what is undated closes no window. */
export function isDated({ before, after }: { readonly before: string; readonly after: string }, window: number): boolean {
  const text = `${before} ¤ ${after}`;
  return told.test(text) || toldBetween.test(text) || lately.some(([least, words]) => least <= window && words.test(text));
}

const timeOf = (found: RegExpExecArray | null): number | undefined => (found === null ? undefined : months(found[1], found[2]));
