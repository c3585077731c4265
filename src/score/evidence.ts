/** Evidence: what each fact says on one criterion, as a likelihood ratio. Knows matches, readings and absences; nothing of trees. */
import type { CriterionId, Fact, FactId, Judgement, Reading } from '../types.js';
import type { ScoreParameters } from './parameters.js';

export interface Evidence {
  readonly fact: FactId;
  readonly criterion: CriterionId;
  readonly by: 'code' | 'text';
  /** Above 1 it supports, below 1 it contradicts. */
  readonly ratio: number;
  /** Silence of the record: it says nothing once anything is known that supports the criterion. */
  readonly isSilence: boolean;
  /** For ties: the later fact counts. Months ago; undated is oldest. */
  readonly monthsAgo: number;
}

export function collectEvidence(
  judgement: Judgement,
  facts: readonly Fact[],
  readings: readonly Reading[],
  criteria: ReadonlySet<string>,
  parameters: ScoreParameters,
): readonly Evidence[] {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const monthsAgo = (fact: FactId): number => byId.get(fact)?.ageMonths?.min ?? Number.POSITIVE_INFINITY;
  const matches = judgement.matches
    .filter((match) => criteria.has(match.criterion))
    .flatMap(({ fact, criterion, holds }): readonly Evidence[] => {
      const reliability = reliabilityOf(byId.get(fact), parameters);
      if (reliability === undefined) return [];
      const ratio = reliability / (1 - reliability);
      return [{ fact, criterion, by: 'code', ratio: holds ? ratio : 1 / ratio, isSilence: false, monthsAgo: monthsAgo(fact) }];
    });
  const matched = new Set(matches.flatMap(({ fact, criterion, ratio }) => (ratio > 1 ? [`${fact} ${criterion}`] : [])));
  const read = readings
    .filter((reading) => criteria.has(reading.criterion))
    .map(
      ({ fact, criterion, supports, contradicts }): Evidence => ({
        fact,
        criterion,
        by: 'text',
        ratio: readingRatio(supports, contradicts, parameters),
        isSilence: false,
        monthsAgo: monthsAgo(fact),
      }),
    )
    // What code recognised in the words of a line, the model reads in the same words: that is one piece of evidence, and the coded one.
    .filter(({ fact, criterion, ratio }) => ratio !== 1 && !(ratio > 1 && matched.has(`${fact} ${criterion}`)));
  return [...matches, ...read, ...silenceOf(judgement, criteria, parameters)];
}

/** A fact without a phrase (its code had no words that passed the filter) still counts, as an observation does. */
function reliabilityOf(fact: Fact | undefined, { reliability }: ScoreParameters): number | undefined {
  if (fact === undefined) return reliability.observation;
  return fact.kind === 'absence' || fact.kind === 'note' ? undefined : reliability[fact.kind];
}

/** `(s + n/2) / (c + n/2)`, exactly 1 where *says nothing* wins (architecture §4). */
export function readingRatio(supports: number, contradicts: number, { readingLikelihoodRatioLimit: limit }: ScoreParameters): number {
  const nothing = Math.max(0, 1 - supports - contradicts);
  if (nothing >= supports && nothing >= contradicts) return 1;
  const ratio = (supports + nothing / 2) / (contradicts + nothing / 2);
  return Math.min(limit, Math.max(1 / limit, ratio));
}

/** Each criterion is spoken for by one absence: the widest group of this candidate. An absence that names anything else belongs to another candidate. */
function silenceOf(judgement: Judgement, criteria: ReadonlySet<string>, { absence }: ScoreParameters): readonly Evidence[] {
  const spoken = new Set<string>();
  return judgement.absences
    .filter((group) => group.criteria.every((criterion) => criteria.has(criterion)))
    .sort((a, b) => b.criteria.length - a.criteria.length)
    .flatMap((group) => {
      const own = group.criteria.filter((criterion) => !spoken.has(criterion));
      for (const criterion of own) spoken.add(criterion);
      return own.map((criterion): Evidence => ({ fact: group.fact, criterion, by: 'code', ratio: absence, isSilence: true, monthsAgo: 0 }));
    });
}
