/** Converts a value between units of measure. Knows UCUM (a library) and what EHRs write instead of it; knows no analyte. */
import { ucum } from '@atomic-ehr/ucum';

/** What EHRs write for a UCUM unit: their words are many, these are the ones that are unmistakable. */
const written: ReadonlyMap<string, string> = new Map([
  ['mmhg', 'mm[Hg]'],
  ['mm hg', 'mm[Hg]'],
  ['percent', '%'],
  ['kg/m²', 'kg/m2'],
  ['kg/m^2', 'kg/m2'],
  ['lbs', '[lb_av]'],
  ['lb', '[lb_av]'],
  ['in', '[in_i]'],
  ['copies/ml', '{copies}/mL'],
  ['ml/min/1.73m2', 'mL/min/{1.73_m2}'],
]);

/** Undefined where one of the two is no unit, or they measure different things. */
export function convertUnit(value: number, from: string, to: string): number | undefined {
  const [source, target] = [canonical(from), canonical(to)];
  if (source === target) return value;
  try {
    return ucum.convert(value, source, target);
  } catch {
    return undefined;
  }
}

function canonical(unit: string): string {
  const trimmed = unit.trim();
  return written.get(trimmed.toLowerCase()) ?? trimmed;
}
