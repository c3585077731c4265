/** The engine of drug interactions: pairs of ingredients of which an order brings at least one. Knows codes and names of drugs, no clinical fact. */
import type { Advice, Candidate, CandidateId, Code, CriterionId, FactId, Finding, Match, Proposal } from '../types.js';
import type { ChartIndex } from './chart-index.js';
import type { ChartRecord } from './chart-record.js';
import { summarise } from './check.js';
import type { Part } from './judge.js';
import type { InteractionKnowledge } from './knowledge.js';
import type { IngredientRow, InteractionRow } from './schema.js';

const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';

interface Pair {
  readonly row: InteractionRow;
  readonly a: IngredientRow;
  readonly b: IngredientRow;
}

export function judgeInteractions(
  knowledge: InteractionKnowledge,
  index: ChartIndex,
  selected: readonly FactId[],
  reasons: ReadonlyMap<string, Code>,
  unavailable: readonly string[],
): Part {
  const drugs = index.records.filter((record) => record.standing === 'counts' && (record.list === 'drafts' || record.list === 'medications'));
  const takers = new Map(
    [...knowledge.ingredients.values()].map((ingredient) => [ingredient.id, drugs.filter((record) => isOf(record, ingredient))]),
  );
  const factsOf = (ingredient: IngredientRow): readonly FactId[] => (takers.get(ingredient.id) ?? []).map((record) => record.fact);
  const isOrdered = (ingredient: IngredientRow): boolean => factsOf(ingredient).some((fact) => selected.includes(fact));
  const pairs = pairsOf(knowledge).filter(({ a, b }) => isOrdered(a) || isOrdered(b));
  const involved = new Map(pairs.flatMap(({ a, b }) => [a, b]).map((ingredient) => [ingredient.id, ingredient]));
  return {
    candidates: pairs.map(toCandidate),
    criteria: [...involved.values()].map((ingredient) => ({ id: uses(ingredient), text: `takes ${ingredient.name}` })),
    findings: pairs.flatMap((pair) => findingOf(pair, factsOf, unavailable)),
    matches: [...involved.values()].flatMap((ingredient) =>
      factsOf(ingredient).map((fact): Match => ({ fact, criterion: uses(ingredient), holds: true })),
    ),
    // A medicine list is never known to be whole (over-the-counter drugs): its silence says nothing.
    absences: [],
    missing: [],
    advice: pairs.map((pair) => toAdvice(pair, factsOf, selected, reasons)),
  };
}

function pairsOf({ rows, ingredients }: InteractionKnowledge): readonly Pair[] {
  return rows.flatMap((row) =>
    row.a.flatMap((first) =>
      row.b.flatMap((second): readonly Pair[] => {
        const [a, b] = [ingredients.get(first), ingredients.get(second)];
        return a === undefined || b === undefined ? [] : [{ row, a, b }];
      }),
    ),
  );
}

/** By RxNorm code, else by whole words of what the drug is called: EHRs send products by the thousand, and free text. */
function isOf(record: ChartRecord, ingredient: IngredientRow): boolean {
  if (ingredient.rxnorm.some((code) => record.codes.includes(`${rxnorm}|${code}`))) return true;
  return ingredient.names.some((name) => new RegExp(`(?<![a-z])${name}(?![a-z])`).test(record.words));
}

function toCandidate(pair: Pair): Candidate {
  return { id: idOf(pair), text: summarise(pair.row, pair.a, pair.b), logic: { all: [uses(pair.a), uses(pair.b)] } };
}

/** Both by code, and not one and the same line of the chart: a combined product is a decision that was made elsewhere. */
function findingOf(pair: Pair, factsOf: (ingredient: IngredientRow) => readonly FactId[], unavailable: readonly string[]): readonly Finding[] {
  const [ofA, ofB] = [factsOf(pair.a), factsOf(pair.b)];
  const evidence = [...new Set([...ofA, ...ofB])];
  if (ofA.length === 0 || ofB.length === 0 || evidence.length < 2) return [];
  return [{ candidate: idOf(pair), indicator: pair.row.indicator, evidence, origin: 'code', unavailable }];
}

function toAdvice(
  pair: Pair,
  factsOf: (ingredient: IngredientRow) => readonly FactId[],
  selected: readonly FactId[],
  reasons: ReadonlyMap<string, Code>,
): Advice {
  const { row } = pair;
  const proposals = [pair.a, pair.b].flatMap((ingredient) =>
    factsOf(ingredient)
      .filter((fact) => selected.includes(fact))
      .flatMap((draft): readonly Proposal[] => [
        { kind: 'remove-draft', label: `Remove the order for ${ingredient.name}`, draft },
        ...(row.replacements ?? [])
          .filter((one) => one.for === ingredient.id)
          .map(({ label, code }): Proposal => ({ kind: 'replace-draft', label, draft, code })),
      ]),
  );
  return {
    candidate: idOf(pair),
    summary: summarise(row, pair.a, pair.b),
    rule: row.rule,
    source: row.source,
    topic: row.id,
    verified: row.verified,
    reviewed: row.reviewed,
    proposals,
    overrideReasons: row.overrideReasons.map((code) => reasons.get(code)).filter((code) => code !== undefined),
  };
}

function idOf({ row, a, b }: Pair): CandidateId {
  return `${row.id}.${a.id}.${b.id}` as CandidateId;
}

/** "Takes or is being ordered": exclusive alternatives are one criterion. */
function uses(ingredient: IngredientRow): CriterionId {
  return `uses:${ingredient.id}` as CriterionId;
}
