/** What a check is, and the few ways in which checks come to a verdict. Knows no rule itself. */
import { isPresent, type Json } from './json.js';
import { describeExchange, type Exchange, isWithheld, type Observed, type Placed, type Sighting, sightingsOf } from './observed.js';

export type Verdict =
  | { readonly outcome: 'pass' }
  | { readonly outcome: 'fail'; readonly detail: string }
  | { readonly outcome: 'n/a'; readonly detail: string };

export interface Check {
  /** Of docs/requirements.csv, with a letter where one requirement has several checks. */
  readonly id: string;
  /** must: the specification obliges the service. should: it recommends; or it obliges the client, and practice the service; or practice alone. */
  readonly level: 'must' | 'should';
  readonly title: string;
  /** Where it is written: a section of CDS Hooks 2.0, or whose practice it is. */
  readonly source: string;
  readonly judge: (seen: Observed) => Verdict;
}

export const passed: Verdict = { outcome: 'pass' };

export function failed(detail: string): Verdict {
  return { outcome: 'fail', detail };
}

export function notApplicable(detail: string): Verdict {
  return { outcome: 'n/a', detail };
}

/** More than this many of a kind say nothing new. */
const shownFaults = 3;
/** What a service sends may be of any length. */
const shownLength = 200;

/** Fails with the faults, passes without; without anything to look at it does not apply. */
export function judgeEach<T>(items: readonly T[], faultOf: (item: T) => string | undefined, nothing: string): Verdict {
  if (items.length === 0) return notApplicable(nothing);
  const faults = [...new Set(items.flatMap((item) => faultOf(item) ?? []))].map(shorten);
  if (faults.length === 0) return passed;
  const more = faults.length - shownFaults;
  return failed(`${faults.slice(0, shownFaults).join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
}

function shorten(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}

type Head = readonly [id: string, level: Check['level'], title: string, source: string];

/** A rule about each of some things that were seen; it applies where there is one of them. */
export function ruleOn<T>(itemsOf: (seen: Observed) => readonly T[], nothing: string) {
  return ([id, level, title, source]: Head, faultOf: (item: T) => string | undefined): Check => ({
    id,
    level,
    title,
    source,
    judge: (seen) => judgeEach(itemsOf(seen), faultOf, nothing),
  });
}

/** A rule about one field of objects: looked at where the field has a value. */
export function fieldRuleOn(itemsOf: (seen: Observed) => readonly Placed<Json>[], nothing: string) {
  return (head: Head, field: string, faultOf: (value: unknown, of: Json) => string | undefined): Check => {
    const rule = ruleOn((seen) => itemsOf(seen).filter(({ value }) => isPresent(value[field])), nothing);
    return rule(head, ({ where, value }) => {
      const fault = faultOf(value[field], value);
      return fault === undefined ? undefined : `${where}.${field} ${fault}`;
    });
  };
}

/** A rule about how one request is answered. Where the service does not let us in, its answer to the request itself is unknown. */
export function answerRule([id, level, title, source]: Head, probes: readonly string[], isFine: (exchange: Exchange) => boolean): Check {
  return {
    id,
    level,
    title,
    source,
    judge(seen) {
      const all = sightingsOf(seen, ...probes);
      const open = all.filter(({ exchange }) => !isWithheld(exchange));
      const nothing = all.length === 0 ? 'nothing to try it on' : 'the service wants a token that was not given, or fewer calls';
      return judgeEach(open, (sighting) => (isFine(sighting.exchange) ? undefined : describeSighting(sighting)), nothing);
    },
  };
}

export function describeSighting({ service, exchange }: Sighting): string {
  const what = service === undefined ? `${exchange.method} ${new URL(exchange.url).pathname}` : service;
  return `${what}: ${describeExchange(exchange)}`;
}
