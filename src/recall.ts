/** Asks the memory of overrides about the findings of an answer. Joins two stages for `wire.ts`; knows no rule of either. */
import type { Logger } from 'pino';
import type { Asked } from './answer.js';
import type { OverrideMemory } from './feedback/overrides.js';
import { fingerprintFindings } from './judge/fingerprint.js';
import type { Caller, HookRequest, Recalled } from './types.js';

interface Parts {
  readonly memory: OverrideMemory;
  readonly log: Logger;
  readonly patientKey: (caller: Caller, request: HookRequest) => string;
}

const nothing: Recalled = { keys: new Map(), quiet: new Map(), again: new Map() };

export function createRecallOverrides({ memory, log, patientKey }: Parts): (asked: Asked) => Promise<Recalled> {
  return async function recallOverrides({ service, caller, request, chart, judgement, scored }) {
    const { findings } = scored;
    const evidence = fingerprintFindings(chart, judgement, findings);
    const asked = findings.map(({ candidate, indicator }, at) => ({ candidate, indicator, evidence: evidence[at] ?? '' }));
    return memory.recall(patientKey(caller, request), service.knowledge, asked).catch(() => {
      // What cannot be remembered is shown: an interruption too many, never a card too few.
      log.error({ code: 'recall-failed', service: service.id }, 'overrides not recalled');
      return nothing;
    });
  };
}
