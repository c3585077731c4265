/** When a gap was last closed, whether it is ordered, and which exemption it almost meets. Knows positions and windows, no date of the patient. */
import type { CandidateId, GapStanding } from '../../types.js';
import type { Compiled } from './compile.js';
import { shift } from './days.js';
import { codeKey, textOf } from './fields.js';
import type { Evaluation } from './gaps.js';
import type { Gap } from './load.js';
import { selectEvents } from './select.js';
import { type Conditions, leavesOf } from './trees.js';

/** An order counts as acting on it for so long; then the card asks again. A choice of ours, no clinical fact. */
const orderHolds = { amount: -6, unit: 'm' } as const;

export function standingOf(gap: Pick<Gap, 'id' | 'orders'>, { closedBy, exempt }: Conditions, evaluation: Evaluation): GapStanding {
  const { criterion, evaluate } = evaluation;
  const closing = leavesOf(closedBy);
  const order = orderOf(gap, closing, evaluation);
  return {
    candidate: gap.id as CandidateId,
    history: closing.flatMap((id) => {
      const { last } = evaluate(id);
      const { shortName, withinMonths } = criterion(id);
      return last === undefined || !last.isDated
        ? []
        : [{ fact: last.fact, name: shortName, ...(withinMonths === undefined ? {} : { withinMonths }) }];
    }),
    isNeverDone: closing.length > 0 && closing.every((id) => evaluate(id).isAbsent && evaluate(id).last === undefined),
    ...(order === undefined ? {} : { order }),
    almost: leavesOf(exempt).flatMap((id) => almostOf(id, evaluation)),
  };
}

const openStatuses: readonly string[] = ['draft', 'active', 'on-hold', 'proposed', 'pending', 'booked'];

/** The newest open order of what closes the gap, or of what its card suggests. */
function orderOf({ orders }: Pick<Gap, 'orders'>, closing: readonly string[], { criterion, deps }: Evaluation): GapStanding['order'] {
  const sets = new Set(closing.flatMap((id) => eventsOf(criterion(id).compiled)).flatMap((event) => event.sets));
  const suggested = new Set(orders.map(({ code }) => codeKey(code.system, code.code)));
  const open = deps.chart.requests.filter(
    (request) =>
      openStatuses.includes(textOf(request.event.fields['status'])) &&
      !['proposal', 'option'].includes(textOf(request.event.fields['intent'])) &&
      request.event.standing !== 'negated' &&
      (request.event.codes.some((code) => suggested.has(code)) || [...request.sets].some((set) => sets.has(set))),
  );
  const newest = open.map(({ event }) => event).sort((a, b) => b.at - a.at)[0];
  if (newest === undefined) return undefined;
  return { fact: newest.fact, isRecent: newest.isDated && newest.authored.min >= shift(deps.frame.end, orderHolds) };
}

/** Records that would exempt but that somebody has ruled out, that lie before the window, or that have ended. The newest of each kind. */
function almostOf(id: string, { criterion, evaluate, deps }: Evaluation): GapStanding['almost'] {
  if (evaluate(id).truth === 'yes') return [];
  const { compiled, shortName } = criterion(id);
  const found = eventsOf(compiled).flatMap((event) => {
    const { refuted, past } = selectEvents(event, deps);
    const over = event.row.active === true ? deps.chart.select(event).filter((one) => one.standing === 'counts' && !one.isOngoing) : [];
    return [
      { why: 'ruled-out' as const, events: refuted },
      { why: 'too-long-ago' as const, events: past },
      { why: 'over' as const, events: over },
    ];
  });
  return found.flatMap(({ why, events }) => {
    const newest = [...events].sort((a, b) => b.at - a.at)[0];
    return newest === undefined ? [] : [{ fact: newest.fact, name: shortName, why }];
  });
}

function eventsOf(compiled: Compiled): readonly Extract<Compiled, { readonly kind: 'event' }>[] {
  if (compiled.kind === 'event') return [compiled];
  return compiled.kind === 'all' || compiled.kind === 'any' ? compiled.of.flatMap(eventsOf) : [];
}
