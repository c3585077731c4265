/** The patient's values move the grade of a pair: a value beyond a limit of the knowledge raises it, and is a reason of its own. Knows values, no drug. */
import type { Indicator } from '../../types.js';
import type { PatientValues } from '../patient/patient-values.js';
import type { Need } from './check.js';
import type { Move } from './mechanism-schema.js';
import { describeValue, isBeyond, nameOfValue, readValue } from './values.js';

export interface Moved {
  readonly indicator: Indicator;
  readonly needs: readonly Need[];
  /** 'EGFR 24 mL/min/1.73 m², below 60.' */
  readonly because: readonly string[];
  readonly missing: readonly string[];
}

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };

/** The gravest of the moves that hold; a value that is not known moves nothing, and is said where it would. */
export function applyMoves(indicator: Indicator, moves: readonly Move[], patient: PatientValues): Moved {
  let moved: Moved = { indicator, needs: [], because: [], missing: [] };
  const unknown: string[] = [];
  for (const move of moves) {
    if (gravity[move.to] <= gravity[moved.indicator]) continue;
    const value = readValue(move.value, patient);
    const name = nameOfValue(move.value);
    if (value === undefined) {
      unknown.push(patient.whyUnmeasured === undefined ? name : `${name} (${patient.whyUnmeasured})`);
      continue;
    }
    if (!isBeyond(value, move)) continue;
    const limit = move.above === undefined ? `below ${move.below}` : `above ${move.above}`;
    const need: Need = { id: `${move.value}-${limit.replaceAll(/[ .]/g, '-')}`, text: `${name} ${limit}`, facts: value.facts, byCodeOnly: true };
    moved = {
      indicator: move.to,
      needs: [need],
      because: [`${name.charAt(0).toUpperCase()}${name.slice(1)} ${describeValue(value)}, ${limit}.`],
      missing: [],
    };
  }
  return { ...moved, missing: [...new Set(unknown)] };
}
