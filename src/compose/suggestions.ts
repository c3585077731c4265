/** Proposals of the knowledge as FHIR actions that an EHR can carry out. Knows FHIR's order resources, no clinical fact. {@link https://cds-hooks.hl7.org/2.0/#suggestion} */
import type { Dosage, FhirResource, MedicationRequest, Reference, ServiceRequest } from 'fhir/r4.js';
import type { Action, Chart, Clock, FactId, Finding, Proposal, Suggestion } from '../types.js';
import type { AnswerLike } from './answer-like.js';
import { addDays, isoDay } from './days.js';

export interface SuggestionDeps {
  readonly clock: Clock;
  readonly randomId: () => string;
}

type Order = Extract<Proposal, { kind: 'order' }>;

/** What is due is to be done within a quarter, where the knowledge says nothing else: a date to plan with, no clinical fact. */
const usualDays = 90;
/** A problem list can be long: the reasons of an order are those that a person would write. */
const maxReasonReferences = 3;

/** A proposal about a draft that has no id cannot be carried out and is left away. */
export function createSuggestions(
  proposals: readonly Proposal[],
  finding: Finding,
  answer: AnswerLike,
  { clock, randomId }: SuggestionDeps,
): readonly Suggestion[] {
  return proposals
    .map((proposal) => ({ proposal, action: toAction(proposal, finding, answer, clock()) }))
    .flatMap(({ proposal, action }) => (action === undefined ? [] : [{ uuid: randomId(), label: proposal.label, actions: [action] }]));
}

function toAction(proposal: Proposal, finding: Finding, answer: AnswerLike, now: Date): Action | undefined {
  if (proposal.kind === 'order') return { type: 'create', description: `${proposal.label}.`, resource: toOrder(proposal, finding, answer, now) };
  const draft = draftOf(answer.chart, proposal.draft);
  if (draft?.id === undefined) return undefined;
  if (proposal.kind === 'remove-draft') return { type: 'delete', description: `${proposal.label}.`, resourceId: `${draft.resourceType}/${draft.id}` };
  if (proposal.kind === 'change-dose')
    return {
      type: 'update',
      description: `${proposal.label}.`,
      resource: { ...(draft as MedicationRequest), dosageInstruction: [toDosage(proposal)] },
    };
  return { type: 'update', description: `${proposal.label}. Dose and instructions are to be written.`, resource: replaceDrug(draft, proposal.code) };
}

/**
 * A draft for the clinician to sign: never active by itself. A visit is ordered as a service too: EHRs take no Appointment from a card,
 * and what is to be quiet afterwards must be read back among the orders.
 */
function toOrder(order: Order, finding: Finding, answer: AnswerLike, now: Date): FhirResource {
  return order.as === 'medicine' ? toMedicine(order, finding, answer, now) : toService(order, finding, answer, now);
}

function toService(order: Order, finding: Finding, answer: AnswerLike, now: Date): ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'order',
    code: { coding: [order.code], text: order.code.display },
    ...common(order, finding, answer, now),
    occurrencePeriod: periodOf(order, now),
  };
}

/** Which drug of the class, and how much, is the clinician's to write. */
function toMedicine(order: Order, finding: Finding, answer: AnswerLike, now: Date): MedicationRequest {
  return {
    resourceType: 'MedicationRequest',
    status: 'draft',
    intent: 'order',
    medicationCodeableConcept: { coding: [order.code], text: order.code.display },
    ...common(order, finding, answer, now),
  };
}

function common({ reason }: Order, finding: Finding, answer: AnswerLike, now: Date) {
  const { patientId, encounterId, userId } = answer.request;
  const reasons = reasonsOf(finding, answer);
  return {
    subject: { reference: `Patient/${patientId}` },
    ...(encounterId === undefined ? {} : { encounter: { reference: `Encounter/${encounterId}` } }),
    ...(userId !== undefined && /^Practitioner(Role)?\/[A-Za-z0-9\-.]{1,64}$/.test(userId) ? { requester: { reference: userId } } : {}),
    authoredOn: now.toISOString(),
    reasonCode: [{ text: reason }],
    ...(reasons.length === 0 ? {} : { reasonReference: reasons }),
  };
}

/** The problems on record for which the rule applies. */
function reasonsOf({ evidence }: Finding, { chart, judgement }: AnswerLike): Reference[] {
  const against = new Set(judgement.matches.filter((match) => !match.holds).map((match) => match.fact));
  return chart.entries
    .filter(({ fact, resource }) => resource.resourceType === 'Condition' && evidence.includes(fact) && !against.has(fact))
    .flatMap(({ resource }) => (resource.id === undefined ? [] : [{ reference: `Condition/${resource.id}` }]))
    .slice(0, maxReasonReferences);
}

function periodOf({ withinDays = usualDays }: Pick<Order, 'withinDays'>, now: Date): { start: string; end: string } {
  return { start: isoDay(now), end: isoDay(addDays(now, withinDays)) };
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

function toDosage({ text, dose, timesPerDay }: Extract<Proposal, { kind: 'change-dose' }>): Dosage {
  return {
    text,
    ...(timesPerDay === undefined ? {} : { timing: { repeat: { frequency: timesPerDay, period: 1, periodUnit: 'd' } } }),
    ...(dose === undefined ? {} : { doseAndRate: [{ doseQuantity: { ...dose, system: 'http://unitsofmeasure.org', code: dose.unit } }] }),
  };
}
