/** Which lists a chart shows and how a resource becomes a row of one. Knows nothing of how they are read or drawn. */
import { textAt, valuesAt } from '../json-value.js';
import type { Resource } from './wire.js';
import { sayConcept, sayDay } from './words.js';

export interface Row {
  readonly key: string;
  readonly title: string;
  readonly value?: string | undefined;
  readonly detail?: string | undefined;
  readonly date?: string | undefined;
  /** Free text, shown as written. */
  readonly text?: string | undefined;
}

export interface ChartList {
  readonly id: ListId;
  readonly title: string;
  readonly type: string;
  readonly toRow: (resource: Resource) => Omit<Row, 'key'>;
}

export type ListId = 'problems' | 'medications' | 'allergies' | 'results' | 'procedures' | 'notes' | 'orders';

export const chartLists: readonly ChartList[] = [
  {
    id: 'problems',
    title: 'Problems',
    type: 'Condition',
    toRow: (resource) => ({
      title: sayConcept(resource, 'code'),
      detail: textAt(resource, 'clinicalStatus.coding.code'),
      date: textAt(resource, 'onsetDateTime') ?? textAt(resource, 'recordedDate'),
    }),
  },
  {
    id: 'medications',
    title: 'Medications',
    type: 'MedicationRequest',
    toRow: (resource) => ({
      title: sayConcept(resource, 'medicationCodeableConcept'),
      detail: [textAt(resource, 'status'), textAt(resource, 'dosageInstruction.text')].filter(Boolean).join(' · '),
      date: textAt(resource, 'authoredOn'),
    }),
  },
  {
    id: 'allergies',
    title: 'Allergies',
    type: 'AllergyIntolerance',
    toRow: (resource) => ({
      title: sayConcept(resource, 'code'),
      detail: textAt(resource, 'clinicalStatus.coding.code'),
      date: textAt(resource, 'recordedDate'),
    }),
  },
  {
    id: 'results',
    title: 'Results',
    type: 'Observation',
    toRow: (resource) => ({
      title: sayConcept(resource, 'code'),
      value: sayValue(resource),
      date: textAt(resource, 'effectiveDateTime'),
    }),
  },
  {
    id: 'procedures',
    title: 'Procedures',
    type: 'Procedure',
    toRow: (resource) => ({
      title: sayConcept(resource, 'code'),
      detail: textAt(resource, 'status'),
      date: textAt(resource, 'performedDateTime') ?? textAt(resource, 'performedPeriod.start'),
    }),
  },
  {
    id: 'notes',
    title: 'Notes',
    type: 'DocumentReference',
    toRow: (resource) => ({
      title: sayConcept(resource, 'type'),
      date: textAt(resource, 'date'),
      text: sayNote(resource),
    }),
  },
  {
    id: 'orders',
    title: 'Orders',
    type: 'ServiceRequest',
    toRow: (resource) => ({
      title: sayConcept(resource, 'code'),
      detail: textAt(resource, 'status'),
      date: textAt(resource, 'authoredOn'),
    }),
  },
];

/** Latest first; what has no date comes last. */
export function toRows(list: ChartList, resources: readonly Resource[]): readonly Row[] {
  return resources
    .map((resource) => ({ key: `${resource.resourceType}/${resource.id ?? ''}`, ...list.toRow(resource) }))
    .sort((one, other) => (other.date ?? '').localeCompare(one.date ?? ''))
    .map((row) => ({ ...row, date: sayDay(row.date) }));
}

function sayValue(resource: unknown): string | undefined {
  const parts = valuesAt(resource, 'component').map((part) => sayOneValue(part) ?? '?');
  if (parts.length > 0) return joinParts(parts);
  return sayOneValue(resource);
}

/** "132 / 82 mmHg": a unit that all parts share is said once. */
function joinParts(parts: readonly string[]): string {
  const unit = /^\S+( \S+)$/.exec(parts[0] ?? '')?.[1];
  if (unit === undefined || !parts.every((part) => part.endsWith(unit))) return parts.join(' / ');
  return `${parts.map((part) => part.slice(0, -unit.length)).join(' / ')}${unit}`;
}

function sayOneValue(holder: unknown): string | undefined {
  const number = valuesAt(holder, 'valueQuantity.value')[0];
  if (typeof number === 'number') return `${number} ${(textAt(holder, 'valueQuantity.unit') ?? '').replace(/^\{(.*)\}$/, '')}`.trim();
  if (valuesAt(holder, 'valueCodeableConcept').length > 0) return sayConcept(holder, 'valueCodeableConcept');
  return textAt(holder, 'valueString') ?? textAt(holder, 'dataAbsentReason.text');
}

function sayNote(resource: unknown): string {
  const data = textAt(resource, 'content.attachment.data');
  const type = textAt(resource, 'content.attachment.contentType') ?? '';
  if (data === undefined || !type.startsWith('text/plain')) return 'This note is not plain text and is not shown here.';
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));
  } catch {
    return 'This note could not be decoded.';
  }
}
