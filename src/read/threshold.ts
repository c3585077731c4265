/**
 * Compares numbers: a criterion that sets a bound ("last A1c above 9 %", "blood pressure under 130/80") and what stands behind its name in a sentence.
 * Rules, since a small network does not learn which of two numbers is greater. Knows nothing of names; whether the sentence speaks of a plan or of another person was decided before.
 */

export interface Bound {
  readonly side: 'above' | 'below' | 'within';
  readonly isInclusive: boolean;
  /** One number; two for a blood pressure, and for a range its ends. */
  readonly limits: readonly number[];
  readonly unit: string;
  /** Which of the two numbers of a blood pressure is asked for. */
  readonly part: 'systolic' | 'diastolic' | undefined;
}

const quantity = '(-?\\d+(?:\\.\\d+)?(?:\\s*/\\s*\\d+(?![\\d/]))?)';
const unitOf = '(%|percent|mm ?hg|msec|ms\\b|bpm|kg/m(?:2|\\^2|²)|kg\\b|[a-zµ]{1,7}/(?:min/)?[a-z0-9.²]{1,12})?';
/** "more than 2 years", "at least 3 times" are no bound of a measured value. */
const notCounted = '(?!\\s*-?\\s*(?:years?|yrs?|months?|weeks?|days?|hours?|minutes?|times|occasions|visits|doses|drinks|cigarettes)\\b)(?![\\d.])';
const comparatives: readonly (readonly [Bound['side'], boolean, string])[] = [
  ['above', true, 'at or above|greater than or equal to|at least|no less than|not (?:less|lower) than|not below|>=|≥'],
  [
    'below',
    true,
    'at or below|at or under|less than or equal to|at most|no more than|no higher than|not (?:more|higher|greater) than|not above|<=|≤',
  ],
  ['above', false, 'above|over|greater than|higher than|more than|in excess of|exceed(?:s|ed|ing)?|>'],
  ['below', false, 'below|under|less than|lower than|fewer than|<'],
];
const leading = comparatives.map(
  ([side, isInclusive, words]) =>
    [
      side,
      isInclusive,
      new RegExp(`\\s*(?:\\b(?:is|was|of|that is|controlled|kept)\\s+)*(?<![a-z])(?:${words})\\s*${quantity}${notCounted}\\s*${unitOf}`),
    ] as const,
);
const trailing = new RegExp(
  `\\s*(?:\\b(?:is|was|of)\\s+)*(?<![\\w.-])${quantity}\\s*${unitOf}\\s+(?:or|and) (higher|above|greater|more|over|lower|below|less|under)\\b`,
);

const range = new RegExp(
  `\\s*(?:\\b(?:is|was)\\s+)*\\b(?:within|between|in the range(?: of)?|from|of)\\s+(?:the range (?:of )?)?(-?\\d+(?:\\.\\d+)?)\\s*(?:%|-|to|and)\\s*(?:to\\s*|and\\s*)?(\\d+(?:\\.\\d+)?)${notCounted}\\s*${unitOf}`,
);

/** The bound, and the criterion without it. */
export function parseBound(text: string): { readonly bound: Bound; readonly rest: string } | undefined {
  const part = /\b(systolic|diastolic)\b/.exec(text)?.[1];
  const common = { part: part === 'systolic' || part === 'diastolic' ? part : undefined } as const;
  const late = trailing.exec(text);
  if (late !== null) {
    const side = /higher|above|greater|more|over/.test(late[3] ?? '') ? 'above' : 'below';
    return { bound: { ...common, side, isInclusive: true, limits: numbersOf(late[1]), unit: plainUnit(late[2]) }, rest: without(text, late) };
  }
  const ends = range.exec(text);
  if (ends !== null) {
    const limits = [Number(ends[1]), Number(ends[2])];
    return { bound: { ...common, side: 'within', isInclusive: true, limits, unit: plainUnit(ends[3]) }, rest: without(text, ends) };
  }
  for (const [side, isInclusive, pattern] of leading) {
    const found = pattern.exec(text);
    if (found !== null)
      return { bound: { ...common, side, isInclusive, limits: numbersOf(found[1]), unit: plainUnit(found[2]) }, rest: without(text, found) };
  }
  return undefined;
}

const without = (text: string, found: RegExpExecArray): string => `${text.slice(0, found.index)}${text.slice(found.index + found[0].length)}`.trim();
const numbersOf = (text = ''): readonly number[] => text.split('/').map(Number);
const plainUnit = (unit = ''): string =>
  unit
    .replaceAll(' ', '')
    .replace('percent', '%')
    .replace('msec', 'ms')
    .replace(/\^|²/g, (sign) => (sign === '²' ? '2' : ''))
    .replace(/^(?:mcg|ug|µg)/, 'ug');

/** Numbers that are times, not values; blanked out at their length. */
const times =
  /\[[^\]]*\]|\bbetween \d+ and \d+ (?:days?|weeks?|wks?|months?|mos?|years?|yrs?)(?: ago)?|\b\d+(?:\.\d+)?[ -]*(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|y|d|hours?|hrs?|h|minutes?)\b(?: ago)?|\b\d{1,2}\/\d{1,2}\/\d{2,4}\b|\b\d{1,2}\/(?:19|20)\d{2}\b|\b(?:in|since|on|from|of|dated) (?:[a-z]{3,9}\.? )?(?:19|20)\d{2}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:19|20)\d{2}\b|\bat age \d+/g;
/** What may stand between the name and its number; any other word, and the number is not taken for its value. */
const between =
  /^(?:[\s:=,~([\])-]|\b(?:level|value|score|reading|result|results|resulted|test|interval|count|was|is|were|has|been|of|at|came|back|up|down|to|the|a|an|now|about|approximately|around|roughly|in|on|last|most|recent|latest|repeat|measured|checked|found|today|still|remains?|stable|elevated|high|low|normal|improved|increased|decreased|rose|risen|fell|dropped|averag\w+|outside|elsewhere|lab|labs|clinic|per|patient|home|office|ext|calc|and|this|morning|time|visit|week|month|year)\b)*$/;
const before = /\b(?:last|prior|previous|past) (?:year|month|week|visit|time|check)\b|\bpreviously\b|\bbefore\b|\bin the past\b|\bat baseline\b/;
const valued = new RegExp(
  `([<>≤≥]=?)?\\s*(?<![\\w./])(-?\\d{1,3}(?:,\\d{3})+|-?\\d+(?:\\.\\d+)?)(?:\\s*/\\s*(\\d+)(?![\\d/]))?(?![\\w]*\\.\\d)\\s*${unitOf}`,
  'g',
);
const aim = /^\W*(?:goal|target|threshold|cut-?off|limit|should|must|to be|needs? to)\b/;
const aimBefore = /\b(?:goal|target|threshold|cut-?off|aim|keep|maintain|get|bring|reduce|lower|raise)\b(?: \w+){0,3}\s*$/;

/** A value of something else that shares the name: another fluid, another person, a vitamin, a food label. */
const ofOther = /\b(?:urine|urinary|csf|fetal|fetus|pleural|synovial|sweat|stool|cord|donor|dietary|transferrin|vit|vitamin|nt[ -]?pro|pro)[ -]*$/;
/** Values in their order of time: arrows, "then", "182 to 84"; what stands last counts. */
const onward = /^[^\d,;]{0,14}?(?:→|-+>|=+>|\b(?:then|to|now|today|yest\w*))[\s:=~]*(?:(?:now|to|down|up|at|is|was|today|currently|about)\s*)*$/;
const isNow =
  /\b(?:now|today|currently|current|latest|most recent(?:ly)?|this (?:week|morning|visit)|back (?:at|to|down|up)|came back|down to|up to)\b/;

const inSi = /^(?:[mu]mol\/l|g\/l)$/;
const usuallyByMass = /ldl|hdl|chol|triglycerid|\btg\b|glucose|sugar|hgb|\bhb\b|hemoglobin|creat|\bcr\b|bilirubin|calcium|uric|urate|albumin|iron/;
const newer =
  /^\W*(?:(?:the|his|her|a|an) )?(?:now|today|currently|current|latest|most recent|repeat\w*|recheck\w*|this (?:week|morning|visit))\b[^.;]*\d|\b\d[\d.]* (?:now|today|on this)\b/;

/** Where several values follow, the one that is so now. */
function latestOf(text: string, values: readonly RegExpMatchArray[]): RegExpMatchArray | undefined {
  let chosen = values[0];
  let end = (chosen?.index ?? 0) + (chosen?.[0].length ?? 0);
  for (const [at, value] of values.entries()) {
    if (at === 0) continue;
    const between = text.slice(end, value.index);
    const behind = text.slice((value.index ?? 0) + value[0].length).split(/[,;]|\d/)[0] ?? '';
    if (onward.test(between) || before.test(between.split(/[,;]/)[0] ?? '') || isNow.test(between) || /^\s*(?:now|today|currently)\b/.test(behind)) {
      chosen = value;
    }
    end = (value.index ?? 0) + value[0].length;
  }
  return chosen;
}

/**
 * Whether the value behind the name is on the criterion's side; undefined where there is none, or none that can be compared.
 * `following`: the next clause; a newer value there ("…; 58 % now") leaves this one open.
 */
export function meetsBound(
  mention: { readonly before: string; readonly name: string; readonly after: string },
  bound: Bound,
  following = '',
): boolean | undefined {
  if (aim.test(mention.after) || aimBefore.test(mention.before) || ofOther.test(mention.before)) return undefined;
  if (newer.test(following)) return undefined;
  const isWholePressure = bound.part !== undefined && /^b/.test(mention.name);
  const text = mention.after
    .replace(times, (found) => '~'.repeat(found.length))
    .replace(/\bfrom\s+[<>]?-?\d[\d.,/]*\s*\S*(?=\s+to\b)/g, (found) => '~'.repeat(found.length));
  const values = [...text.matchAll(valued)];
  const first = values[0];
  if (first === undefined || !between.test(text.slice(0, first.index))) {
    const lone = /(?<![\w./-])(\d+(?:\.\d+)?)[\s-]*$/.exec(mention.before);
    return lone === null || isWholePressure ? undefined : compare([Number(lone[1])], undefined, bound);
  }
  const [, sign, one = '', two, unit] = latestOf(text, values) ?? [];
  if (bound.unit !== '' && unit !== undefined && plainUnit(unit) !== bound.unit) return undefined;
  if (isWholePressure && two === undefined) return undefined;
  // Without a unit the criterion means the usual one: "LDL 5.6 mmol/L" is not compared with 100.
  if (bound.unit === '' && inSi.test(plainUnit(unit)) && usuallyByMass.test(mention.name)) return undefined;
  return compare(
    [one, two].filter((value) => value !== undefined).map((value) => Number(value.replaceAll(',', ''))),
    sign,
    bound,
  );
}

function compare(values: readonly number[], sign: string | undefined, bound: Bound): boolean | undefined {
  const asked = values.length === 2 && bound.part !== undefined ? [values[bound.part === 'systolic' ? 0 : 1] ?? Number.NaN] : values;
  if (bound.side === 'within') return isInside(asked[0], sign, bound.limits);
  if (asked.length !== bound.limits.length) return undefined;
  const sides = asked.map((value, at) => isOn(value, sign, bound.limits[at] ?? Number.NaN, bound));
  if (sides.includes(undefined)) return undefined;
  // A blood pressure is under 130/80 if both are, and above 140/90 if one is.
  return bound.side === 'below' ? sides.every((side) => side === true) : sides.includes(true);
}

function isInside(value = Number.NaN, sign: string | undefined, [least = Number.NaN, most = Number.NaN]: readonly number[]): boolean | undefined {
  if (Number.isNaN(value) || Number.isNaN(least) || Number.isNaN(most)) return undefined;
  if (sign === undefined) return value >= least && value <= most;
  return (sign.startsWith('<') || sign.startsWith('≤') ? value <= least : value >= most) ? false : undefined;
}

function isOn(value: number, sign: string | undefined, limit: number, { side, isInclusive }: Bound): boolean | undefined {
  if (Number.isNaN(value) || Number.isNaN(limit)) return undefined;
  if (sign === undefined) {
    if (value === limit) return isInclusive;
    return side === 'above' ? value > limit : value < limit;
  }
  // "< 20" tells the side of 20 and of everything above it only.
  const isBelow = sign.startsWith('<') || sign.startsWith('≤');
  if (isBelow ? value <= limit : value >= limit) return isBelow === (side === 'below');
  return undefined;
}
