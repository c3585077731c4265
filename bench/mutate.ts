/** Changes a chart at random, as charts differ: dates, statuses, values, what is there at all. Knows FHIR's fields, no measure. */
import type { FhirResource, Patient } from 'fhir/r4.js';
import { adopt } from './histories.js';

type Random = () => number;
interface Mutant {
  readonly resources: readonly FhirResource[];
  /** What was done, in words. */
  readonly steps: readonly string[];
}

const dayMs = 86_400_000;
const datePattern = /"(\d{4}-\d\d-\d\d)([^"]*)"/g;
const statuses: Readonly<Record<string, readonly string[]>> = {
  Procedure: ['completed', 'in-progress', 'not-done', 'stopped', 'preparation'],
  Observation: ['final', 'amended', 'corrected', 'preliminary', 'registered', 'cancelled'],
  MedicationRequest: ['active', 'completed', 'cancelled', 'stopped', 'draft', 'on-hold'],
  Encounter: ['finished', 'planned', 'cancelled', 'in-progress'],
  ServiceRequest: ['active', 'completed', 'draft', 'revoked', 'on-hold'],
  DeviceRequest: ['active', 'completed', 'draft', 'revoked'],
  Immunization: ['completed', 'not-done'],
};
const system = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

function pick<T>(from: readonly T[], random: Random): T | undefined {
  return from[Math.floor(random() * from.length)];
}

/** Every date of a resource by so many days. */
function moveDays(resource: FhirResource, days: number): FhirResource {
  const moved = JSON.stringify(resource).replaceAll(
    datePattern,
    (_, date: string, rest: string) => `"${new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10)}${rest}"`,
  );
  return JSON.parse(moved);
}

function name({ resourceType, id }: FhirResource): string {
  return `${resourceType}/${id ?? '?'}`;
}

const near = [-366, -365, -180, -90, -30, -2, -1, 1, 2, 30, 90, 180, 365, 366];

function changeStatus(resource: FhirResource, random: Random): { readonly resource: FhirResource; readonly step: string } | undefined {
  if (resource.resourceType === 'Condition') {
    // Not the verification: most measures do not ask for it, and to us a disease that was ruled out is none.
    const code = pick(['inactive', 'resolved', 'active', 'recurrence'], random) ?? 'active';
    return { resource: { ...resource, clinicalStatus: { coding: [{ system, code }] } }, step: `${name(resource)} ${code}` };
  }
  const status = pick(statuses[resource.resourceType] ?? [], random);
  return status === undefined ? undefined : { resource: Object.assign(structuredClone(resource), { status }), step: `${name(resource)} ${status}` };
}

function changeValue(resource: FhirResource, random: Random): { readonly resource: FhirResource; readonly step: string } | undefined {
  if (resource.resourceType !== 'Observation') return undefined;
  const times = pick([0.3, 0.6, 0.8, 0.9, 1, 1.1, 1.3, 2, 4], random) ?? 1;
  const scale = (text: string): string =>
    text.replaceAll(/"value":(-?[\d.]+)/g, (_, value: string) => `"value":${Number((Number(value) * times).toFixed(2))}`);
  return { resource: JSON.parse(scale(JSON.stringify(resource))), step: `${name(resource)} values times ${times}` };
}

export function mutate(resources: readonly FhirResource[], donors: readonly (readonly FhirResource[])[], random: Random): Mutant {
  let changed = [...resources];
  const steps: string[] = [];
  const count = 1 + Math.floor(random() * 3);
  for (let step = 0; step < count; step += 1) {
    const at = Math.floor(random() * changed.length);
    const resource = changed[at];
    const patient = changed.find((one): one is Patient => one.resourceType === 'Patient');
    if (resource === undefined || patient === undefined) break;
    const kind = random();
    if (kind < 0.3) {
      const days = random() < 0.7 ? (pick(near, random) ?? 1) : Math.floor((random() - 0.6) * 2000);
      changed[at] = moveDays(resource, days);
      steps.push(`${name(resource)} moved ${days} days`);
    } else if (kind < 0.4) {
      const days = random() < 0.5 ? (pick(near, random) ?? 1) : Math.floor((random() - 0.5) * 15_000);
      changed[changed.indexOf(patient)] = { ...patient, birthDate: moveBirth(patient, days) };
      steps.push(`birth moved ${days} days`);
    } else if (kind < 0.5 && resource.resourceType !== 'Patient') {
      changed.splice(at, 1);
      steps.push(`${name(resource)} dropped`);
    } else if (kind < 0.65) {
      const other = changeStatus(resource, random);
      if (other === undefined) continue;
      changed[at] = other.resource;
      steps.push(other.step);
    } else if (kind < 0.75) {
      const other = changeValue(resource, random);
      if (other === undefined) continue;
      changed[at] = other.resource;
      steps.push(other.step);
    } else {
      const donor = (pick(donors, random) ?? []).filter((one) => one.resourceType !== 'Patient');
      const some = donor.filter(() => random() < 0.6);
      changed = [...changed, ...adopt(some, patient, `g${step}`)];
      steps.push(`with ${some.map(name).join(', ')}`);
    }
  }
  return { resources: changed, steps };
}

function moveBirth({ birthDate = '1970-01-01' }: Patient, days: number): string {
  return new Date(Date.parse(birthDate.slice(0, 10)) + days * dayMs).toISOString().slice(0, 10);
}
