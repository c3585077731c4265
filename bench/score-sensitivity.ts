/**
 * `node --import tsx bench/score-sensitivity.ts`: how far each card's support and grade move when each parameter of the score is halved or doubled (as odds).
 * The charts are those of the stories of the sandbox, as likelihoods only: which facts are for and against. Prints the table of docs/score.md.
 */
import { createAttribute } from '../src/attribute/attribute.js';
import { createExtractFacts } from '../src/deidentify/facts.js';
import { createJudge } from '../src/judge/judge.js';
import { loadKnowledge } from '../src/judge/knowledge.js';
import { loadScoreParameters, type ScoreParameters } from '../src/score/parameters.js';
import { createScore } from '../src/score/score.js';
import type { Chart, Scored } from '../src/types.js';
import { a1c, chartOf, clinical, condition, drug } from '../test/judge/chart.js';

const knowledge = await loadKnowledge('cards');
const shipped = await loadScoreParameters('cards/score.json');

/** One card of each kind. */
const cases: readonly (readonly [string, string, Chart])[] = [
  ['colorectal screening', 'care-gaps', chartOf({})],
  ['breast screening', 'care-gaps', chartOf({ patient: { gender: 'female', birthDate: '1983-01-01' } })],
  [
    'glycemic control',
    'care-gaps',
    chartOf({ patient: { birthDate: '1990-01-01' }, resources: [condition('44054006', clinical('active')), a1c(9.8, '2026-04-01')] }),
  ],
  ['interaction', 'order-safety', chartOf({ resources: [drug('medications', '11289'), drug('drafts', '5640')] })],
];

function scoreOf(service: string, chart: Chart, parameters: ScoreParameters): string {
  const definition = knowledge.services.find(({ id }) => id === service);
  if (definition === undefined) throw new Error(`no service ${service}`);
  const judgement = createJudge(knowledge)(definition, chart);
  const facts = createExtractFacts()(chart, judgement);
  const scored: Scored = createScore(parameters)(definition, judgement, facts, { reader: 'none', readings: [], unread: 0 });
  createAttribute()(scored);
  const [score] = scored.scores.filter(({ candidate }) => scored.findings.some((finding) => finding.candidate === candidate));
  return score === undefined ? '–' : `${score.support.toFixed(2)} ${score.grade}`;
}

/** Probabilities are halved and doubled as odds, so that they stay probabilities. */
const scaled = (probability: number, factor: number): number => {
  const odds = (probability / (1 - probability)) * factor;
  return odds / (1 + odds);
};

const variants: readonly (readonly [string, (factor: number) => ScoreParameters])[] = [
  ['prior', (factor) => ({ ...shipped, prior: scaled(shipped.prior, factor) })],
  ...Object.entries(shipped.reliability).map(
    ([kind, value]) =>
      [
        `reliability of ${kind}`,
        (factor: number) => ({ ...shipped, reliability: { ...shipped.reliability, [kind]: Math.max(0.500_001, scaled(value, factor)) } }),
      ] as const,
  ),
  ['silence', (factor) => ({ ...shipped, absence: Math.min(0.999, shipped.absence * factor) })],
];

console.log(`| parameter | | ${cases.map(([name]) => name).join(' | ')} |`);
console.log(`| --- | --- | ${cases.map(() => '---').join(' | ')} |`);
const row = (name: string, what: string, parameters: ScoreParameters): void =>
  console.log(`| ${name} | ${what} | ${cases.map(([, service, chart]) => scoreOf(service, chart, parameters)).join(' | ')} |`);
row('as shipped', '', shipped);
for (const [name, vary] of variants) {
  row(name, 'half', vary(0.5));
  row(name, 'double', vary(2));
}
