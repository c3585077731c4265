/** What is named in one line and not shown as a card: findings beyond what a service may show, those overridden before, those ordered already. Knows words, decides nothing. */
import type { Card, Finding, Override } from '../types.js';
import type { AnswerLike } from './answer-like.js';
import { isoDay, writeDay } from './days.js';
import { bullets, escapeMarkdown, paragraphs } from './markdown.js';
import { type NoticeDeps, notice } from './notices.js';
import { standingOf, whenOrdered } from './standing.js';

/** A finding that does not interrupt, and why. */
export interface Quiet {
  readonly finding: Finding;
  readonly why: 'dismissed' | 'ordered';
}

/** An order that is open and recent says that somebody acted; an override with a reason, that somebody decided. */
export function whyQuiet({ candidate, indicator }: Finding, answer: AnswerLike): Quiet['why'] | undefined {
  if (answer.recalled.quiet.has(candidate)) return 'dismissed';
  return standingOf(candidate, answer)?.order?.isRecent === true && indicator !== 'critical' ? 'ordered' : undefined;
}

/** On the last card, never dropped silently. */
export function nameFolded(cards: readonly Card[], folded: readonly Finding[], quiet: readonly Quiet[], answer: AnswerLike): readonly Card[] {
  const last = cards.at(-1);
  if (last === undefined || folded.length + quiet.length === 0) return cards;
  const lead = answer.service.hook === 'patient-view' ? 'Also due' : 'Also found';
  const lines = [
    ...(folded.length === 0 ? [] : [`${lead}: ${folded.map((finding) => nameOf(finding, answer)).join('; ')}.`]),
    ...linesOf(quiet, answer),
  ];
  return [...cards.slice(0, -1), { ...last, detail: paragraphs([last.detail, ...lines.map(escapeMarkdown)]) }];
}

/** Where nothing else is shown, one line says what was ordered or dismissed. */
export function nothingNew(quiet: readonly Quiet[], answer: AnswerLike, deps: NoticeDeps): Card | undefined {
  const [only] = quiet;
  if (only === undefined) return undefined;
  const lines = linesOf(quiet, answer);
  const detail = paragraphs([
    'Found, and not repeated as a card because it was ordered, or overridden with a reason. It comes back when its evidence changes, or in time:',
    bullets(quiet.map((one) => escapeMarkdown(told(one, answer)))),
  ]);
  const summary = lines.length === 1 && quiet.length === 1 ? (lines[0] ?? '').replace(/\.$/, '') : countsOf(quiet);
  return notice(summary, 'nothing-new', detail, deps);
}

/** On a card that is shown although it was overridden before. */
export function whyAgain({ candidate }: Finding, { recalled }: AnswerLike): string | undefined {
  const before = recalled.again.get(candidate);
  if (before === undefined) return undefined;
  const why = {
    'evidence-changed': 'the evidence on record has changed since',
    'long-ago': 'that was long enough ago to ask again',
    critical: 'what is contraindicated is said each time',
  }[before.why];
  return `Overridden on ${writeOverride(before)}. Shown again: ${why}.`;
}

function linesOf(quiet: readonly Quiet[], answer: AnswerLike): readonly string[] {
  const line = (lead: string, why: Quiet['why']): readonly string[] => {
    const told = quiet.filter((one) => one.why === why).map((one) => tell(one, answer));
    return told.length === 0 ? [] : [`${lead}: ${told.join('; ')}.`];
  };
  return [...line('Ordered already', 'ordered'), ...line('Dismissed before', 'dismissed')];
}

function countsOf(quiet: readonly Quiet[]): string {
  const count = (why: Quiet['why'], words: string): readonly string[] => {
    const number = quiet.filter((one) => one.why === why).length;
    return number === 0 ? [] : [`${number} ${words}`];
  };
  return `Nothing new: ${[...count('ordered', 'ordered already'), ...count('dismissed', 'dismissed before')].join(', ')}`;
}

function told(quiet: Quiet, answer: AnswerLike): string {
  return `${quiet.why === 'ordered' ? 'ordered already' : 'dismissed before'}: ${tell(quiet, answer)}`;
}

/** `Colorectal cancer screening, on 12 Mar 2026 as: patient declined` */
function tell({ finding, why }: Quiet, answer: AnswerLike): string {
  const override = answer.recalled.quiet.get(finding.candidate);
  const standing = standingOf(finding.candidate, answer);
  if (why === 'dismissed' && override !== undefined) return `${nameOf(finding, answer)}, on ${writeOverride(override)}`;
  return standing === undefined ? nameOf(finding, answer) : `${nameOf(finding, answer)}, ${whenOrdered(standing, answer)}`;
}

function writeOverride({ at, reason }: Override): string {
  return `${writeDay(isoDay(at))} as: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
}

/** Under "Also due" nobody needs "is due". */
function nameOf({ candidate }: Finding, { judgement }: AnswerLike): string {
  const summary = judgement.advice.find((one) => one.candidate === candidate)?.summary ?? candidate;
  return summary.replace(/ (is|are) due$/, '');
}
