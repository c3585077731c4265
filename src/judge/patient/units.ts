/** Values from one unit into another by UCUM, molar units by the molar mass. Knows how EHRs misspell units, no laboratory. {@link https://ucum.org/ucum} */
import { ucum } from '@atomic-ehr/ucum';

/** Spellings that are common in EHRs and are not UCUM (which tells upper from lower case). */
const spellings: ReadonlyMap<string, string> = new Map([
  ['meq/l', 'meq/L'],
  ['mg/dl', 'mg/dL'],
  ['g/dl', 'g/dL'],
  ['ng/ml', 'ng/mL'],
  ['ug/ml', 'ug/mL'],
  ['mcg/ml', 'ug/mL'],
  ['umol/l', 'umol/L'],
  ['mmol/l', 'mmol/L'],
  ['nmol/l', 'nmol/L'],
  ['ml/min', 'mL/min'],
  ['lb', '[lb_av]'],
  ['lbs', '[lb_av]'],
  ['in', '[in_i]'],
  ['inches', '[in_i]'],
  ['mcg', 'ug'],
  ['iu', '[iU]'],
  ['unt', '[iU]'],
  ['units', '[iU]'],
  ['ratio', '1'],
  ['inr', '1'],
  ['k/ul', '10*3/uL'],
  ['x10e3/ul', '10*3/uL'],
  ['10*3/ul', '10*3/uL'],
  ['10^3/ul', '10*3/uL'],
  ['10*9/l', '10*9/L'],
  ['10^9/l', '10*9/L'],
  ['thousand/ul', '10*3/uL'],
]);

/** Undefined where the units are unknown or measure different things: then the value is unknown, never guessed. */
export function convertUnit(value: number, from: string, to: string, molarMass?: number): number | undefined {
  const [source, target] = [toUcum(from), toUcum(to)];
  if (source === target) return value;
  const direct = tryConvert(value, source, target);
  if (direct !== undefined || molarMass === undefined) return direct;
  const mol = tryConvert(value, source, 'mol/L');
  if (mol !== undefined) return tryConvert(mol * molarMass, 'g/L', target);
  const gram = tryConvert(value, source, 'g/L');
  return gram === undefined ? undefined : tryConvert(gram / molarMass, 'mol/L', target);
}

/** Annotations say what is counted, not how much: `{INR}`, `mL/min/{1.73_m2}`, `mL/min/1.73.m2`. */
function toUcum(unit: string): string {
  const bare = unit
    .trim()
    .replaceAll('µ', 'u')
    .replaceAll('μ', 'u')
    .replaceAll(/\/?\{[^}]*\}/g, '')
    .replace(/\/1\.73.*$/, '')
    .replaceAll(/\s+/g, '');
  return bare === '' ? '1' : (spellings.get(bare.toLowerCase()) ?? bare);
}

function tryConvert(value: number, from: string, to: string): number | undefined {
  try {
    const converted = ucum.convert(value, from, to);
    return Number.isFinite(converted) ? converted : undefined;
  } catch {
    // The library throws for units it does not know and for units of different kinds: both are no value.
    return undefined;
  }
}
