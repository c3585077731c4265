/** The body of a card: the rule and this patient's values, why, what is missing, what would change it, the source. In words before numbers. */
import type { Advice, ExplanationView, ReasonView } from '../types.js';
import { bullets, escapeMarkdown, paragraphs } from './markdown.js';

/** A clinician has five seconds. */
const maxReasons = 5;
/** Smaller than this share of all contributions is not worth a line. */
const leastShare = 0.01;

/** What a card says beside its explanation. Already Markdown but `again`. */
export interface Circumstances {
  readonly isFolded: boolean;
  /** When it was last done, or that it never was. */
  readonly lastDone: string | undefined;
  /** Why it is shown although it was overridden before. */
  readonly again: string | undefined;
  /** Exemptions on record that do not exempt. */
  readonly almost: readonly string[];
}

export function writeDetail(advice: Advice, view: ExplanationView, { isFolded, lastDone, again, almost }: Circumstances): string {
  const reasons = joinFacts(view.reasons);
  const told = reasons.slice(0, maxReasons).filter((reason) => shareOf(reason, view) >= leastShare);
  const [raises, lowers] = [told.filter((reason) => reason.contribution > 0), told.filter((reason) => reason.contribution < 0)];
  const left = reasons.length - told.length;
  return paragraphs([
    lastDone,
    `${escapeMarkdown(advice.rule)} ${patientSentence(view)}`,
    opening(view, isFolded),
    again === undefined ? undefined : escapeMarkdown(again),
    `**Why for this patient** (evidence on record: ${view.grade})`,
    raises.length === 0 ? undefined : `Speaks for it:\n\n${bullets(raises.map((reason) => reasonLine(reason, view)))}`,
    lowers.length === 0 ? undefined : `Speaks against it:\n\n${bullets(lowers.map((reason) => reasonLine(reason, view)))}`,
    left > 0 ? `${count(left, 'smaller reason')} in the app.` : undefined,
    almost.length === 0 ? undefined : `On record, but no exemption:\n\n${bullets(almost)}`,
    gaps(view),
    counterfactual(view),
    advice.verified === 'recalled' ? 'This rule was written from memory of its source, so it is information only.' : undefined,
    `Source: ${escapeMarkdown(advice.source.label)}. ${escapeMarkdown(advice.source.section)}.`,
  ]);
}

/** One sentence with the values that count most: the datum, its value, its age. What is silent follows among the reasons. */
function patientSentence(view: ExplanationView): string {
  const values = joinFacts(view.reasons)
    .filter((reason) => reason.by === 'code' && reason.contribution > 0 && (reason.kind !== 'absence' || view.reasons.length < 3))
    .slice(0, 2);
  return values.length === 0 ? '' : `This patient: ${values.map((reason) => escapeMarkdown(tell(reason.fact))).join('; ')}.`;
}

function opening(view: ExplanationView, isFolded: boolean): string | undefined {
  const [read] = view.reasons.filter((reason) => reason.by === 'text' && (isFolded ? reason.contribution < 0 : reason.contribution > 0));
  if (read === undefined) return undefined;
  if (isFolded) return `A note speaks against it, so this is information only. It says: ${quote(read.fact)}. Please check.`;
  return view.origin === 'text' ? `No coded record shows it; a statement in the chart does: ${quote(read.fact)}. Please check.` : undefined;
}

function reasonLine(reason: ReasonView, view: ExplanationView): string {
  return `${quoteIfRead(reason)}${weightWord(reason, view)}`;
}

/** One fact may speak on two criteria (an age, on both branches of a rule): to a reader it is one reason. */
function joinFacts(reasons: readonly ReasonView[]): readonly ReasonView[] {
  const joined = new Map<string, ReasonView>();
  for (const reason of reasons) {
    const key = `${reason.fact} ${reason.source ?? ''} ${reason.contribution < 0}`;
    const before = joined.get(key);
    joined.set(key, before === undefined ? reason : { ...before, contribution: before.contribution + reason.contribution });
  }
  return [...joined.values()].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/** A statement that a language model read is quoted; a coded fact is told. */
function quoteIfRead(reason: ReasonView): string {
  return reason.by === 'text' ? `a statement that was read: ${quote(reason.fact)}` : escapeMarkdown(tell(reason.fact));
}

const draft = /^being ordered: /;

/** What is being ordered is named first: it stands behind a colon and among others. */
function tell(fact: string): string {
  return draft.test(fact) ? `${fact.replace(draft, '')} (being ordered)` : fact;
}

function quote(text: string): string {
  return `“${escapeMarkdown(text.replace(/[.\s]+$/, ''))}”`;
}

/** Shares in words (`explain.md` §3.5): numbers belong to the app. What lies between needs no word. */
function weightWord(reason: ReasonView, view: ExplanationView): string {
  const share = shareOf(reason, view);
  if (share >= 0.4) return ' (main reason)';
  return share >= 0.15 ? '' : ' (adds a little)';
}

function shareOf(reason: ReasonView, view: ExplanationView): number {
  const total = view.reasons.reduce((sum, one) => sum + Math.abs(one.contribution), 0);
  return total === 0 ? 0 : Math.abs(reason.contribution) / total;
}

function gaps(view: ExplanationView): string | undefined {
  const lines = [
    ...view.missing.map((text) => `not known: ${escapeMarkdown(text)}`),
    ...view.unavailable.map((text) => `not looked at whole: ${escapeMarkdown(text.replace(/^([a-z ]+): (.+)$/, '$1 ($2)'))}`),
    ...(view.unread > 0 ? [`${count(view.unread, 'statement')} not read (too late, too many, or not in English)`] : []),
  ];
  return lines.length === 0 ? undefined : `Missing:\n\n${bullets(lines)}`;
}

function counterfactual({ counterfactual: without, support }: ExplanationView): string | undefined {
  if (without === undefined || Math.abs(without.support - support) < 0.005) return undefined;
  // That a card about an order hangs on the order tells nobody anything.
  if (draft.test(without.without)) return undefined;
  const direction = without.support < support ? 'weaker' : 'stronger';
  return `If ${quote(without.without)} were not known, support would be ${direction}: ${without.support.toFixed(2)} instead of ${support.toFixed(2)}.`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
