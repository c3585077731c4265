/** Invented charts of a wanted size for the benchmark. All data are made up; nobody is described. */
import type { FhirResource } from 'fhir/r4.js';

const day = 86_400_000;

/** A woman of 58 with diabetes, HbA1c 9.8 %, no colorectal and no breast screening: three gaps, among `size` resources. */
export function makeThreeGapPrefetch(size: number, now: Date, seed = 0): Readonly<Record<string, unknown>> {
  const ago = (days: number): string => new Date(now.getTime() - days * day).toISOString();
  const subject = { reference: 'Patient/bench' };
  const labs = ['2345-7', '2160-0', '718-7', '2093-3', '6690-2', '2951-2'];
  const observations: FhirResource[] = Array.from({ length: size - 60 }, (_, index) => ({
    resourceType: 'Observation',
    id: `o${index}`,
    status: 'final',
    subject,
    effectiveDateTime: ago(10 + index * 9),
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] }],
    code: {
      coding: [{ system: 'http://loinc.org', code: labs[index % labs.length] ?? '2345-7', display: `laboratory value ${index % labs.length}` }],
    },
    valueQuantity: { value: 90 + ((index * 7 + seed) % 40), unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' },
  }));
  observations.push({
    resourceType: 'Observation',
    id: 'a1c',
    status: 'final',
    subject,
    effectiveDateTime: ago(60),
    code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood' }] },
    valueQuantity: { value: 9.8, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
  });
  observations.push(...makeDone(subject, ago));
  const condition = (id: string, code: string, display: string): FhirResource => ({
    resourceType: 'Condition',
    id,
    subject,
    onsetDateTime: ago(2000),
    clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
    code: { coding: [{ system: 'http://snomed.info/sct', code, display }] },
  });
  const medication = (id: string, code: string, display: string): FhirResource => ({
    resourceType: 'MedicationRequest',
    id,
    subject,
    status: 'active',
    intent: 'order',
    authoredOn: ago(120),
    medicationCodeableConcept: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code, display }] },
  });
  return {
    patient: { resourceType: 'Patient', id: 'bench', gender: 'female', birthDate: String(now.getUTCFullYear() - 58).concat('-01-15') },
    conditions: toBundle([
      condition('dm', '44054006', 'Diabetes mellitus type 2 (disorder)'),
      ...Array.from({ length: 24 }, (_, index) => condition(`c${index}`, '59621000', `Essential hypertension, record ${index}`)),
    ]),
    observations: toBundle(observations),
    medications: toBundle([
      medication('statin', '617310', 'atorvastatin 20 MG Oral Tablet'),
      ...Array.from({ length: 24 }, (_, index) => medication(`m${index}`, '314076', 'lisinopril 10 MG Oral Tablet')),
    ]),
    procedures: toBundle(
      Array.from(
        { length: 8 },
        (_, index): FhirResource => ({
          resourceType: 'Procedure',
          id: `p${index}`,
          subject,
          status: 'completed',
          performedDateTime: ago(300 + index * 90),
          code: { coding: [{ system: 'http://snomed.info/sct', code: '430193006', display: 'Medication reconciliation (procedure)' }] },
        }),
      ),
    ),
    allergies: toBundle([]),
    encounters: toBundle([]),
    immunizations: toBundle([]),
    orders: toBundle([]),
    notes: toBundle([makeNote(seed, ago(30))]),
  };
}

/** All else that a woman of 58 with diabetes and hypertension should have had. */
function makeDone(subject: { readonly reference: string }, ago: (days: number) => string): readonly FhirResource[] {
  const done = (id: string, category: string, system: string, code: string, display: string, value: object): FhirResource =>
    ({
      resourceType: 'Observation',
      id,
      status: 'final',
      subject,
      effectiveDateTime: ago(90),
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] }],
      code: { coding: [{ system, code, display }] },
      ...value,
    }) as FhirResource;
  const [loinc, snomed] = ['http://loinc.org', 'http://snomed.info/sct'];
  const quantity = (value: number, code: string) => ({ valueQuantity: { value, unit: code, system: 'http://unitsofmeasure.org', code } });
  const normal = { valueCodeableConcept: { coding: [{ system: snomed, code: '17621005', display: 'Normal' }] } };
  const said = (code: string, display: string) => ({ valueCodeableConcept: { coding: [{ system: snomed, code, display }] } });
  const part = (code: string, value: number) => ({ code: { coding: [{ system: loinc, code }] }, ...quantity(value, 'mm[Hg]') });
  return [
    done('pap', 'laboratory', loinc, '10524-7', 'Microscopic observation [Identifier] in Cervix by Cyto stain', normal),
    done('egfr', 'laboratory', loinc, '98979-8', 'Glomerular filtration rate (CKD-EPI 2021)', quantity(88, 'mL/min/{1.73_m2}')),
    done('uacr', 'laboratory', loinc, '9318-7', 'Albumin/Creatinine [Mass Ratio] in Urine', quantity(14, 'mg/g')),
    done('eye', 'exam', snomed, '274798009', 'Examination of retina', normal),
    done('bp', 'vital-signs', loinc, '85354-9', 'Blood pressure panel', { component: [part('8480-6', 124), part('8462-4', 76)] }),
    done('bmi', 'vital-signs', loinc, '39156-5', 'Body mass index (BMI) [Ratio]', quantity(24, 'kg/m2')),
    done('tobacco', 'social-history', loinc, '72166-2', 'Tobacco smoking status', said('266919005', 'Never smoked tobacco')),
    done('mood', 'survey', loinc, '73832-8', 'Adult depression screening assessment', said('428171000124102', 'Depression screening negative')),
  ];
}

/** Nothing to say: the same lists, a patient of 30 without anything due. */
export function makeQuietPrefetch(now: Date): Readonly<Record<string, unknown>> {
  const full = makeThreeGapPrefetch(150, now);
  // Without the hemoglobin A1c: 9.8 % without diabetes on record is worth a word.
  const observations = (full['observations'] as { readonly entry: readonly { readonly resource: FhirResource }[] }).entry
    .map(({ resource }) => resource)
    .filter(({ id }) => id !== 'a1c');
  return {
    ...full,
    observations: toBundle(observations),
    patient: { resourceType: 'Patient', id: 'bench', gender: 'male', birthDate: `${now.getUTCFullYear() - 30}-01-15` },
    conditions: toBundle([]),
    notes: toBundle([]),
  };
}

/** Sentences that no other seed has, so that no reading of them is cached. */
function makeNote(seed: number, date: string): FhirResource {
  const words = ['headache', 'back pain', 'fatigue', 'knee pain', 'cough', 'rash', 'insomnia', 'dizziness'];
  const word = (offset: number): string => words[(seed + offset) % words.length] ?? 'cough';
  const text = [
    `Seen for ${word(0)} and ${word(1)}, visit type ${seed}.`,
    `Reports ${word(2)} for some weeks, severity ${seed % 10} of ten.`,
    'Sleeps well, appetite good.',
    `Walks ${20 + (seed % 40)} minutes a day.`,
    `No ${word(3)}, no ${word(4)}.`,
    'Lungs clear, heart sounds regular.',
    `Plan: review ${word(5)} in some weeks, option ${seed}.`,
    'Counselled on diet.',
  ].join(' ');
  return {
    resourceType: 'DocumentReference',
    id: `n${seed}`,
    status: 'current',
    subject: { reference: 'Patient/bench' },
    date,
    content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
  };
}

function toBundle(resources: readonly FhirResource[]): unknown {
  return { resourceType: 'Bundle', type: 'searchset', total: resources.length, entry: resources.map((resource) => ({ resource })) };
}
