/** The metrics that operators scrape. Knows counts and durations; every label comes from a closed set, none from a request. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Indicator } from '../types.js';

export interface Metrics {
  readonly contentType: string;
  /** `outcome`: `answered`, `withheld` or an error code. */
  observeHook(service: string, outcome: string, seconds: number): void;
  observeCards(service: string, indicators: readonly Indicator[]): void;
  observeFeedback(outcome: 'accepted' | 'overridden', count: number): void;
  /** A finding that was not shown as a card of its own: overridden with a reason before, or ordered already. */
  observeQuiet(service: string, why: 'dismissed' | 'ordered'): void;
  observeUnread(statements: number): void;
  observeUnavailable(list: string): void;
  text(rates: readonly RuleRate[]): Promise<string>;
}

/** Kept in the store, so that replicas and restarts count together; read when somebody scrapes. */
export interface RuleRate {
  readonly service: string;
  readonly rule: string;
  readonly shown: number;
  readonly accepted: number;
  readonly overridden: number;
}

export function createMetrics({ version, services }: { readonly version: string; readonly services: readonly string[] }): Metrics {
  const registry = new Registry();
  // At a precision of 10 ms the histogram starts at 10 ms: an idle loop would read as a slow one.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1 });
  const registers = [registry];
  const duration = new Histogram({
    name: 'cds_hook_duration_seconds',
    help: 'Time to answer a hook call',
    labelNames: ['service', 'outcome'],
    buckets: [0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5],
    registers,
  });
  const cards = new Counter({ name: 'cds_cards_total', help: 'Cards shown', labelNames: ['service', 'indicator'], registers });
  const feedback = new Counter({ name: 'cds_card_feedback_total', help: 'What clinicians did with cards', labelNames: ['outcome'], registers });
  const ruleCards = new Gauge({
    name: 'cds_rule_cards',
    help: 'Cards of a rule over all time: shown, accepted, overridden',
    labelNames: ['service', 'rule', 'outcome'],
    registers,
  });
  const quiet = new Counter({
    name: 'cds_quiet_findings_total',
    help: 'Findings that did not interrupt: overridden with a reason before, or ordered already',
    labelNames: ['service', 'why'],
    registers,
  });
  const unread = new Counter({ name: 'cds_unread_statements_total', help: 'Statements that the language model did not read', registers });
  const unavailable = new Counter({
    name: 'cds_list_unavailable_total',
    help: 'Lists of a chart that could not be looked at whole',
    labelNames: ['list'],
    registers,
  });
  new Gauge({ name: 'cds_build_info', help: 'Always 1', labelNames: ['version'], registers }).set({ version }, 1);
  // A service id from a URL could be anything: only those we have become a label.
  const named = (service: string): string => (services.includes(service) ? service : 'other');
  return {
    contentType: registry.contentType,
    observeHook: (service, outcome, seconds) => duration.observe({ service: named(service), outcome }, seconds),
    observeCards(service, indicators) {
      for (const indicator of indicators) cards.inc({ service: named(service), indicator });
    },
    observeFeedback: (outcome, count) => feedback.inc({ outcome }, count),
    observeQuiet: (service, why) => quiet.inc({ service: named(service), why }),
    observeUnread: (statements) => unread.inc(statements),
    observeUnavailable: (list) => unavailable.inc({ list }),
    text(rates) {
      ruleCards.reset();
      for (const { service, rule, shown, accepted, overridden } of rates) {
        ruleCards.set({ service: named(service), rule, outcome: 'shown' }, shown);
        ruleCards.set({ service: named(service), rule, outcome: 'accepted' }, accepted);
        ruleCards.set({ service: named(service), rule, outcome: 'overridden' }, overridden);
      }
      return registry.metrics();
    },
  };
}
