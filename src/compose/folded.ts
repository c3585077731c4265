/** What is named in one line and not shown as a card: findings beyond what a service may show, and those overridden before. Knows words, decides nothing. */
import type { Card, Finding, Override } from '../types.js';
import type { AnswerLike } from './answer-like.js';
import { bullets, escapeMarkdown, paragraphs } from './markdown.js';
import { type NoticeDeps, notice } from './notices.js';

/** On the last card, never dropped silently. */
export function nameFolded(cards: readonly Card[], folded: readonly Finding[], quiet: readonly Finding[], answer: AnswerLike): readonly Card[] {
  const last = cards.at(-1);
  if (last === undefined || folded.length + quiet.length === 0) return cards;
  const lead = answer.service.hook === 'patient-view' ? 'Also due' : 'Also found';
  const detail = paragraphs([
    last.detail,
    folded.length === 0 ? undefined : `${lead}: ${folded.map((finding) => escapeMarkdown(nameOf(finding, answer))).join('; ')}.`,
    quiet.length === 0 ? undefined : `Dismissed before: ${quiet.map((finding) => escapeMarkdown(dismissed(finding, answer))).join('; ')}.`,
  ]);
  return [...cards.slice(0, -1), { ...last, detail }];
}

/** Where nothing else is shown, one line says that something was dismissed. */
export function dismissedBefore(quiet: readonly Finding[], answer: AnswerLike, deps: NoticeDeps): Card | undefined {
  const [only] = quiet;
  if (only === undefined) return undefined;
  const detail = paragraphs([
    'Found, and not shown as a card because a clinician overrode it with a reason. It comes back when its evidence changes, or in time:',
    bullets(quiet.map((finding) => escapeMarkdown(dismissed(finding, answer)))),
  ]);
  const summary = quiet.length === 1 ? `Dismissed before: ${dismissed(only, answer)}` : `Dismissed before: ${quiet.length} recommendations`;
  return notice(summary, 'dismissed-before', detail, deps);
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
  return `Overridden on ${told(before)}. Shown again: ${why}.`;
}

function dismissed(finding: Finding, answer: AnswerLike): string {
  const override = answer.recalled.quiet.get(finding.candidate);
  return override === undefined ? nameOf(finding, answer) : `${nameOf(finding, answer)}, on ${told(override)}`;
}

function told({ at, reason }: Override): string {
  return `${writeDay(at)} as: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
}

/** `25 Nov 2026`: no two countries read it differently. */
export function writeDay(day: Date): string {
  return `${day.getUTCDate()} ${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][day.getUTCMonth()]} ${day.getUTCFullYear()}`;
}

/** Under "Also due" nobody needs "is due". */
function nameOf({ candidate }: Finding, { judgement }: AnswerLike): string {
  const summary = judgement.advice.find((one) => one.candidate === candidate)?.summary ?? candidate;
  return summary.replace(/ (is|are) due$/, '');
}
