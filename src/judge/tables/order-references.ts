/** How orders refer to each other: one replaces another. Knows FHIR's references, no drug. */
import { fieldsOf, listOf, textOf } from '../doses/fields.js';
import type { PatientDrug } from './check.js';

/** FHIR R4 MedicationRequest.priorPrescription and basedOn; the same id or group is the same order in a new version. */
export function isReplaced(by: PatientDrug, old: PatientDrug): boolean {
  if (by.fact === old.fact) return false;
  const oldId = textOf(old.fields['id']);
  const prior = textOf(fieldsOf(by.fields['priorPrescription'])['reference']);
  if (oldId !== '' && (prior === oldId || prior.endsWith(`/${oldId}`) || textOf(by.fields['id']) === oldId)) return true;
  const group = (drug: PatientDrug): string => textOf(fieldsOf(drug.fields['groupIdentifier'])['value']);
  if (group(by) !== '' && group(by) === group(old)) return true;
  return listOf(by.fields['basedOn']).some((one) => oldId !== '' && textOf(one['reference']).endsWith(`/${oldId}`));
}
