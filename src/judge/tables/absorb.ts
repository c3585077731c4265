/** An alert about a whole group of drugs speaks for the pairs inside it: no second card of the same weight or less. Knows alerts, no check. */
import type { Indicator } from '../../types.js';
import type { Alert, Alternative } from './check.js';

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };
const gradeOf = ({ rule, indicator }: Alert): number => gravity[rule.verified === 'recalled' ? 'info' : indicator];

/** What an absorbed pair offers in place of a draft is offered by the group's card. */
export function absorbPairs(alerts: readonly Alert[]): readonly Alert[] {
  const groups = alerts.filter((alert) => alert.covers !== undefined && alert.isOpen !== true);
  const absorbed = new Map<Alert, Alert>();
  for (const alert of alerts) {
    const group = groups.find((one) => one !== alert && speaksFor(one, alert));
    if (group !== undefined && !absorbed.has(group)) absorbed.set(alert, group);
  }
  return alerts
    .filter((alert) => !absorbed.has(alert))
    .map((alert) => {
      const from = [...absorbed].filter(([, group]) => group === alert).map(([pair]) => pair);
      return from.length === 0 ? alert : { ...alert, alternatives: joinAlternatives([alert, ...from]) };
    });
}

function speaksFor({ covers = [], ...group }: Alert, alert: Alert): boolean {
  const [a, b] = alert.pair ?? [];
  return a !== undefined && b !== undefined && covers.includes(a) && covers.includes(b) && gradeOf(alert) <= gradeOf(group);
}

function joinAlternatives(alerts: readonly Alert[]): readonly Alternative[] {
  const all = alerts.flatMap(({ alternatives = [] }) => alternatives);
  return all.filter((one, at) => all.findIndex(({ draft, ingredient }) => draft === one.draft && ingredient === one.ingredient) === at);
}
