/** The explanation as everybody may read it: facts in words, joined back to the FHIR resources they came from. Knows no card. */
import type { Explanation, ExplanationView, Fact, FactId, Finding, Player, Reason, ReasonView, RunId } from '../types.js';
import type { AnswerLike } from './answer-like.js';

/** A fact whose code had no words that passed the filter. */
const unnamed = 'a coded record';

export function createView(answer: AnswerLike, finding: Finding, explanation: Explanation, run: RunId): ExplanationView {
  const { judgement, facts, read, scored } = answer;
  const score = scored.scores.find((one) => one.candidate === finding.candidate);
  const textOf = (fact: FactId): string => facts.find((one) => one.id === fact)?.text ?? unnamed;
  const { counterfactual } = explanation;
  const considered = new Set(scored.scorer.players(finding.candidate).flatMap((player: Player) => player.facts));
  return {
    run,
    candidate: finding.candidate,
    origin: finding.origin,
    scorer: scored.scorer.id,
    reader: read.reader,
    support: score?.support ?? 0,
    grade: score?.grade ?? 'uncertain',
    value: explanation.value,
    baseline: explanation.baseline,
    method: explanation.method,
    evaluations: explanation.evaluations,
    factsConsidered: considered.size,
    factsAvailable: facts.length,
    reasons: explanation.reasons.map((reason) => toReasonView(answer, reason)),
    missing: judgement.missing.filter((one) => one.candidate === finding.candidate).map((one) => one.text),
    unavailable: finding.unavailable,
    unread: read.unread,
    ...(counterfactual === undefined ? {} : { counterfactual: { without: textOf(counterfactual.fact), support: counterfactual.support } }),
  };
}

function toReasonView(answer: AnswerLike, reason: Reason): ReasonView {
  const fact: Fact | undefined = answer.facts.find((one) => one.id === reason.fact);
  const source = referenceOf(answer, reason.fact);
  return {
    fact: fact?.text ?? unnamed,
    criterion: criterionText(answer, reason),
    kind: fact?.kind ?? 'observation',
    by: reason.by,
    contribution: reason.contribution,
    low: reason.low,
    high: reason.high,
    ...(source === undefined ? {} : { source }),
  };
}

/** Silence speaks on a whole group of criteria. */
function criterionText({ judgement }: AnswerLike, reason: Reason): string {
  const textOf = (id: string): string => judgement.criteria.find((criterion) => criterion.id === id)?.text ?? '';
  const absence = judgement.absences.find((one) => one.fact === reason.fact);
  return (absence?.criteria ?? [reason.criterion]).map(textOf).join(' / ');
}

/** `Observation/123`; undefined for what was derived. The sentence `f12.s3` stands in the resource of `f12`. */
function referenceOf({ chart }: AnswerLike, fact: FactId): string | undefined {
  const position = fact.replace(/\.s\d+$/, '');
  const resource = chart.entries.find((entry) => entry.fact === position)?.resource;
  return resource?.id === undefined || !/^[A-Za-z0-9\-.]{1,64}$/.test(resource.id) ? undefined : `${resource.resourceType}/${resource.id}`;
}
