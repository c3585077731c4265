/** Several checks may speak of the same two drugs: one card is enough, the gravest, in the words that explain it, with all sources. Knows alerts, no check. */
import type { Indicator } from '../../types.js';
import { absorbPairs } from './absorb.js';
import type { Alert } from './check.js';

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };

/** A row whose source was not before us gives information at most. */
export function gradeOf({ rule, indicator }: Alert): Indicator {
  return rule.verified === 'recalled' ? 'info' : indicator;
}

export function mergeAlerts(alerts: readonly Alert[]): readonly Alert[] {
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const key = alert.pair === undefined ? alert.id : `pair ${[...alert.pair].sort().join(' ')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [alert]);
    else group.push(alert);
  }
  return absorbPairs([...groups.values()].flatMap(mergeGroup));
}

function mergeGroup(group: readonly Alert[]): readonly Alert[] {
  // What only confirms is not enough to speak.
  if (group.every((alert) => alert.needsConfirmation === true)) return [];
  const found = group.some((alert) => alert.isOpen !== true) ? group.filter((alert) => alert.isOpen !== true) : group;
  const isSettled = found.some((alert) => alert.isSettled === true && alert.rule.verified === 'read');
  const speaking = isSettled ? found.filter((alert) => alert.isListed !== true) : found;
  const [best, ...others] = [...speaking].sort(
    (a, b) => gravity[gradeOf(b)] - gravity[gradeOf(a)] || plainness(a) - plainness(b) || offers(b) - offers(a),
  );
  if (best === undefined) return [];
  const sources = [...new Set(others.map(({ rule }) => rule.source.label))].filter((label) => label !== best.rule.source.label);
  const section = [best.rule.source.section, ...(sources.length === 0 ? [] : [`Also: ${sources.join('; ')}`])].join('. ');
  // A list ranks a pair, a rule says why: its words, where its source was read.
  const why = best.isListed === true ? others.find((alert) => alert.isListed !== true && alert.rule.verified === 'read') : undefined;
  const alternatives = found.flatMap((alert) => alert.alternatives ?? []);
  return [
    {
      ...best,
      rule: { ...best.rule, source: { ...best.rule.source, section } },
      ...(why === undefined ? {} : { summary: why.summary, text: `${why.text} ${best.text}` }),
      ...(alternatives.length === 0
        ? {}
        : { alternatives: [...new Map(alternatives.map((one) => [`${one.draft} ${one.ingredient}`, one])).values()] }),
    },
  ];
}

/** Of equally grave ones: a rule before a list, and what stands by itself before what confirms. */
const plainness = (alert: Alert): number => Number(alert.isListed === true) + 2 * Number(alert.needsConfirmation === true);
const offers = ({ proposals = [], alternatives = [] }: Alert): number => proposals.length + alternatives.length;
