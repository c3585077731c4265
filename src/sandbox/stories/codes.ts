/** The codes that the invented charts are written with. Holds no rule: what a code means for care stands in cards/. */
import type { CodeableConcept } from 'fhir/r4.js';

const loincSystem = 'http://loinc.org';
const snomedSystem = 'http://snomed.info/sct';
const rxnormSystem = 'http://www.nlm.nih.gov/research/umls/rxnorm';

const concept = (system: string, display: string, ...codes: readonly string[]): CodeableConcept => ({
  coding: codes.map((code) => ({ system, code, display })),
  text: display,
});
const loinc = (code: string, display: string) => concept(loincSystem, display, code);
const snomed = (code: string, display: string) => concept(snomedSystem, display, code);
/** Product first, ingredient second: as EHRs send it, and readable for those who know ingredients only. */
const drug = (display: string, product: string, ingredient: string) => concept(rxnormSystem, display, product, ingredient);

export const labs = {
  hba1c: { code: loinc('4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood'), unit: '%' },
  cholesterol: { code: loinc('2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma'), unit: 'mg/dL' },
  ldl: { code: loinc('13457-7', 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation'), unit: 'mg/dL' },
  hdl: { code: loinc('2085-9', 'Cholesterol in HDL [Mass/volume] in Serum or Plasma'), unit: 'mg/dL' },
  creatinine: { code: loinc('2160-0', 'Creatinine [Mass/volume] in Serum or Plasma'), unit: 'mg/dL' },
  potassium: { code: loinc('2823-3', 'Potassium [Moles/volume] in Serum or Plasma'), unit: 'mmol/L' },
  hemoglobin: { code: loinc('718-7', 'Hemoglobin [Mass/volume] in Blood'), unit: 'g/dL' },
  filtration: {
    code: loinc(
      '98979-8',
      'Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI 2021)',
    ),
    unit: 'mL/min/{1.73_m2}',
  },
  urineAlbumin: { code: loinc('9318-7', 'Albumin/Creatinine [Mass Ratio] in Urine'), unit: 'mg/g' },
  inr: { code: loinc('6301-6', 'INR in Platelet poor plasma by Coagulation assay'), unit: '{INR}' },
} as const;

export const ejectionFraction = { code: loinc('10230-1', 'Left ventricular Ejection fraction'), unit: '%' } as const;

export const vitals = {
  weight: { code: loinc('29463-7', 'Body weight'), unit: 'kg' },
  height: { code: loinc('8302-2', 'Body height'), unit: 'cm' },
  bodyMassIndex: { code: loinc('39156-5', 'Body mass index (BMI) [Ratio]'), unit: 'kg/m2' },
  heartRate: { code: loinc('8867-4', 'Heart rate'), unit: '/min' },
} as const;

export const bloodPressure = {
  panel: loinc('85354-9', 'Blood pressure panel with all children optional'),
  systolic: loinc('8480-6', 'Systolic blood pressure'),
  diastolic: loinc('8462-4', 'Diastolic blood pressure'),
} as const;

export const papTest = loinc('10524-7', 'Microscopic observation [Identifier] in Cervix by Cyto stain');
export const retinaExam = snomed('274798009', 'Examination of retina');
export const normal = snomed('17621005', 'Normal');
export const smokingStatus = loinc('72166-2', 'Tobacco smoking status');
export const neverSmoker = snomed('266919005', 'Never smoked tobacco');
export const dailySmoker = snomed('449868002', 'Smokes tobacco daily');
/** What is asked once a year. */
export const screenings = {
  depression: loinc('73832-8', 'Adult depression screening assessment'),
  depressionNegative: snomed('428171000124102', 'Depression screening negative'),
  falls: loinc('73830-2', 'Fall risk assessment'),
} as const;
export const progressNote = loinc('11506-3', 'Progress note');
export const noKnownAllergy = snomed('716186003', 'No known allergy');
export const penicillinAllergy = snomed('91936005', 'Allergy to penicillin');

export const conditions = {
  hypertension: snomed('38341003', 'Hypertensive disorder, systemic arterial'),
  hyperlipidemia: snomed('55822004', 'Hyperlipidemia'),
  diabetesType2: snomed('44054006', 'Diabetes mellitus type 2'),
  atrialFibrillation: snomed('49436004', 'Atrial fibrillation'),
  heartFailure: snomed('84114007', 'Heart failure'),
  seasonalAllergy: snomed('367498001', 'Seasonal allergic rhinitis'),
  backPain: snomed('279039007', 'Low back pain'),
} as const;

export const procedures = {
  colonoscopy: snomed('73761001', 'Colonoscopy'),
  smokingCessation: snomed('225323000', 'Smoking cessation education'),
  mammography: snomed('71651007', 'Mammography'),
} as const;

export const drugs = {
  warfarin: drug('warfarin sodium 5 MG Oral Tablet', '855332', '11289'),
  metoprolol: drug('metoprolol succinate 50 MG 24 HR Extended Release Oral Tablet', '866436', '6918'),
  lisinopril: drug('lisinopril 10 MG Oral Tablet', '314076', '29046'),
  amlodipine: drug('amlodipine 5 MG Oral Tablet', '197361', '17767'),
  metformin: drug('metformin hydrochloride 500 MG Oral Tablet', '861007', '6809'),
  atorvastatin: drug('atorvastatin 20 MG Oral Tablet', '617310', '83367'),
  spironolactone: drug('spironolactone 25 MG Oral Tablet', '313096', '9997'),
} as const;
