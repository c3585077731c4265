/** Several checks may speak of the same two drugs: one card is enough, the gravest, with all sources. Knows alerts, no check. */
import type { Indicator } from '../../types.js';
import type { Alert } from './check.js';

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };
const gradeOf = ({ rule, indicator }: Alert): number => gravity[rule.verified === 'recalled' ? 'info' : indicator];

export function mergeAlerts(alerts: readonly Alert[]): readonly Alert[] {
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const key = alert.pair === undefined ? alert.id : `pair ${[...alert.pair].sort().join(' ')}`;
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups.values()].flatMap(mergeGroup);
}

function mergeGroup(group: readonly Alert[]): readonly Alert[] {
  // What only confirms is not enough to speak.
  if (group.every((alert) => alert.needsConfirmation === true)) return [];
  const found = group.some((alert) => alert.isOpen !== true) ? group.filter((alert) => alert.isOpen !== true) : group;
  // Of equally grave ones, one that stands by itself; then the one that offers more.
  const [best, ...others] = [...found].sort(
    (a, b) => gradeOf(b) - gradeOf(a) || Number(a.needsConfirmation === true) - Number(b.needsConfirmation === true) || offers(b) - offers(a),
  );
  if (best === undefined) return [];
  const also = [...new Set(others.map(({ rule }) => rule.source.label))].filter((label) => label !== best.rule.source.label);
  if (also.length === 0) return [best];
  const section = `${best.rule.source.section}. Also: ${also.join('; ')}`;
  return [{ ...best, rule: { ...best.rule, source: { ...best.rule.source, section } } }];
}

const offers = ({ proposals = [], alternatives = [] }: Alert): number => proposals.length + alternatives.length;
