/** Checks that are nothing but rules about the patient, one file of knowledge each. Knows their names only. */
import { definePatientCheck } from './patient-rules.js';

export const renal = definePatientCheck('renal');
export const hepatic = definePatientCheck('hepatic');
export const pregnancy = definePatientCheck('pregnancy');
export const disease = definePatientCheck('disease');
export const age = definePatientCheck('age');
export const values = definePatientCheck('values');
