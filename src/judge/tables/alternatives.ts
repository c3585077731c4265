/** An alternative is offered only where the same checks find nothing grave with it in this patient. Knows alerts, no check. */
import type { FactId } from '../../types.js';
import type { Alert, Alternative } from './check.js';
import { gradeOf } from './merge.js';

/** A card with more is not read, and each is a run of all checks. */
const maxOffered = 2;
const maxTried = 12;

export function keepSafeAlternatives(
  alerts: readonly Alert[],
  checkInstead: (draft: FactId, ingredient: string) => readonly Alert[],
): readonly Alert[] {
  const verdicts = new Map<string, boolean>();
  const isSafe = ({ draft, ingredient }: Alternative): boolean => {
    const key = `${draft} ${ingredient}`;
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    // Beyond the limit nothing is known of it, so it is not offered.
    if (verdicts.size >= maxTried) return false;
    const verdict = checkInstead(draft, ingredient).every((alert) => alert.isOpen === true || gradeOf(alert) === 'info');
    verdicts.set(key, verdict);
    return verdict;
  };
  return alerts.map((alert) => {
    if (alert.alternatives === undefined || alert.isOpen === true) return { ...alert, alternatives: [] };
    return { ...alert, alternatives: alert.alternatives.filter(isSafe).slice(0, maxOffered) };
  });
}
