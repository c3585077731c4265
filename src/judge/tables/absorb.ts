/**
 * Which alerts another one speaks for: a group of drugs for the pairs inside it, and one of two pairs on the same two lines that share a drug (one line
 * holds two ingredients): the graver, of equal ones the one that says why. No second card of the same weight or less. Knows alerts, no check.
 */
import type { Indicator } from '../../types.js';
import type { Alert, Alternative } from './check.js';

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };
const gradeOf = ({ rule, indicator }: Alert): number => gravity[rule.verified === 'recalled' ? 'info' : indicator];

/** What an absorbed pair offers in place of a draft is offered by the group's card. */
export function absorbPairs(alerts: readonly Alert[]): readonly Alert[] {
  const found = alerts.filter((alert) => alert.isOpen !== true);
  const absorbed = new Map<Alert, Alert>();
  for (const [at, alert] of found.entries()) {
    const group = found.find((one, place) => one !== alert && !absorbed.has(one) && (speaksFor(one, alert) || standsFor(one, alert, place < at)));
    if (group !== undefined) absorbed.set(alert, group);
  }
  return alerts
    .filter((alert) => !absorbed.has(alert))
    .map((alert) => {
      const from = [...absorbed].filter(([, group]) => group === alert).map(([pair]) => pair);
      return from.length === 0 ? alert : { ...alert, alternatives: joinAlternatives([alert, ...from]) };
    });
}

/** Of what a list only ranks, and of rules that the group names: a pair that says why (its own mechanism, its own danger) stays. */
function speaksFor({ covers = [], replaces = [], ...group }: Alert, alert: Alert): boolean {
  const [a, b] = alert.pair ?? [];
  if (alert.pair === undefined) return replaces.includes(alert.rule.id) && gradeOf(alert) <= gradeOf(group) && isAboutOneOf(group, alert);
  const isSaid = alert.isListed === true || replaces.includes(alert.rule.id);
  return isSaid && a !== undefined && b !== undefined && covers.includes(a) && covers.includes(b) && gradeOf(alert) <= gradeOf(group);
}

/** A drug that the alert is about is among the group's. */
function isAboutOneOf(group: Pick<Alert, 'needs'>, { needs }: Alert): boolean {
  return needs.some((own) => own.id.startsWith('uses:') && group.needs.some(({ id }) => id === own.id));
}

/** Both are pairs on the same two lines with a drug in common, and this one weighs more, says why, or came first. */
function standsFor(one: Alert, other: Alert, isEarlier: boolean): boolean {
  if (one.pair === undefined || other.pair === undefined) return false;
  const [weight, otherWeight] = [gradeOf(one), gradeOf(other)];
  const [isPlain, isOtherPlain] = [one.isListed !== true, other.isListed !== true];
  const isBetter = weight !== otherWeight ? weight > otherWeight : isPlain !== isOtherPlain ? isPlain : isEarlier;
  if (!isBetter) return false;
  const isShared = one.pair.some((drug) => other.pair?.includes(drug) === true);
  return isShared && linesOf(one) === linesOf(other);
}

const linesOf = ({ needs }: Alert): string =>
  needs
    .slice(0, 2)
    .map(({ facts }) => [...facts].sort().join(' '))
    .sort()
    .join(' and ');

function joinAlternatives(alerts: readonly Alert[]): readonly Alternative[] {
  const all = alerts.flatMap(({ alternatives = [] }) => alternatives);
  return all.filter((one, at) => all.findIndex(({ draft, ingredient }) => draft === one.draft && ingredient === one.ingredient) === at);
}
