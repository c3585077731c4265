/** What the record shows of the thing that is due: when it was last done, since when it is due, what was ordered, what almost exempts. Knows words, decides nothing. */
import type { CandidateId, FactId, GapStanding } from '../types.js';
import type { AnswerLike } from './answer-like.js';
import { addMonths, dayOf, isoDay, writeDay, writtenOn } from './days.js';
import { escapeMarkdown } from './markdown.js';

type Event = GapStanding['history'][number];

export function standingOf(candidate: CandidateId, { judgement }: AnswerLike): GapStanding | undefined {
  return judgement.standings?.find((one) => one.candidate === candidate);
}

/** For the summary: `last colonoscopy 12 May 2015`, `none on record`. */
export function lastDoneInShort(standing: GapStanding | undefined, answer: AnswerLike): string | undefined {
  if (standing === undefined) return undefined;
  if (standing.isNeverDone) return 'none on record';
  const last = newest(standing, answer);
  return last === undefined ? undefined : `last ${last.event.name} ${writeDay(last.day)}`;
}

/** First line of the card. A note may tell of what no code does: then only coded data are said to be silent. */
export function writeLastDone(standing: GapStanding | undefined, answer: AnswerLike, isFolded: boolean): string | undefined {
  if (standing === undefined) return undefined;
  const ordered = standing.order === undefined ? undefined : writtenOn(resourceOf(standing.order.fact, answer));
  const order = standing.order === undefined ? '' : ` Ordered${ordered === undefined ? '' : ` on ${writeDay(ordered)}`} and not on record as done.`;
  if (standing.isNeverDone) return `**${isFolded ? 'No coded record of it' : 'Never on record'}.**${order}`;
  const last = newest(standing, answer);
  if (last === undefined) return order === '' ? undefined : order.trim();
  const due = dueSince(standing, answer);
  // Within its interval it did not settle the matter: its value, or that one was not enough.
  if (due === undefined) return `**Last on record:** ${escapeMarkdown(last.event.name)}, ${writeDay(last.day)}.${order}`;
  return `**Last done:** ${escapeMarkdown(last.event.name)}, ${writeDay(last.day)}; due since ${writeDay(due)}.${order}`;
}

/** `colonoscopy ordered on 25 Nov 2026` */
export function whenOrdered(standing: GapStanding, answer: AnswerLike): string {
  const day = standing.order === undefined ? undefined : writtenOn(resourceOf(standing.order.fact, answer));
  return day === undefined ? 'ordered' : `ordered on ${writeDay(day)}`;
}

/** Why an exemption that stands in the record does not exempt. */
export function writeAlmost(standing: GapStanding | undefined, answer: AnswerLike): readonly string[] {
  return (standing?.almost ?? []).map(({ fact, name, why }) => {
    const day = dayOf(resourceOf(fact, answer));
    const reason = { 'ruled-out': 'it was ruled out', 'too-long-ago': 'it was too long ago', over: 'it is over' }[why];
    return `${escapeMarkdown(name)}${day === undefined ? '' : `, ${writeDay(day)}`}: ${reason}`;
  });
}

function newest({ history }: GapStanding, answer: AnswerLike): { readonly event: Event; readonly day: string } | undefined {
  return dated(history, answer).reduce<{ event: Event; day: string } | undefined>(
    (best, one) => (best === undefined || one.day > best.day ? one : best),
    undefined,
  );
}

/** Each thing that closes it has its own interval: due since the last of them ran out. */
function dueSince({ history }: GapStanding, answer: AnswerLike): string | undefined {
  const ends = dated(history, answer).flatMap(({ event, day }) => (event.withinMonths === undefined ? [] : [addMonths(day, event.withinMonths)]));
  const last = ends.sort().at(-1);
  return last === undefined || last > isoDay(answer.chart.now) ? undefined : last;
}

function dated(history: readonly Event[], answer: AnswerLike): readonly { readonly event: Event; readonly day: string }[] {
  return history.flatMap((event) => {
    const day = dayOf(resourceOf(event.fact, answer));
    return day === undefined ? [] : [{ event, day }];
  });
}

function resourceOf(fact: FactId, { chart }: AnswerLike) {
  return chart.entries.find((entry) => entry.fact === fact)?.resource;
}
