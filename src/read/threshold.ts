/**
 * Compares numbers: a criterion that sets a bound ("last A1c above 9 %", "blood pressure under 130/80") and what stands behind its name in a sentence.
 * Rules, since a small network does not learn which of two numbers is greater. Knows nothing of names; whether the sentence speaks of a plan or of another person was decided before.
 */
import { ago, isSuperseded, latestOf, ofOther } from './latest-value.js';
import { isBeforeWindow } from './window.js';

export interface Bound {
  readonly side: 'above' | 'below' | 'within';
  readonly isInclusive: boolean;
  /** One number; two for a blood pressure, and for a range its ends. */
  readonly limits: readonly number[];
  readonly unit: string;
  /** Which of the two numbers of a blood pressure is asked for. */
  readonly part: 'systolic' | 'diastolic' | undefined;
  /** Any value ever counts, not the last. */
  readonly isEver: boolean;
  /** The last one, whenever that was. */
  readonly isLast: boolean;
  /** The one of this visit. */
  readonly isNow: boolean;
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
      new RegExp(
        `\\s*(?:\\b(?:is|was|of|that is|controlled|kept)\\s+)*(?<![a-z])(?:${words})\\s*(?:(?:the|a|an) (?:[\\w-]+ ){1,3}of\\s*)?${quantity}${notCounted}\\s*${unitOf}`,
      ),
    ] as const,
);
const trailing = new RegExp(
  `\\s*(?:\\b(?:is|was|of)\\s+)*(?<![\\w.-])${quantity}\\s*${unitOf}\\s+(?:or|and) (higher|above|greater|more|over|lower|below|less|under)\\b`,
);

const range = new RegExp(
  `\\s*(?:\\b(?:is|was)\\s+)*\\b(?:within|between|in the range(?: of)?|from|of)\\s+(?:the range (?:of )?)?(-?\\d+(?:\\.\\d+)?)\\s*(?:%|-|to|and)\\s*(?:to\\s*|and\\s*)?(\\d+(?:\\.\\d+)?)${notCounted}\\s*${unitOf}`,
);

/** "Systolic under 140 and diastolic under 90", "under 140 systolic and 90 diastolic": one bound of two numbers. */
const side = '(under|below|less than|lower than|<|above|over|greater than|higher than|at least|>=|>)';
const pressures: readonly RegExp[] = [
  new RegExp(`systolic\\b\\D{0,20}?${side}\\s*(\\d{2,3})\\D{0,12}?\\b(and|or)\\b\\D{0,12}?diastolic\\b\\D{0,20}?(?:${side}\\s*)?(\\d{2,3})`),
  new RegExp(`${side}\\s*(\\d{2,3})(?: mm ?hg)? systolic\\b\\D{0,4}?\\b(and|or)\\b (?:${side}\\s*)?(\\d{2,3})(?: mm ?hg)? diastolic\\b`),
];

function parsePressures(text: string, when: Pick<Bound, 'isLast' | 'isNow'>): { readonly bound: Bound; readonly rest: string } | undefined {
  for (const pattern of pressures) {
    const [found, first = '', systolic, joined, second = first, diastolic] = pattern.exec(text) ?? [];
    if (found === undefined) continue;
    const [one, two] = [first, second].map((word) => (/under|below|less|lower|</.test(word) ? 'below' : 'above'));
    // "Above 140 and above 90" asks for both, which a comparison of pressures here does not.
    if (one === undefined || one !== two || (one === 'below') !== (joined === 'and')) return undefined;
    const isInclusive = /least|=/.test(first);
    const bound = {
      side: one,
      isInclusive,
      limits: [Number(systolic), Number(diastolic)],
      unit: '',
      part: undefined,
      isEver: false,
      ...when,
    } as const;
    const rest = text.replace(found, '').trim();
    return { bound, rest: /\bbp\b|pressure/.test(rest) ? rest : 'blood pressure' };
  }
  return undefined;
}

/** A pulse pressure, or a difference between the arms: no pressure itself. */
const ofTwoPressures = /\b(?:gap|difference)\b.*\b(?:systolic|diastolic|pressure)/;
/** "Fell by 20 mmHg or more" bounds a change. */
const byHowMuch = /\bby\s*$/;
/** "The goal for the blood pressure is below 130/80" is no value. */
const ofGoal = /\b(?:goal|target)(?: for (?:\w+ ){1,4}?)?\s?(?:(?:is|was|set at) (?!met|reached)|of (?!the )(?=[a-z<>≤≥]))/;
const ever = /^(?:has |have )?had (?!(?:a |an |the )?(?:last|latest|most recent)\b)|^(?:has|have) (?:ever )?had\b|\bever\b|\bhas been\b/;

/** The bound, and the criterion without it. */
export function parseBound(text: string): { readonly bound: Bound; readonly rest: string } | undefined {
  if (ofTwoPressures.test(text) || ofGoal.test(text)) return undefined;
  const when = { isLast: /\b(?:last|latest|most recent)\b/.test(text), isNow: /\b(?:this visit|today|right now|on exam(?:ination)?)\b/.test(text) };
  const both = parsePressures(text, when);
  if (both !== undefined) return both;
  const part = /\bsystolic\b.*\bdiastolic\b/.test(text) ? undefined : /\b(systolic|diastolic)\b/.exec(text)?.[1];
  const common = {
    part: part === 'systolic' || part === 'diastolic' ? part : undefined,
    isEver: ever.test(text),
    ...when,
  } as const;
  const late = trailing.exec(text);
  if (late !== null && !byHowMuch.test(text.slice(0, late.index))) {
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
    if (found !== null && !byHowMuch.test(text.slice(0, found.index)))
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
  /\[[^\]]*\]|\bbetween \d+ and \d+ (?:days?|weeks?|wks?|months?|mos?|years?|yrs?)(?: ago)?|\b\d+(?:\.\d+)?[ -]*(?:days|weeks?|wks?|months?|mos?|years?|yrs?|y|hours?|hrs?|h|minutes?)\b(?: ago)?|(?<![\d.])\d+[ -]*(?:day|d)\b(?: ago)?|\b\d{1,2}\/\d{1,2}\/\d{2,4}\b|\b\d{1,2}\/(?:19|20)\d{2}\b|\b(?:in|since|on|from|of|dated) (?:[a-z]{3,9}\.? )?(?:19|20)\d{2}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:19|20)\d{2}\b|\bat age \d+/g;
/** What may stand between the name and its number; any other word, and the number is not taken for its value. */
const between =
  /^(?:[\s:=,~¬([\])+-]|\b(?:level|value|score|reading|result|results|resulted|test|interval|count|was|is|were|has|been|of|at|came|back|up|down|to|the|a|an|now|about|approximately|around|roughly|in|on|last|most|recent|latest|repeat|measured|checked|found|today|still|remains?|stable|elevated|high|low|normal|improved|increased|decreased|rose|risen|fell|dropped|averag\w+|total|trend|trends?|slightly|mildly|markedly|bit|just|again|continues|rise|rising|falling|climb\w+|critical|crit|reads?|runs?|running|stays|borderline|well|overall|only|landed|right|crept|creeping|jumped|settled|recover\w+|restored|worse|better|doubled|ballooned|improving|sinking|sliding|exactly|est|estimated|moved|stuck|inappropriately|isolated|bump|by|came|wks?|days?|two|three|ago|report\w*|non-?hemolyzed|barely|over|soft|outside|elsewhere|lab|labs|clinic|per|patient|home|office|ext|calc|and|this|morning|time|visit|week|month|year)\b)*$/;
const valued = new RegExp(
  `((?<![-=])[<>≤≥]=?)?\\s*(?<![\\w./])(-?\\d{1,3}(?:,\\d{3})+|-?\\d+(?:\\.\\d+)?)(?:\\s*/\\s*(\\d+(?:\\.\\d+)?)(?![\\d/]))?(?![\\w]*\\.\\d)\\s*${unitOf}`,
  'g',
);
const aim = /^\W*(?:goal|target|threshold|cut-?off|limit|should|must|to be|needs? to)\b/;
const aimBefore = /\b(?:goal|target|threshold|cut-?off|aim|keep|maintain|get|bring|reduce|lower|raise)\b(?: \w+){0,3}[\s:<>=≤≥]*$/;

const inSi = /^(?:[mu]mol\/l|g\/l)$/;
const usuallyByMass = /ldl|hdl|chol|triglycerid|\btg\b|glucose|sugar|hgb|\bhb\b|hemoglobin|creat|\bcr\b|bilirubin|calcium|uric|urate|albumin|iron/;
/** Counts that are written in units or in thousands. */
const inThousands = /plat|plt|\banc\b|neutro|wbc|white|\beos/;

/** What is wrong with a value, or whose it is. */
const spoilt =
  /(?<!non-)\bha?emolyzed|\blab error|\bswapped\b|\bredraw|\bmislabel|\bbelongs? to\b|\bwas (?:the|her|his) (?:husband|wife|roommate|mother|father|brother|sister|son|daughter)/;
/** The same in the next clause: "K 5.8 but grossly hemolyzed". */
const spoiltFollowing =
  /^\W*(?:(?:the|it|was|is|were|grossly|moderately|badly|sample|specimen|tube|lab|called|says|thinks) ?)*(?:ha?emolyzed|clotted|mislabel\w*|drawn (?:above|from) (?:the|an|her|his) (?:iv|line)|spurious|void|invalid|error)\b/;
const dose = /^\s*(?:mg|mcg|meq|g|units?|iu|tabs?|caps?|puffs?|drops?|po|iv|bid|tid|qid|qhs|qam|daily|weekly|prn|q\d+h?)\b(?!\/)/;
const conditional =
  /\bfor ¤|\b(?:whenever|warrants?|if|unless|would|hold|call|indicat\w+|qualif\w+|inclusion|exclusion|criteria|criterion|drop|goal|target|should|must|when)\b/;
/** Months after which a dated value tells nothing of now, or of the last one (a criterion's own window is asked elsewhere). */
const oldAfter = { visit: 0.1, recent: 18, last: 240 } as const;
const atAnotherVisit = /\b(?:last|previous|prior) (?:year|month|week|visit|time|admission)|\byesterday\b/;

interface ValueMention {
  readonly before: string;
  readonly name: string;
  readonly after: string;
}

/**
 * Whether the value behind the name is on the criterion's side; undefined where there is none, or none that can be compared.
 * `following`: the next clause; a newer value there ("…; 58 % now") leaves this one open.
 */
export function meetsBound(mention: ValueMention, bound: Bound, following = ''): boolean | undefined {
  if (aim.test(mention.after) || aimBefore.test(mention.before) || ofOther.test(mention.before)) return undefined;
  if (isSuperseded(following) || spoilt.test(mention.after) || spoiltFollowing.test(following) || isTooOld(mention, bound)) return undefined;
  const isWholePressure = bound.part !== undefined && /^b/.test(mention.name);
  const text = mention.after
    .replace(times, (found) => (found.endsWith('ago') ? ago : '~').repeat(found.length))
    .replace(/\bfrom\s+[<>]?-?\d[\d.,/]*\s*\S*(?=\s+to\b)/g, (found) => '~'.repeat(found.length));
  const values = [...text.matchAll(valued)];
  const first = values[0];
  if (first === undefined || !between.test(text.slice(0, first.index))) {
    const lone = /(?<![\w./-])(\d+(?:\.\d+)?)[\s-]*$/.exec(mention.before);
    return lone === null || isWholePressure ? undefined : compare([Number(lone[1])], undefined, bound);
  }
  if (bound.isEver && values.length > 1) return anyOf(values.map((value) => judgeValue(value, text, mention, bound)));
  const met = judgeValue(latestOf(text, values) ?? first, text, mention, bound);
  return bound.isEver && met === false ? undefined : met;
}

function isTooOld({ name, after }: ValueMention, { isLast, isNow }: Bound): boolean {
  if (isNow && atAnotherVisit.test(after)) return true;
  const months = isNow ? oldAfter.visit : isLast || name.includes('pack') ? oldAfter.last : oldAfter.recent;
  return isBeforeWindow({ before: '', after }, months);
}

const anyOf = (met: readonly (boolean | undefined)[]): boolean | undefined => (met.includes(true) ? true : undefined);

function judgeValue(value: RegExpMatchArray, text: string, mention: ValueMention, bound: Bound): boolean | undefined {
  const [found, sign, one = '', two, unit] = value;
  const isWholePressure = bound.part !== undefined && /^b/.test(mention.name);
  const behind = text.slice((value.index ?? 0) + found.length);
  // "Digoxin 125 mcg" is a dose, "hold for HR < 50" an order.
  if (dose.test(behind) && (bound.unit === '' || !behind.trimStart().startsWith(bound.unit))) return undefined;
  if (sign !== undefined && conditional.test(`${mention.before.trimEnd()} ¤ ${behind}`)) return undefined;
  // "Tube for a GCS of 8 or less".
  if (/^\s*or (?:less|more|higher|lower|above|below|greater|over|under)\b/.test(behind)) return undefined;
  if (bound.unit !== '' && unit !== undefined && plainUnit(unit) !== bound.unit) return undefined;
  if (isWholePressure && two === undefined) return undefined;
  // Without a unit the criterion means the usual one: "LDL 5.6 mmol/L" is not compared with 100.
  if (bound.unit === '' && inSi.test(plainUnit(unit)) && usuallyByMass.test(mention.name)) return undefined;
  // HbA1c by IFCC (mmol/mol) begins where percent ends.
  if (/mmol\/mol/.test(found + behind.slice(0, 10)) && (bound.limits[0] ?? 0) < 20) return undefined;
  const numbers = partsOf(mention, one, two);
  const scale = (numbers[0] ?? 0) / (bound.limits[0] ?? 0);
  if (inThousands.test(mention.name) && (scale > 100 || scale < 0.01)) return undefined;
  const met = compare(numbers, sign, bound);
  // "eGFR 58-62": both ends on the same side, or none.
  const end = /^-(\d+(?:\.\d+)?)(?![\d/])/.exec(behind)?.[1];
  return end === undefined || compare([Number(end)], sign, bound) === met ? met : undefined;
}

/** "PHQ-9 4/27": of so many points at most. */
const outOf = /^.*\b(?:phq|gad|mmse|moca|slums|gds|audit|pain|score|epds|aims|gcs)\b.* (?:10|12|15|21|27|30|40|100)$/;
/** "PT/INR 12.4/1.0": the second name's value stands second; "H/H 9.4/28": hemoglobin's first. An ejection fraction of 0.60 is one of 60 %. */
function partsOf({ before, name }: ValueMention, one: string, two: string | undefined): readonly number[] {
  const isFirst = /\bh\s?[/&]\s?h\b|hgb|hemoglobin/.test(name);
  const isOfMost = two !== undefined && outOf.test(`${name} ${two}`);
  const own = two === undefined || isFirst || isOfMost ? [one] : /[a-z]\s?\/\s?$/.test(before) ? [two] : [one, two];
  const numbers = own.map((part) => Number(part.replaceAll(',', '')));
  return /\bl?v?ef\b|ejection|fio2/.test(name) ? numbers.map((value) => (value <= 1 ? value * 100 : value)) : numbers;
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
  // Platelets of 62 (thousand) and a bound of 100,000; neutrophils of 1,100 and a bound of 1.5: another scale.
  if ((limit >= 1000 && value < limit / 150) || (limit > 0 && limit < 20 && value >= 500)) return undefined;
  if (sign === undefined) {
    if (value === limit) return isInclusive;
    return side === 'above' ? value > limit : value < limit;
  }
  // "< 20" tells the side of 20 and of everything above it only.
  const isBelow = sign.startsWith('<') || sign.startsWith('≤');
  if (isBelow ? value <= limit : value >= limit) return isBelow === (side === 'below');
  return undefined;
}
