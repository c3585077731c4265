/**
 * Puts together what `whycard evaluate` needs: knowledge, the wall and the score, without a service. Knows the order of the stages and nothing of how any
 * of them works.
 */
import { join } from 'node:path';
import type { FhirResource, Patient } from 'fhir/r4.js';
import { createExtractFacts } from './deidentify/facts.js';
import { isEnteredInError } from './gather/belonging.js';
import { listOfType } from './gather/gather.js';
import { gapsOfMeasure, judgeMeasure, type MeasureVerdict } from './judge/criteria/measure.js';
import { loadKnowledge } from './judge/knowledge.js';
import { root } from './open.js';
import { loadScoreParameters } from './score/parameters.js';
import { createScore } from './score/score.js';
import type { Chart, ChartEntry, FactId, ListName, ServiceDefinition } from './types.js';

export interface EvaluatedGap extends Omit<MeasureVerdict, 'judgement'> {
  readonly group: number;
  readonly isInverse: boolean;
  /** The score's support for it. */
  readonly support: number;
}

export interface EvaluatedCase {
  readonly gaps: readonly EvaluatedGap[];
  readonly resources: ReadonlyMap<FactId, FhirResource>;
}

export interface CaseInput {
  readonly measure: string;
  readonly start: Date;
  readonly end: Date;
  readonly resources: readonly FhirResource[];
}

/** Undefined for a measure that no gap stands for. */
export type EvaluateCase = (input: CaseInput) => EvaluatedCase | undefined;

/** @throws StartError when the knowledge is wrong */
export async function createEvaluateCase(): Promise<EvaluateCase> {
  const [{ gaps, services }, parameters] = await Promise.all([
    loadKnowledge(join(root, 'cards')),
    loadScoreParameters(join(root, 'cards/score.json')),
  ]);
  const score = createScore(parameters);
  const extractFacts = createExtractFacts();
  return function evaluateCase({ measure, start, end, resources }) {
    for (const [folder, knowledge] of gaps) {
      const wanted = gapsOfMeasure(knowledge, measure);
      const service = services.find((one) => one.knowledge === folder);
      if (wanted.length === 0 || service === undefined) continue;
      const chart = toChart(resources, end);
      const verdicts = judgeMeasure(knowledge, wanted, chart, start);
      return {
        gaps: verdicts.map(({ judgement, ...verdict }, at) => ({
          ...verdict,
          group: wanted[at]?.measure?.group ?? 0,
          isInverse: wanted[at]?.measure?.inverse === true,
          support: supportOf(service, chart, judgement),
        })),
        resources: new Map(chart.entries.map(({ fact, resource }) => [fact, resource])),
      };
    }
    return undefined;
  };

  function supportOf(service: ServiceDefinition, chart: Chart, judgement: MeasureVerdict['judgement']): number {
    const facts = extractFacts(chart, judgement);
    const { scores } = score(service, judgement, facts, { reader: 'none', readings: [], unread: 0 });
    return scores[0]?.support ?? 0;
  }
}

/** A whole bundle, every list looked at completely; the end of the period is now. */
function toChart(resources: readonly FhirResource[], now: Date): Chart {
  const entries: ChartEntry[] = [];
  for (const resource of resources) {
    const list = listOfType(resource.resourceType);
    if (list === undefined || list === 'patient' || isEnteredInError(resource as unknown as Parameters<typeof isEnteredInError>[0])) continue;
    entries.push({ fact: `f${entries.length}` as FactId, list, resource });
  }
  const patient = resources.find((resource): resource is Patient => resource.resourceType === 'Patient') ?? { resourceType: 'Patient' };
  const names: readonly ListName[] = [
    'patient',
    'conditions',
    'observations',
    'medications',
    'procedures',
    'allergies',
    'encounters',
    'immunizations',
    'orders',
    'notes',
  ];
  return { patient, entries, lists: Object.fromEntries(names.map((name) => [name, { state: 'complete' }])), selected: [], now };
}
