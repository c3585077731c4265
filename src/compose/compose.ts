/**
 * Stage 9: cards from findings and explanations. The only stage after the wall that sees the chart again, to join facts to their references.
 * Knows the card of CDS Hooks and our words; decides nothing. {@link https://cds-hooks.hl7.org/2.0/#cds-service-response}
 */
import type { Advice, Card, Clock, Composed, Explanation, ExplanationView, Finding, GapStanding, Indicator, RunCard, RunId } from '../types.js';
import type { AnswerLike } from './answer-like.js';
import { writeDetail } from './detail.js';
import { nameFolded, nothingNew, type Quiet, whyAgain, whyQuiet } from './folded.js';
import { notChecked, notDecided } from './notices.js';
import { lastDoneInShort, standingOf, writeAlmost, writeLastDone } from './standing.js';
import { createSuggestions } from './suggestions.js';
import { createView } from './view.js';

export interface ComposeDeps {
  readonly publicUrl: string;
  /** Where the app is launched. */
  readonly launchUrl: string;
  readonly clock: Clock;
  readonly randomId: () => string;
}

interface Written {
  readonly finding: Finding;
  readonly card: Card;
  readonly runCard: RunCard;
}

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };

export function createComposeCards(deps: ComposeDeps): (answer: AnswerLike) => Composed {
  return function composeCards(answer) {
    const { service, scored, explanations } = answer;
    const run = deps.randomId() as RunId;
    const isLoud = ({ indicator }: Finding): boolean => gravity[indicator] >= gravity[service.showFrom];
    const loud = scored.findings.filter(isLoud);
    const quiet = loud.flatMap((finding): readonly Quiet[] => {
      const why = whyQuiet(finding, answer);
      return why === undefined ? [] : [{ finding, why }];
    });
    const open = loud.filter((finding) => quiet.every((one) => one.finding !== finding));
    const told = chooseTold(open, service);
    const written = told.flatMap((finding) => writeCard(answer, finding, explanations, run, deps));
    const cards = nameFolded(
      written.map((one) => one.card),
      open.filter((finding) => !told.includes(finding)),
      quiet,
      answer,
    );
    const notices = noticesOf(answer, cards.length === 0 ? quiet : [], deps);
    const shown = new Set(written.map(({ finding }) => finding));
    return {
      run,
      cards: [...cards, ...notices],
      shown: [
        ...written.map(({ card, finding }) => ({ card: card.uuid, candidate: finding.candidate, indicator: finding.indicator })),
        ...notices.map((card) => ({ card: card.uuid, candidate: undefined, indicator: card.indicator })),
        ...scored.findings
          .filter((finding) => !shown.has(finding))
          .map((finding) => unshown(finding, quiet.find((one) => one.finding === finding)?.why)),
      ],
      document: { run, service: { id: service.id, title: service.title }, at: deps.clock().toISOString(), cards: written.map((one) => one.runCard) },
    };
  };
}

/** The gravest first; of those for information only so many as the service allows. */
function chooseTold(open: readonly Finding[], { maxCards, maxInfoCards = maxCards }: AnswerLike['service']): readonly Finding[] {
  const info = open.filter(({ indicator }) => indicator === 'info').slice(0, maxInfoCards);
  return open.filter((finding) => finding.indicator !== 'info' || info.includes(finding)).slice(0, maxCards);
}

function unshown({ candidate, indicator }: Finding, quiet: Quiet['why'] | undefined): Composed['shown'][number] {
  return { card: '', candidate, indicator, ...(quiet === undefined ? {} : { quiet }) };
}

function noticesOf(answer: AnswerLike, quiet: readonly Quiet[], deps: ComposeDeps): readonly Card[] {
  if (answer.service.showFrom !== 'info') return [];
  return [notChecked(answer, deps), notDecided(answer, deps), nothingNew(quiet, answer, deps)].filter((card) => card !== undefined);
}

function writeCard(answer: AnswerLike, finding: Finding, explanations: readonly Explanation[], run: RunId, deps: ComposeDeps): readonly Written[] {
  const advice = answer.judgement.advice.find((one) => one.candidate === finding.candidate);
  const explanation = explanations.find((one) => one.candidate === finding.candidate);
  if (advice === undefined || explanation === undefined) throw new TypeError('a finding has advice and an explanation');
  const isFolded = answer.scored.scores.find((score) => score.candidate === finding.candidate)?.isFolded ?? false;
  const view = createView(answer, finding, explanation, run);
  const suggestions = createSuggestions(advice.proposals, finding, answer, deps);
  const standing = standingOf(finding.candidate, answer);
  const card: Card = {
    uuid: deps.randomId(),
    summary: summarise(advice, finding, isFolded, lastDoneInShort(standing, answer) ?? medicineInQuestion(standing, view)),
    detail: writeDetail(advice, view, {
      isFolded,
      lastDone: writeLastDone(standing, answer, isFolded),
      again: whyAgain(finding, answer),
      almost: writeAlmost(standing, answer),
    }),
    indicator: finding.indicator,
    source: {
      label: advice.source.label,
      url: advice.source.url,
      topic: { system: 'https://whycard.org/topic', code: advice.topic, display: advice.topic.replaceAll('-', ' ') },
    },
    ...(suggestions.length === 0 ? {} : { suggestions, selectionBehavior: 'at-most-one' }),
    ...(advice.overrideReasons.length === 0 ? {} : { overrideReasons: advice.overrideReasons }),
    links: [{ label: 'Why this card', url: deps.launchUrl, type: 'smart', appContext: JSON.stringify({ v: 1, run }) }],
    extension: { 'org.whycard.explanation': view },
  };
  return [{ finding, card, runCard: toRunCard(card, advice, view) }];
}

/** Where nothing that is done closes a gap, the medicine on record is what it is about. */
function medicineInQuestion(standing: GapStanding | undefined, { reasons }: ExplanationView): string | undefined {
  if (standing === undefined || standing.isNeverDone || standing.order !== undefined) return undefined;
  return reasons.find(({ kind, by, contribution }) => kind === 'medication' && by === 'code' && contribution > 0)?.fact;
}

const maxSummary = 139;

function summarise({ summary }: Advice, { origin }: Finding, isFolded: boolean, lastDone: string | undefined): string {
  // "no statin on record: none on record" says it twice.
  const isSaid = lastDone === undefined || (lastDone.endsWith('on record') && summary.includes('on record'));
  const whole = isSaid || isFolded ? summary : `${summary}: ${lastDone}`;
  const text = isFolded ? `${summary}? A note speaks against it` : origin === 'text' ? `Possibly: ${whole}` : whole;
  return text.length <= maxSummary ? text : `${text.slice(0, maxSummary - 1)}…`;
}

function toRunCard({ uuid, summary, indicator, suggestions = [] }: Card, { rule, source, verified }: Advice, view: ExplanationView): RunCard {
  return {
    uuid,
    summary,
    indicator,
    rule,
    source,
    verified,
    quotes: view.reasons.filter((reason) => reason.by === 'text').map((reason) => reason.fact),
    suggestions: suggestions.map((suggestion) => suggestion.label),
    explanation: view,
  };
}
