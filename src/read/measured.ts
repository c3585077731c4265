/**
 * What a criterion says around a measured value, and values that stand without their name ("164/98, on three drugs").
 * Knows nothing of negation, plans and other people.
 */
import { parseBound } from './threshold.js';

/** Words around the name of a value that do not name it: "most recent BP reading is in the controlled range". */
const around = new Set(
  'serum plasma level levels value values reading readings result results measurement most recent last latest current currently is was are in the a an of at has have had been recorded documented shows showed show lies stays elevated raised high low reduced decreased abnormal normal range controlled control poorly well goal target beyond usual therapeutic marked mild moderate severe resting still now today patient present with and on by to for'.split(
    ' ',
  ),
);

export const isAroundValue = (word: string): boolean => around.has(word) || /^(?:hyper|hypo)[a-z]{5,}$/.test(word);

const namesSomething = (rest: string): boolean => (rest.match(/[a-z][a-z0-9-]+/g) ?? []).some((word) => !isAroundValue(word));

/** The part of a criterion that names the value and its bound: "has obesity (BMI 30 or more)", "thrombocytopenia with platelets less than 100". */
export function valuePart(criterion: string): string {
  const inside = /\(([^()]*\d[^()]*)\)/.exec(criterion)?.[1];
  const behind = /\bwith (?:an? |the )?([^,;()]*\d[^,;()]*)$/.exec(criterion)?.[1];
  for (const part of [inside, behind]) {
    const found = part === undefined ? undefined : parseBound(part);
    if (part !== undefined && found !== undefined && namesSomething(found.rest)) return part;
  }
  return inside === undefined ? criterion : criterion.replace(/[()]/g, ' ');
}

const pair = /(?<![\d./-])(\d{2,3})\s*\/\s*(\d{2,3})(?![\d/]|\.\d|\s*(?:mg|mcg|g\b|units?|tabs?|puffs?|bid|tid|daily))/g;
/** What stands right before a pressure that needs no name: nothing, a stop, or a word of time, place, posture or state. Any other word may own the numbers (an inhaler's strengths, a sugar). */
const mayPrecede =
  /(?:^|[^\w\s)]|\b(?:still|today|now|then|at|was|is|were|are|of|to|from|around|about|only|again|sitting|standing|supine|lying|arm|left|right|repeat|repeated|recheck|home|clinic|office|cuff|manual|readings?|vitals?|vs|pressures?|htn|hypertensive|hypertension|averag\w+|avg|runs?|running|ran|and|or|over|control\w*|elevated|high|low|normal|nl|stable|rest|resting|mean|peak|initial|same|one|exactly|under|despite|with|upright|stand|abpm|got|gave|hit|read|reads|shows?|later|minutes?|min|rue|lue|b\/p|bp))\s*$/;

/** A blood pressure without its name, as a mention of it. */
export function findBarePressure(
  clause: string,
): readonly { readonly before: string; readonly name: string; readonly after: string; readonly phrase: number }[] {
  return [...clause.matchAll(pair)].flatMap((found) => {
    const [systolic, diastolic] = [Number(found[1]), Number(found[2])];
    const before = clause.slice(0, found.index);
    if (systolic < 70 || systolic > 260 || diastolic < 30 || diastolic > 150 || systolic < diastolic + 10 || !mayPrecede.test(before)) return [];
    return [{ before, name: 'bp', after: ` ${clause.slice(found.index)}`, phrase: 0 }];
  });
}
