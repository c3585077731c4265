/**
 * One criterion over one chart, three-valued: yes, no, or unknown with what would decide it. Knows windows, statuses and comparisons; knows no gap.
 */
import type { CriterionId, FactId, ListName, Match, Truth } from '../types.js';
import type { ChartIndex } from './chart-index.js';
import type { ChartRecord } from './chart-record.js';
import { isWithin } from './dates.js';
import type { CompiledCriterion } from './knowledge.js';

export interface Evaluated {
  readonly truth: Truth;
  readonly matches: readonly Match[];
  /** *No* because complete lists are silent. */
  readonly isAbsent: boolean;
  /** What would decide an unknown, in words of ours. */
  readonly missing: string;
  /** Where it is unknown because a list was not looked at completely: that list and why. */
  readonly incomplete?: string;
}

type Verdict = Omit<Evaluated, 'missing'> & { readonly missing?: string };

export function evaluateCriterion(criterion: CompiledCriterion, index: ChartIndex): Evaluated {
  return { missing: '', ...evaluate(criterion, index) };
}

function evaluate(criterion: CompiledCriterion, index: ChartIndex): Verdict {
  const { definition } = criterion;
  switch (definition.kind) {
    case 'age':
      return person(criterion.id, 'age' as FactId, ageTruth(definition, index.age), 'the date of birth');
    case 'sex':
      return person(criterion.id, 'sex' as FactId, sexTruth(definition.is, index.sex), 'the sex on record');
    case 'record':
      return evaluateRecord(criterion, definition, index);
    case 'latest':
      return evaluateLatest(criterion, definition, index);
  }
}

function person(criterion: CriterionId, fact: FactId, truth: Truth, missing: string): Verdict {
  return { truth, matches: truth === 'unknown' ? [] : [{ fact, criterion, holds: truth === 'yes' }], isAbsent: false, missing };
}

function ageTruth({ from, to }: { readonly from: number; readonly to: number }, age: ChartIndex['age']): Truth {
  if (age === undefined) return 'unknown';
  if (age.max < from || age.min > to) return 'no';
  return age.min >= from && age.max <= to ? 'yes' : 'unknown';
}

function sexTruth(wanted: string, sex: string | undefined): Truth {
  if (sex !== 'female' && sex !== 'male') return 'unknown';
  return sex === wanted ? 'yes' : 'no';
}

interface Sorted {
  readonly yes: readonly ChartRecord[];
  readonly past: readonly ChartRecord[];
  readonly refuted: readonly ChartRecord[];
  readonly undecided: readonly ChartRecord[];
}

/** Which of the records with a matching code meet the criterion, lie before its window, are ruled out, or may be any of that. */
function sort(records: readonly ChartRecord[], months: number | undefined, index: ChartIndex): Sorted {
  const sorted = { yes: [] as ChartRecord[], past: [] as ChartRecord[], refuted: [] as ChartRecord[], undecided: [] as ChartRecord[] };
  for (const record of records) {
    const within = record.isOngoing ? isWithin(record.span, undefined, index.now) : isWithin(record.span, months, index.now);
    const isPast = within === 'no' && record.span !== undefined && record.span.to < index.now.getTime();
    if (record.standing === 'refuted') sorted.refuted.push(record);
    else if (record.standing === 'ignored') continue;
    else if (within === 'yes' && record.standing === 'counts') sorted.yes.push(record);
    else if (isPast) sorted.past.push(record);
    else if (within !== 'no') sorted.undecided.push(record);
  }
  return sorted;
}

function evaluateRecord(
  criterion: CompiledCriterion,
  definition: { readonly lists: readonly ListName[]; readonly status?: 'active' | 'ever' | undefined },
  index: ChartIndex,
): Verdict {
  const { id, name, withinMonths, absence } = criterion;
  const hits = index
    .withCodes(criterion.codes, definition.lists)
    .filter((record) => definition.status !== 'active' || record.list !== 'conditions' || record.isOngoing || record.standing === 'refuted');
  const { yes, past, refuted, undecided } = sort(hits, withinMonths, index);
  const holding = (records: readonly ChartRecord[], holds: boolean): readonly Match[] => records.map(({ fact }) => ({ fact, criterion: id, holds }));
  if (yes.length > 0) return { truth: 'yes', matches: holding(yes, true), isAbsent: false };
  if (undecided.length > 0)
    return unknown(
      `${undecided.some((record) => record.span === undefined && withinMonths !== undefined) ? 'the date of' : 'whether it is so:'} ${name}`,
    );
  const incomplete = index.whyIncomplete(definition.lists);
  if (incomplete !== undefined) return { ...unknown(name), incomplete };
  const against = newest([...refuted, ...past]);
  // What silence says is the criterion's own; a datum that rules it out speaks for itself.
  if (refuted.length > 0 || (absence === 'says-no' && against !== undefined))
    return { truth: 'no', matches: holding(against === undefined ? [] : [against], false), isAbsent: false };
  return absence === 'says-no' ? { truth: 'no', matches: [], isAbsent: true } : unknown(`${name} on record`);
}

/** The newest value in the window decides; it must be the newest for certain, in the unit that the comparison is in. */
function evaluateLatest(
  criterion: CompiledCriterion,
  definition: { readonly lists: readonly ListName[]; readonly above: number; readonly unit: string },
  index: ChartIndex,
): Verdict {
  const { id, name, withinMonths, absence } = criterion;
  const incomplete = index.whyIncomplete(definition.lists);
  if (incomplete !== undefined) return { ...unknown(name), incomplete };
  const measured = index
    .withCodes(criterion.codes, definition.lists)
    .filter((record) => record.standing !== 'ignored' && record.quantity !== undefined);
  const { yes, undecided } = sort(measured, withinMonths, index);
  if (undecided.length > 0) return unknown(`the date of: ${name}`);
  const last = Math.max(...yes.map((record) => record.span?.to ?? Number.NEGATIVE_INFINITY));
  const latest = yes.filter((record) => record.span?.to === last);
  const [first] = latest;
  if (first === undefined) return absence === 'says-no' ? { truth: 'no', matches: [], isAbsent: true } : unknown(`${name} on record`);
  const verdicts = new Set(latest.map(({ quantity }) => compare(quantity, definition)));
  const [verdict] = verdicts;
  if (verdicts.size !== 1 || verdict === undefined || verdict === 'unknown') return unknown(`a value in ${definition.unit}: ${name}`);
  return { truth: verdict, matches: [{ fact: first.fact, criterion: id, holds: verdict === 'yes' }], isAbsent: false };
}

function compare(quantity: ChartRecord['quantity'], { above, unit }: { readonly above: number; readonly unit: string }): Truth {
  if (quantity === undefined || quantity.unit !== unit) return 'unknown';
  if (quantity.low > above) return 'yes';
  return quantity.high <= above ? 'no' : 'unknown';
}

function newest(records: readonly ChartRecord[]): ChartRecord | undefined {
  return [...records].sort((a, b) => (b.span?.to ?? 0) - (a.span?.to ?? 0))[0];
}

function unknown(missing: string): Verdict {
  return { truth: 'unknown', matches: [], isAbsent: false, missing };
}
