/** Judges one case by what a published measure counts, instead of by the guideline. Knows the measure's period, not what was expected. */
import type { Chart, FactId, Judgement, Truth } from '../../types.js';
import { toDay, toDays } from './days.js';
import { createEvaluation, joinGaps, sketchGap } from './gaps.js';
import type { Gap, GapKnowledge } from './load.js';
import type { Tree } from './schema.js';
import { type Conditions, leavesOf, truthOf } from './trees.js';

export interface MeasureVerdict {
  readonly gap: string;
  readonly isOpen: boolean;
  /** Each criterion that was asked, with the positions that decided. */
  readonly criteria: readonly { readonly part: keyof Conditions; readonly id: string; readonly truth: Truth; readonly facts: readonly FactId[] }[];
  /** For the score: the candidate with all that speaks for and against it, also where it is ruled out. */
  readonly judgement: Judgement;
}

/** The gaps that stand for a measure, by its group. */
export function gapsOfMeasure({ gaps }: GapKnowledge, measure: string): readonly Gap[] {
  return gaps.filter((gap) => gap.measure !== undefined && isMeasure(gap.measure, measure));
}

/** Another year of a measure has another name, but the same CMS number: `CMS130FHIRColorectalCancerScrn`. */
function isMeasure({ id, cms }: NonNullable<Gap['measure']>, name: string): boolean {
  return id === name || Number(/^CMS(\d+)/i.exec(name)?.[1] ?? Number.NaN) === cms;
}

/** @param start the first day of the measure's period; the chart's `now` is its last */
export function judgeMeasure(knowledge: GapKnowledge, gaps: readonly Gap[], chart: Chart, start: Date): readonly MeasureVerdict[] {
  const frame = { mode: 'measure' as const, start: toDay(start.getTime()), end: toDay(chart.now.getTime()), birth: toDays(chart.patient.birthDate) };
  const evaluation = createEvaluation(knowledge, chart, frame);
  return gaps.map((gap) => {
    const conditions = conditionsOf(gap);
    const isMet = (tree: Tree): boolean => truthOf(tree, (id) => evaluation.evaluate(id).truth) === 'yes';
    const parts = ['requires', 'exempt', 'closedBy'] as const;
    return {
      gap: gap.id,
      // A published measure has two values: what is not known is not met.
      isOpen: conditions.requires.every(isMet) && ![...conditions.exempt, ...conditions.closedBy].some(isMet),
      criteria: parts.flatMap((part) =>
        leavesOf(conditions[part]).map((id) => ({ part, id, truth: evaluation.evaluate(id).truth, facts: evaluation.evaluate(id).facts })),
      ),
      judgement: { ...joinGaps([sketchGap(gap, conditions, evaluation)], evaluation), advice: [], unavailable: [] },
    };
  });
}

function conditionsOf({ requires, exempt, closedBy, measure }: Gap): Conditions {
  return { requires: measure?.requires ?? requires, exempt: measure?.exempt ?? exempt, closedBy: measure?.closedBy ?? closedBy };
}
