/** Proposals of the knowledge as FHIR actions that an EHR can carry out. Knows FHIR's order resources, no clinical fact. {@link https://cds-hooks.hl7.org/2.0/#suggestion} */
import type { FhirResource, MedicationRequest, ServiceRequest } from 'fhir/r4.js';
import type { Action, Chart, Clock, FactId, HookRequest, Proposal, Suggestion } from '../types.js';

export interface SuggestionDeps {
  readonly clock: Clock;
  readonly randomId: () => string;
}

/** A proposal about a draft that has no id cannot be carried out and is left away. */
export function createSuggestions(
  proposals: readonly Proposal[],
  request: HookRequest,
  chart: Chart,
  { clock, randomId }: SuggestionDeps,
): readonly Suggestion[] {
  return proposals
    .map((proposal) => ({ proposal, action: toAction(proposal, request, chart, clock) }))
    .flatMap(({ proposal, action }) => (action === undefined ? [] : [{ uuid: randomId(), label: proposal.label, actions: [action] }]));
}

function toAction(proposal: Proposal, request: HookRequest, chart: Chart, clock: Clock): Action | undefined {
  if (proposal.kind === 'order') return { type: 'create', description: `${proposal.label}.`, resource: toOrder(proposal, request, clock) };
  const draft = draftOf(chart, proposal.draft);
  if (draft?.id === undefined) return undefined;
  if (proposal.kind === 'remove-draft') return { type: 'delete', description: `${proposal.label}.`, resourceId: `${draft.resourceType}/${draft.id}` };
  return { type: 'update', description: `${proposal.label}. Dose and instructions are to be written.`, resource: replaceDrug(draft, proposal.code) };
}

/** A draft for the clinician to sign: never active by itself. */
function toOrder({ code, reason }: Extract<Proposal, { kind: 'order' }>, request: HookRequest, clock: Clock): ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'order',
    code: { coding: [code], text: code.display },
    subject: { reference: `Patient/${request.patientId}` },
    ...(request.encounterId === undefined ? {} : { encounter: { reference: `Encounter/${request.encounterId}` } }),
    authoredOn: clock().toISOString(),
    reasonCode: [{ text: reason }],
  };
}

function draftOf(chart: Chart, fact: FactId): FhirResource | undefined {
  return chart.entries.find((entry) => entry.fact === fact)?.resource;
}

/** The same order for another drug. What was written for the old drug goes: a dose of ibuprofen is no dose of acetaminophen. */
function replaceDrug(draft: FhirResource, code: Extract<Proposal, { kind: 'replace-draft' }>['code']): FhirResource {
  const {
    medicationReference: _drug,
    dosageInstruction: _dose,
    dispenseRequest: _dispense,
    substitution: _substitution,
    contained: _contained,
    ...kept
  } = draft as MedicationRequest;
  return { ...kept, medicationCodeableConcept: { coding: [code], text: code.display } };
}
