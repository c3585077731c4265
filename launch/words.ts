/** Words for what the numbers say. Knows the scale of support, no clinical fact. */
import type { CardView, ReasonView, RunView } from './run-document.js';

type Explanation = CardView['explanation'];

export const indicatorWords: Readonly<Record<CardView['indicator'], string>> = { info: 'Information', warning: 'Warning', critical: 'Critical' };
export const gradeWords: Readonly<Record<Explanation['grade'], string>> = { established: 'Established', likely: 'Likely', uncertain: 'Uncertain' };

export function effectOf({ contribution }: ReasonView): 'raises' | 'lowers' {
  return contribution >= 0 ? 'raises' : 'lowers';
}

/** `+1.48`, with a true minus. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** The mark on a reason: whether a rule over codes or a reading found it. */
export function markOf({ by, kind }: ReasonView): string {
  if (by === 'code') return 'by code';
  return kind === 'note' ? 'read from a note' : 'read from text';
}

export function originOf({ by, kind }: ReasonView): string {
  if (by === 'text') return 'read by the language model';
  return kind === 'absence' ? 'looked for in the record and not found' : 'coded in the record';
}

/** Shares in words, as the card says them (`explain.md` §3.5): words come before numbers. */
export function weightOf({ contribution }: ReasonView, reasons: readonly ReasonView[]): string {
  const total = reasons.reduce((sum, one) => sum + Math.abs(one.contribution), 0);
  const share = total === 0 ? 0 : Math.abs(contribution) / total;
  if (share >= 0.4) return 'main reason';
  return share >= 0.15 ? 'contributes' : 'adds a little';
}

/** `+1.48`, and its interval where it was sampled. */
export function contributionOf({ contribution, low, high }: ReasonView): string {
  return low === high ? signed(contribution) : `${signed(contribution)} (${signed(low)} to ${signed(high)})`;
}

export function counterfactualOf({ counterfactual, support }: Explanation): string | undefined {
  if (counterfactual === undefined || Math.abs(counterfactual.support - support) < 0.005) return undefined;
  return `If “${counterfactual.without.replace(/[.\s]+$/, '')}” were not known, support would be ${counterfactual.support.toFixed(2)} instead of ${support.toFixed(2)}.`;
}

/** What was not there to be judged: named, so that silence is not taken for safety. */
export function missingOf({ missing, unavailable, unread }: Explanation): readonly string[] {
  return [
    ...missing.map((text) => `Not known: ${text}.`),
    ...unavailable.map((text) => `Not looked at whole: ${text}.`),
    ...(unread === 0 ? [] : [`${unread} ${unread === 1 ? 'statement was' : 'statements were'} not read (too late, too many, or not in English).`]),
  ];
}

/** How the numbers came about, one line a step. */
export function methodOf({ method, evaluations, scorer, reader, factsConsidered, factsAvailable, baseline, value }: Explanation): readonly string[] {
  const how =
    method === 'exact' ? `exact Shapley values over all ${evaluations} coalitions` : `Shapley values sampled with ${evaluations} evaluations`;
  return [
    `${factsConsidered} of ${factsAvailable} facts of this chart touch this recommendation; the others count exactly nothing.`,
    `Contributions are ${how}, in log-odds: from ${signed(baseline)} before any fact to ${signed(value)} with all.`,
    `Scorer ${scorer}. Reader ${reader}.`,
  ];
}

/** "24 November 2026, 13:05": when the run was made, in the reader's own time. */
export function timeOf({ at }: RunView): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' });
}

/** A rule's source may be linked only where the link leads to a page. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
