/** How often a day: FHIR Timing, and the abbreviations that codes and texts share. Knows no drug. */
import { type Fields, fieldsOf, listOf, numberOf, textOf, textsOf } from './fields.js';

export interface TimesADay {
  readonly low: number;
  readonly high: number;
}

const daysOf: Readonly<Record<string, number>> = { s: 1 / 86400, min: 1 / 1440, h: 1 / 24, d: 1, wk: 7, mo: 30, a: 365 };

/** {@link https://terminology.hl7.org/CodeSystem-v3-GTSAbbreviation.html} and the Latin of prescriptions; values are times a day. */
const abbreviations: Readonly<Record<string, number>> = {
  qd: 1,
  qday: 1,
  od: 1,
  daily: 1,
  'q day': 1,
  am: 1,
  pm: 1,
  qam: 1,
  qpm: 1,
  qhs: 1,
  hs: 1,
  bed: 1,
  nightly: 1,
  bid: 2,
  bd: 2,
  tid: 3,
  tds: 3,
  qid: 4,
  qds: 4,
  qod: 0.5,
  qad: 0.5,
  qwk: 1 / 7,
  weekly: 1 / 7,
  monthly: 1 / 30,
};

export const exactly = (times: number): TimesADay => ({ low: times, high: times });

/** `Q6H`, `q4-6h`, `BID`; undefined where it is none. */
export function readAbbreviation(text: string): TimesADay | undefined {
  const plain = text.trim().toLowerCase().replaceAll(/[.]/g, '').replaceAll(/\s+/g, ' ');
  const known = abbreviations[plain];
  if (known !== undefined) return exactly(known);
  const hours = /^q ?(\d+)(?: ?(?:-|to) ?(\d+))? ?(?:h|hr|hrs|hours?)$/.exec(plain);
  if (hours === null) return undefined;
  const [from, to] = [Number(hours[1]), Number(hours[2] ?? hours[1])];
  return from > 0 && to > 0 ? { low: 24 / Math.max(from, to), high: 24 / Math.min(from, to) } : undefined;
}

/** Undefined where the Timing does not say. {@link https://hl7.org/fhir/R4/datatypes.html#Timing} */
export function readTiming(timing: unknown): TimesADay | undefined {
  const fields = fieldsOf(timing);
  return readRepeat(fieldsOf(fields['repeat'])) ?? readCode(fieldsOf(fields['code']));
}

function readRepeat(repeat: Fields): TimesADay | undefined {
  const onDays = textsOf(repeat['dayOfWeek']).length;
  const share = onDays > 0 ? onDays / 7 : 1;
  const moments = textsOf(repeat['timeOfDay']).length + textsOf(repeat['when']).length;
  if (moments > 0) return exactly(moments * share);
  const period = numberOf(repeat['period']);
  const days = daysOf[textOf(repeat['periodUnit'])];
  const frequency = numberOf(repeat['frequency']) ?? (period === undefined ? undefined : 1);
  if (frequency === undefined) return onDays > 0 ? exactly(share) : undefined;
  // A frequency without a period is malformed; "3" alone is how some systems write three times a day, but we do not guess.
  if (period === undefined || days === undefined || period <= 0) return undefined;
  const most = Math.max(frequency, numberOf(repeat['frequencyMax']) ?? frequency);
  const longest = Math.max(period, numberOf(repeat['periodMax']) ?? period);
  // "Once a day on Mondays" is once a week: the days cut a daily rhythm, and say the same as a weekly one.
  const cut = days * period <= 1 ? share : 1;
  return { low: (frequency / (longest * days)) * cut, high: (most / (period * days)) * cut };
}

function readCode(code: Fields): TimesADay | undefined {
  const words = [...listOf(code['coding']).flatMap((coding) => [textOf(coding['code']), textOf(coding['display'])]), textOf(code['text'])];
  return words.map(readAbbreviation).find((times) => times !== undefined);
}
