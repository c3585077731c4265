/** The patient's values as rules name them: `egfr`, `clearance`, or a lab of `labs.json`. Knows names and limits, no rule. */
import type { PatientValues, Value } from '../patient/patient-values.js';

const names: Readonly<Record<string, string>> = { egfr: 'eGFR', clearance: 'creatinine clearance', inr: 'INR', qtc: 'QTc' };

export function readValue(id: string, patient: PatientValues): Value | undefined {
  if (id === 'egfr') return patient.egfr;
  return id === 'clearance' ? patient.clearance : patient.measure(id);
}

export function nameOfValue(id: string): string {
  return names[id] ?? id;
}

/** Certain: the whole of what the value may be lies beyond the limit. */
export function isBeyond(
  { low, high }: Value,
  { above, below }: { readonly above?: number | undefined; readonly below?: number | undefined },
): boolean {
  return (above !== undefined && low > above) || (below !== undefined && high < below);
}

export function describeValue({ low, high, unit }: Value): string {
  const round = (value: number): string => `${Math.round(value * 10) / 10}`;
  const isOne = low === high || !Number.isFinite(low) || !Number.isFinite(high) || round(low) === round(high);
  const said = isOne ? round(Number.isFinite(low) ? low : high) : `${round(low)} to ${round(high)}`;
  return unit === '' || unit === '1' ? said : `${said} ${unit}`;
}
