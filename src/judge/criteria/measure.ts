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

/** Another year of a measure may have another name, but has the same CMS number: `CMS130FHIRColorectalCancerScrn`, `FHIRCMS130`, `EXM130`. */
function isMeasure({ id, also = [], cms }: NonNullable<Gap['measure']>, name: string): boolean {
  const own = name.split('|')[0]?.split('/').at(-1) ?? name;
  return [id, ...also].some((one) => plain(one) === plain(own)) || Number(/^(?:FHIR)?(?:CMS|EXM)-?(\d+)/i.exec(own)?.[1] ?? Number.NaN) === cms;
}

/** A name without what the years add to it. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/(?:fhir|qicore\d*)+$/, '');
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
