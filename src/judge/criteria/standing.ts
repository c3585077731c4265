/** When a gap was last closed, and which exemption it almost meets. Knows positions and windows, no date of the patient. */
import type { CandidateId, GapStanding } from '../../types.js';
import type { Compiled } from './compile.js';
import type { ChartEvent } from './event.js';
import type { Evaluation } from './gaps.js';
import { selectEvents } from './select.js';
import { type Conditions, leavesOf } from './trees.js';

export function standingOf(candidate: CandidateId, { closedBy, exempt }: Conditions, evaluation: Evaluation): GapStanding {
  const { criterion, evaluate } = evaluation;
  const closing = leavesOf(closedBy);
  return {
    candidate,
    history: closing.flatMap((id) => {
      const { last } = evaluate(id);
      const { shortName, withinMonths } = criterion(id);
      return last === undefined || !last.isDated
        ? []
        : [{ fact: last.fact, name: shortName, ...(withinMonths === undefined ? {} : { withinMonths }) }];
    }),
    isNeverDone: closing.length > 0 && closing.every((id) => evaluate(id).isAbsent),
    almost: leavesOf(exempt).flatMap((id) => almostOf(id, evaluation)),
  };
}

/** Records that would exempt but that somebody has ruled out, or that lie before the window. */
function almostOf(id: string, { criterion, evaluate, deps }: Evaluation): GapStanding['almost'] {
  if (evaluate(id).truth === 'yes') return [];
  const { compiled, shortName } = criterion(id);
  const say =
    (why: GapStanding['almost'][number]['why']) =>
    ({ fact }: ChartEvent): GapStanding['almost'][number] => ({ fact, name: shortName, why });
  return eventsOf(compiled).flatMap((event) => {
    const { refuted, past } = selectEvents(event, deps);
    return [...refuted.map(say('ruled-out')), ...past.map(say('too-long-ago'))];
  });
}

function eventsOf(compiled: Compiled): readonly Extract<Compiled, { readonly kind: 'event' }>[] {
  if (compiled.kind === 'event') return [compiled];
  return compiled.kind === 'all' || compiled.kind === 'any' ? compiled.of.flatMap(eventsOf) : [];
}
