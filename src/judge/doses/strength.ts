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

/**
 * RxNorm writes "acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet". With one ingredient the only strength is its own; with several, the
 * one of the part that names it. Undefined where the name says no strength, or not which.
 */
export function readStrength(product: string, names: readonly string[], isOnlyIngredient: boolean): Strength | undefined {
  const text = product.toLowerCase();
  const parts = text.split(/\s+\/\s+|\s+(?:and|with|plus)\s+/);
  const own = parts.filter((part) => names.some((name) => part.includes(name)));
  const [part] = own.length === 1 ? own : isOnlyIngredient ? [text] : [];
  return part === undefined ? undefined : parseStrength(part);
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
