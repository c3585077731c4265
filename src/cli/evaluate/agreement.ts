/** Agreement of verdicts with what was expected, and how well the support orders and calibrates. Knows counts, no medicine. */
import type { EvaluateCase, EvaluatedGap } from '../../evaluation.js';
import type { Case } from './cases.js';

export interface Judged {
  readonly gap: EvaluatedGap;
  readonly isExpectedOpen: boolean;
}

export interface Difference {
  readonly case: string;
  readonly description: string;
  readonly gaps: readonly {
    readonly gap: string;
    readonly group: number;
    readonly expected: 'open' | 'closed';
    readonly found: 'open' | 'closed';
    readonly populations: Readonly<Record<string, number>>;
    readonly criteria: readonly {
      readonly part: string;
      readonly criterion: string;
      readonly truth: string;
      readonly resources: readonly string[];
    }[];
  }[];
}

export interface MeasureAgreement {
  readonly measure: string;
  readonly cases: number;
  readonly agreed: number;
  readonly agreement: number;
  readonly auroc: number | null;
  readonly differences: readonly Difference[];
}

export interface Evaluation {
  readonly agreement: number | null;
  readonly cases: number;
  readonly agreed: number;
  readonly auroc: number | null;
  readonly ece: number | null;
  readonly measures: readonly MeasureAgreement[];
  /** Measures that no gap stands for, and how many cases: never counted as agreement. */
  readonly unknown: Readonly<Record<string, number>>;
}

/** In the population and the denominator, neither excluded nor excepted, and not in the numerator; for an inverse measure, in it. Counts, where visits are counted. */
export function isExpectedOpen(populations: Readonly<Record<string, number>>, isInverse: boolean): boolean {
  const of = (name: string): number => populations[name] ?? 0;
  if (of('initial-population') === 0) return false;
  const left = of('denominator') - of('denominator-exclusion');
  return isInverse ? Math.min(left, of('numerator')) > 0 : left - of('denominator-exception') - of('numerator') > 0;
}

/** A case agrees when every gap of its measure does. */
export function evaluateCases(cases: readonly Case[], evaluateCase: EvaluateCase): Evaluation {
  const measures = new Map<string, { agreed: number; cases: number; judged: Judged[]; differences: Difference[] }>();
  const unknown: Record<string, number> = {};
  for (const one of cases) {
    const evaluated = evaluateCase(one);
    if (evaluated === undefined) {
      unknown[one.measure] = (unknown[one.measure] ?? 0) + 1;
      continue;
    }
    const tally = measures.get(one.measure) ?? { agreed: 0, cases: 0, judged: [], differences: [] };
    measures.set(one.measure, tally);
    const judged = evaluated.gaps.map((gap): Judged => ({ gap, isExpectedOpen: isExpectedOpen(one.expected.get(gap.group) ?? {}, gap.isInverse) }));
    const different = judged.filter(({ gap, isExpectedOpen: expected }) => gap.isOpen !== expected);
    tally.cases += 1;
    tally.judged.push(...judged);
    if (different.length === 0) tally.agreed += 1;
    else
      tally.differences.push({ case: one.id, description: one.description, gaps: different.map((each) => describe(each, one, evaluated.resources)) });
  }
  const all = [...measures.values()];
  const judged = all.flatMap((tally) => tally.judged);
  const total = all.reduce((sum, tally) => sum + tally.cases, 0);
  const agreed = all.reduce((sum, tally) => sum + tally.agreed, 0);
  return {
    agreement: total === 0 ? null : agreed / total,
    cases: total,
    agreed,
    auroc: areaUnderCurve(judged),
    ece: calibrationError(judged),
    measures: [...measures].map(([measure, tally]) => ({
      measure,
      cases: tally.cases,
      agreed: tally.agreed,
      agreement: tally.agreed / tally.cases,
      auroc: areaUnderCurve(tally.judged),
      differences: tally.differences,
    })),
    unknown,
  };
}

function describe(
  { gap, isExpectedOpen: expected }: Judged,
  one: Case,
  resources: ReadonlyMap<string, { readonly resourceType: string; readonly id?: string | undefined }>,
) {
  const word = (isOpen: boolean): 'open' | 'closed' => (isOpen ? 'open' : 'closed');
  return {
    gap: gap.gap,
    group: gap.group,
    expected: word(expected),
    found: word(gap.isOpen),
    populations: one.expected.get(gap.group) ?? {},
    criteria: gap.criteria.map(({ part, id, truth, facts }) => ({
      part,
      criterion: id,
      truth,
      resources: facts.map((fact) => {
        const resource = resources.get(fact);
        return resource === undefined ? fact : `${resource.resourceType}/${resource.id ?? '?'}`;
      }),
    })),
  };
}

/** The chance that an open gap has more support than a closed one, ties half; null where there is only one kind. */
export function areaUnderCurve(judged: readonly Judged[]): number | null {
  const sorted = [...judged].sort((a, b) => a.gap.support - b.gap.support);
  const open = sorted.filter((one) => one.isExpectedOpen).length;
  const closed = sorted.length - open;
  if (open === 0 || closed === 0) return null;
  let ranks = 0;
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end < sorted.length && sorted[end]?.gap.support === sorted[at]?.gap.support) end += 1;
    const middle = (at + 1 + end) / 2;
    ranks += sorted.slice(at, end).filter((one) => one.isExpectedOpen).length * middle;
    at = end;
  }
  return (ranks - (open * (open + 1)) / 2) / (open * closed);
}

const bins = 10;

/** Expected calibration error: how far mean support is from the share of open gaps, over ten bins of support. */
export function calibrationError(judged: readonly Judged[]): number | null {
  if (judged.length === 0) return null;
  const groups = Array.from({ length: bins }, (_, at) => judged.filter(({ gap }) => Math.min(bins - 1, Math.floor(gap.support * bins)) === at));
  return groups.reduce((sum, group) => {
    if (group.length === 0) return sum;
    const mean = group.reduce((total, { gap }) => total + gap.support, 0) / group.length;
    const share = group.filter((one) => one.isExpectedOpen).length / group.length;
    return sum + (Math.abs(mean - share) * group.length) / judged.length;
  }, 0);
}
