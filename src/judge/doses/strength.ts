/** How much of an ingredient one tablet, puff or millilitre of a product holds, from its name. Knows the grammar of RxNorm names, no drug. */
import { readUnit } from './units.js';

/** `per`: what the amount is in: one piece (tablet, puff, patch), or a volume. */
export interface Strength {
  readonly amount: number;
  /** UCUM. */
  readonly unit: string;
  readonly per: 'piece' | 'mL' | 'hour';
}

const strengthPattern =
  /(\d+(?:,\d{3})*(?:\.\d+)?)\s*(mg|mcg|ug|µg|g|gm|meq|units?|unt|\[iu\]|iu|mmol|ml)(?:\s*\/\s*(\d+(?:\.\d+)?)?\s*(ml|actuat|hr|h|24\s*hr|tablet|tab|cap|capsule|puff))?(?![a-z])/i;

/** Whose strength is asked for, in a product of one ingredient or of several. */
export interface StrengthOf {
  /** Names of the ingredient asked about, lower case. */
  readonly names: readonly string[];
  /** Names of each other ingredient of the product. */
  readonly others: readonly (readonly string[])[];
  /** A brand that writes its strengths as bare numbers ("5/325"): the place of the ingredient, or how much a piece always holds. */
  readonly written?: { readonly at: number; readonly count: number; readonly fixedMg: number | undefined } | undefined;
}

/**
 * RxNorm writes "acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet". With one ingredient the only strength is its own; with several, the
 * one of the part that names it and nothing else, or of the numbers "5/325" the one in its place. Undefined where the name says no strength, or not which.
 */
export function readStrength(product: string, { names, others, written }: StrengthOf): Strength | undefined {
  const text = product.toLowerCase();
  if (others.length === 0) return parseStrength(text);
  const parts = text.split(/\s+\/\s+|\s+(?:and|with|plus)\s+|\n/);
  const own = parts.filter((part) => isIn(part, names) && !others.some((other) => isIn(part, other)));
  const found = own.map(parseStrength).find((strength) => strength !== undefined);
  return found ?? readNumbers(text, written ?? placeIn(text, names, others));
}

const isIn = (text: string, names: readonly string[]): boolean => names.some((name) => text.includes(name));

/** "hydrocodone-acetaminophen 5-325": numbers in the order in which the text names the ingredients. */
function placeIn(text: string, names: readonly string[], others: readonly (readonly string[])[]): StrengthOf['written'] {
  const firstOf = (list: readonly string[]): number =>
    Math.min(...list.map((name) => text.indexOf(name)).map((at) => (at < 0 ? Number.POSITIVE_INFINITY : at)));
  const own = firstOf(names);
  const all = others.map(firstOf);
  if (![own, ...all].every(Number.isFinite)) return undefined;
  return { at: all.filter((other) => other < own).length, count: others.length + 1, fixedMg: undefined };
}

function readNumbers(text: string, written: StrengthOf['written']): Strength | undefined {
  if (written === undefined) return undefined;
  if (written.fixedMg !== undefined) return { amount: written.fixedMg, unit: 'mg', per: 'piece' };
  const number = String.raw`(\d+(?:\.\d+)?)\s*(?:mg)?`;
  const found = new RegExp(
    String.raw`(?<![\d./-])${Array.from({ length: written.count }, () => number).join(String.raw`\s*[/-]\s*`)}(?![\d./-])`,
  ).exec(text);
  const amount = Number(found?.[written.at + 1]);
  return Number.isFinite(amount) && amount > 0 ? { amount, unit: 'mg', per: 'piece' } : undefined;
}

function parseStrength(part: string): Strength | undefined {
  // "0.3 ML epinephrine 1 MG/ML": the leading volume is the package.
  const rest = part.replace(/^\s*\d+(?:\.\d+)?\s*(?:ml|actuat|hr)\s+/i, '');
  const found = strengthPattern.exec(rest);
  if (found === null) return undefined;
  const [, amount = '', unit = '', denominator, per] = found;
  const read = readUnit(unit);
  if (read?.kind !== 'ucum' || read.code === 'mL') return undefined;
  const value = Number(amount.replaceAll(',', '')) / (denominator === undefined ? 1 : Number(denominator));
  if (!Number.isFinite(value)) return undefined;
  return { amount: value, unit: read.code, per: perOf(per) };
}

function perOf(per: string | undefined): Strength['per'] {
  if (per === undefined) return 'piece';
  if (/^ml$/i.test(per)) return 'mL';
  return /hr?$/i.test(per) ? 'hour' : 'piece';
}
