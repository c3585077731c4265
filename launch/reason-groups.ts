/** Which reasons are shown at once and which on demand. Knows their order of size, nothing of how they look. */
import type { ReasonView } from './run-document.js';

/** More are not read (`explain.md` §3.5). */
const maxShown = 5;
/** Smaller than this share of all contributions is no reason to read on. */
const leastShare = 0.01;

export interface ReasonGroups {
  readonly raises: readonly ReasonView[];
  readonly lowers: readonly ReasonView[];
  readonly smaller: readonly ReasonView[];
}

export function groupReasons(reasons: readonly ReasonView[]): ReasonGroups {
  const sorted = [...reasons].sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution));
  const total = sorted.reduce((sum, reason) => sum + Math.abs(reason.contribution), 0);
  const isShown = (reason: ReasonView, place: number): boolean => place < maxShown && Math.abs(reason.contribution) >= leastShare * total;
  const shown = sorted.filter(isShown);
  return {
    raises: shown.filter(({ contribution }) => contribution >= 0),
    lowers: shown.filter(({ contribution }) => contribution < 0),
    smaller: sorted.filter((reason, place) => !isShown(reason, place)),
  };
}
