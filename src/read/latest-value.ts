/**
 * Several values of one thing in a sentence: which is so now. And values of something else that shares the name.
 * Knows nothing of bounds.
 */

/** Another fluid, another person, a vitamin, a food label, the peak of an exercise. */
export const ofOther =
  /\b(?:urine|urinary|ua|csf|gb|gallbladder|rv|right ventric\w+|lv end|atrial|predicted|fetal|fetus|pleural|synovial|sweat|stool|cord|donor|dietary|coronary|iron|peak|max(?:imal)?|transferrin|vit|vitamin|nt[ -]?pro|pro)[ -]*$/;
/** Stands in for "2 years ago" where times are blanked out. */
export const ago = '¬';
const afterAgo = new RegExp(
  `^[^,;]{0,25}?${ago}[^a-z]*(?:(?:now|today|last|this|and|then|but|at|is|was|currently|repeat|latest|it|up|down|to)\\b[^a-z]*)*$`,
);
/** Values in their order of time: arrows, "then", "182 to 84"; what stands last counts. */
const onward =
  /^[^\d;]{0,40}?(?:→|-+>|=+>)[\s:=~]*(?:(?:now|to|down|up|at|is|today|currently|about)\s*)*$|^[^\d,;]{0,14}?\b(?:then|to|now|today|yest\w*)[\s:=~]*(?:(?:now|to|down|up|at|is|today|currently|about)\s*)*$/;
const isNow =
  /\b(?:now|today|currently|current|latest|most recent(?:ly)?|this (?:week|morning|visit)|back (?:at|to|down|up)|came back|down to|up to)\b/;
const nowBehind = /^\s*\(?(?:now|today|currently|this (?:am|morning|week)|(?:at|on) discharge)\b/;
const earlier = /\b(?:last|prior|previous|past) (?:year|month|week|visit|time|check)\b|\bpreviously\b|\bbefore\b|\bin the past\b|\bat baseline\b/;
/** What stands before a value that is not the patient's own later one. */
const notLater =
  /\b(?:was|were|had been|from|baseline|peak|nl|normal|ref|range|goal|target|limit|cut-?off|last (?:visit|appointment|time)|previous|prior|vs)\b/;
/** Another thing's name: the values behind it are not of this one. */
const otherName =
  /\b(?:hdl|ldl|tg|trigs|chol|cr|creat|bun|k|na|ca|hr|rr|t|p|wt|bmi|spo2|sat|plt|hgb|hct|wbc|temp|e?gfr|fev1|pulse|a1c|glucose|units?)\b/;
const list = /^\s*,\s*$/;
const leastInList = 3;

/** Where several values follow, the one that is so now. */
export function latestOf(text: string, values: readonly RegExpMatchArray[]): RegExpMatchArray | undefined {
  let chosen = values[0];
  let end = endOf(chosen);
  let inARow = 1;
  for (const value of values.slice(1)) {
    const between = text.slice(end, value.index);
    const behind = text.slice(endOf(value)).split(/[,;]|\d/)[0] ?? '';
    if (otherName.test(between)) break;
    inARow = list.test(between) ? inARow + 1 : 1;
    const isLater =
      (afterAgo.test(between) && !behind.includes(ago)) ||
      onward.test(between) ||
      earlier.test(between.split(/[,;]/)[0] ?? '') ||
      isNow.test(between) ||
      nowBehind.test(behind) ||
      inARow >= leastInList;
    if (isLater && !notLater.test(between.replace(/^.*(?:→|-+>|=+>)/, ''))) chosen = value;
    end = endOf(value);
  }
  return chosen;
}

const endOf = (value: RegExpMatchArray | undefined): number => (value?.index ?? 0) + (value?.[0].length ?? 0);

const newer =
  /^\W*(?:(?:the|his|her|a|an|home|clinic|cuff|reading|value|it|is|was) ){0,3}(?:now|today|currently|current|latest|most recent|repeat\w*|recheck\w*|this (?:am|pm|week|morning|visit)|(?:at|on) discharge)\b[^.;]*\d|\b\d[\d.]* (?:now|today|on this)\b/;

/** The next clause tells a newer value ("…; 58 % now"). */
export const isSuperseded = (following: string): boolean => newer.test(following);
