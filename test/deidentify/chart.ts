/** Charts for the wall, all of them invented. */
import type { FhirResource, Patient } from 'fhir/r4.js';
import { createExtractFacts } from '../../src/deidentify/facts.js';
import type { CandidateId, Chart, CriterionId, Fact, FactId, Judgement } from '../../src/types.js';

export const now = new Date('2026-03-15T12:00:00Z');

const nothing: Judgement = {
  candidates: [{ id: 'colorectal' as CandidateId, text: 'screening', logic: 'c' as CriterionId }],
  criteria: [],
  findings: [],
  matches: [],
  absences: [],
  missing: [],
  advice: [],
  unavailable: [],
};

export function factsOf(
  resources: readonly unknown[],
  options: { readonly patient?: object; readonly judgement?: Partial<Judgement>; readonly drafts?: readonly unknown[] } = {},
): readonly Fact[] {
  const chart: Chart = {
    patient: { resourceType: 'Patient', id: 'p1', ...options.patient } as Patient,
    entries: [
      ...resources.map((resource, index) => ({ fact: `f${index}` as FactId, list: 'conditions' as const, resource: resource as FhirResource })),
      ...(options.drafts ?? []).map((resource, index) => ({
        fact: `d${index}` as FactId,
        list: 'drafts' as const,
        resource: resource as FhirResource,
      })),
    ],
    lists: {},
    selected: [],
    now,
  };
  // Every record is named by a criterion, so that all of them are told.
  const matches = chart.entries.map(({ fact }) => ({ fact, criterion: 'c' as CriterionId, holds: true }));
  return createExtractFacts()(chart, { ...nothing, matches, ...options.judgement });
}

export const note = (text: string, date = '2026-03-01', contentType = 'text/plain') => ({
  resourceType: 'DocumentReference',
  id: 'n1',
  subject: { reference: 'Patient/p1' },
  date,
  content: [{ attachment: { contentType, data: Buffer.from(text).toString('base64') } }],
});
