/** Drugs that the order pad offers with their codes, and drafts made of them or of any other words. Holds no rule about any drug: that is the service's to say. */
import { textAt } from '../json-value.js';
import type { Resource } from './wire.js';
import { sayConcept } from './words.js';

interface Drug {
  readonly name: string;
  /** RxNorm, product first, then ingredient: as EHRs send it. */
  readonly codes: readonly string[];
}

export const drugs: readonly Drug[] = [
  { name: 'ibuprofen 200 MG Oral Tablet', codes: ['310965', '5640'] },
  { name: 'amoxicillin 250 MG Oral Capsule', codes: ['308182', '723'] },
  { name: 'warfarin sodium 5 MG Oral Tablet', codes: ['855332', '11289'] },
  { name: 'naproxen sodium 220 MG Oral Tablet', codes: ['849574', '7258'] },
  { name: 'potassium chloride', codes: ['8591'] },
  { name: 'simvastatin 20 MG Oral Tablet', codes: ['312961', '36567'] },
  { name: 'clarithromycin 500 MG Oral Tablet', codes: ['197517', '21212'] },
  { name: 'nitroglycerin 0.4 MG/ACTUAT Mucosal Spray', codes: ['705129', '4917'] },
  { name: 'allopurinol 100 MG Oral Tablet', codes: ['197319', '519'] },
  { name: 'methotrexate 10 MG Oral Tablet', codes: ['105586', '6851'] },
  { name: 'acetaminophen 325 MG Oral Tablet', codes: ['313782', '161'] },
];

const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';

/** The product of that name, or the first whose name begins with what was typed. */
function findDrug(typed: string): Drug | undefined {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return undefined;
  return drugs.find(({ name }) => name.toLowerCase() === wanted) ?? drugs.find(({ name }) => name.toLowerCase().startsWith(wanted));
}

/** A MedicationRequest that stands in the order pad only; its id is local. */
export type Draft = Resource & { readonly id: string };

interface DraftOf {
  readonly id: string;
  readonly patient: string;
  readonly requester: string;
  readonly now: Date;
}

/** What is not in the list is ordered in the words that were typed, as an EHR lets a clinician do. */
export function createDraft(typed: string, directions: string, { id, patient, requester, now }: DraftOf): Draft {
  const drug = findDrug(typed);
  const concept =
    drug === undefined
      ? { text: typed.trim() }
      : { coding: drug.codes.map((code) => ({ system: rxnorm, code, display: drug.name })), text: drug.name };
  return {
    resourceType: 'MedicationRequest',
    id,
    status: 'draft',
    intent: 'order',
    medicationCodeableConcept: concept,
    ...(directions.trim() === '' ? {} : { dosageInstruction: [{ text: directions.trim() }] }),
    subject: { reference: `Patient/${patient}` },
    requester: { reference: requester },
    authoredOn: now.toISOString(),
  };
}

/** What is written to the chart: the server gives it an id of its own. */
export function toSigned({ id: _local, ...draft }: Draft, now: Date): Resource {
  return { ...draft, status: 'active', authoredOn: now.toISOString() };
}

export function nameOfDraft(draft: Draft): string {
  return sayConcept(draft, 'medicationCodeableConcept');
}

export function directionsOf(draft: Draft): string {
  return textAt(draft, 'dosageInstruction.text') ?? '';
}

export function referenceOf(draft: Draft): string {
  return `${draft.resourceType}/${draft.id}`;
}

export function toBundle(drafts: readonly Draft[]): object {
  return { resourceType: 'Bundle', type: 'collection', entry: drafts.map((resource) => ({ resource })) };
}
