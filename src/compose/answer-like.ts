/** What composing needs of an answer. */
import type { Chart, Explanation, Fact, HookRequest, Judgement, ReadResult, Recalled, Scored, ServiceDefinition } from '../types.js';

export interface AnswerLike {
  readonly service: ServiceDefinition;
  readonly request: HookRequest;
  readonly chart: Chart;
  readonly judgement: Judgement;
  readonly facts: readonly Fact[];
  readonly read: ReadResult;
  readonly scored: Scored;
  readonly explanations: readonly Explanation[];
  readonly recalled: Recalled;
}
