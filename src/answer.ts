/** Answers one hook request. Knows the order of the stages and nothing of how any of them works. */
import type {
  Caller,
  Card,
  Chart,
  Composed,
  Consent,
  Credentials,
  Explanation,
  Fact,
  HookRequest,
  Judgement,
  ReadResult,
  Recalled,
  Scored,
  ServiceDefinition,
} from './types.js';

export interface Stages {
  verifyCaller(credentials: Credentials): Promise<Caller>;
  parseRequest(service: ServiceDefinition, body: unknown): HookRequest;
  readChart(service: ServiceDefinition, caller: Caller, request: HookRequest, signal: AbortSignal): Promise<Chart>;
  askConsent(service: ServiceDefinition, chart: Chart): Consent;
  judge(service: ServiceDefinition, chart: Chart): Judgement;
  extractFacts(chart: Chart, judgement: Judgement): readonly Fact[];
  readFacts(judgement: Judgement, facts: readonly Fact[], signal: AbortSignal): Promise<ReadResult>;
  score(service: ServiceDefinition, judgement: Judgement, facts: readonly Fact[], read: ReadResult): Scored;
  attribute(scored: Scored): readonly Explanation[];
  /** What clinicians said before about these findings; a store that fails recalls nothing. */
  recallOverrides(asked: Asked): Promise<Recalled>;
  composeCards(answer: AnswerSoFar): Composed;
  record: {
    answered(answer: AnswerSoFar, composed: Composed): Promise<void>;
    withheld(service: ServiceDefinition, caller: Caller, request: HookRequest, reason: string): Promise<void>;
  };
}

/** What was found for whom. */
export interface Asked {
  readonly service: ServiceDefinition;
  readonly caller: Caller;
  readonly request: HookRequest;
  readonly chart: Chart;
  readonly judgement: Judgement;
  readonly scored: Scored;
}

/** Everything known when the cards are written. */
export interface AnswerSoFar extends Asked {
  readonly facts: readonly Fact[];
  readonly read: ReadResult;
  readonly explanations: readonly Explanation[];
  readonly recalled: Recalled;
}

export type Answer = (service: ServiceDefinition, body: unknown, credentials: Credentials, signal: AbortSignal) => Promise<readonly Card[]>;

export function createAnswer(stages: Stages): Answer {
  return async function answer(service, body, credentials, signal) {
    const caller = await stages.verifyCaller(credentials);
    const request = stages.parseRequest(service, body);
    const chart = await stages.readChart(service, caller, request, signal);
    const consent = stages.askConsent(service, chart);
    if (!consent.isPermitted) {
      await stages.record.withheld(service, caller, request, consent.reason);
      return [];
    }
    const judgement = stages.judge(service, chart);
    // ── the wall: from here to composeCards no stage receives the chart ──
    const facts = stages.extractFacts(chart, judgement);
    const read = await stages.readFacts(judgement, facts, signal);
    const scored = stages.score(service, judgement, facts, read);
    const explanations = stages.attribute(scored);
    // ── back above it: the cards join facts to their references ──
    const recalled = await stages.recallOverrides({ service, caller, request, chart, judgement, scored });
    const soFar = { service, caller, request, chart, judgement, facts, read, scored, explanations, recalled };
    const composed = stages.composeCards(soFar);
    await stages.record.answered(soFar, composed);
    return composed.cards;
  };
}
