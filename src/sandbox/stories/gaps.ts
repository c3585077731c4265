/** Stories about preventive care: open, closed only in words, denied in words, out of range of age, all done. Their people are invented. */
import { createChartBuilder } from './build.js';
import { conditions, dailySmoker, drugs, labs, normal, papTest, penicillinAllergy, procedures, retinaExam } from './codes.js';
import type { Story } from './story.js';

const month = 30.4;
const year = 365.25;

export function createGapColorectal(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'gap-colorectal', given: 'Walter', family: 'Ashgrove', gender: 'male', ageYears: 58, recordNumber: 'MRN-4471001', phone: '555-0141' },
    now,
  );
  chart.routine({ weight: 84, height: 178, systolic: 132, diastolic: 82 });
  chart.noKnownAllergies();
  chart.condition(conditions.hypertension, 6 * year);
  chart.takes(drugs.amlodipine, 200, 'Take 1 tablet daily');
  chart.measure('laboratory', labs.creatinine, 0.9, 40);
  chart.measure('laboratory', labs.hemoglobin, 14.6, 40);
  chart.measure('laboratory', labs.cholesterol, 182, 40);
  chart.measure('laboratory', labs.ldl, 104, 40);
  chart.measure('laboratory', labs.hdl, 52, 40);
  chart.note(`Mr. Walter Ashgrove (MRN-4471001) came for his check-up.\nBlood pressure is well controlled.\nHe feels well and walks daily.`, 40);
  return {
    title: 'A screening is due',
    shows: 'No colorectal cancer screening on record at 58: opening the chart gives a card.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}

export function createGapClosedInNote(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'gap-closed-in-note', given: 'Hollis', family: 'Grady', gender: 'male', ageYears: 60, recordNumber: 'MRN-4471002', phone: '555-0142' },
    now,
  );
  chart.routine({ weight: 79, height: 174, systolic: 124, diastolic: 76 });
  chart.noKnownAllergies();
  chart.condition(conditions.hyperlipidemia, 4 * year);
  chart.takes(drugs.atorvastatin, 180, 'Take 1 tablet at bedtime');
  chart.measure('laboratory', labs.cholesterol, 171, 40);
  chart.measure('laboratory', labs.ldl, 92, 40);
  chart.note(
    [
      'Hollis Grady, MRN-4471002, phone 555-0142, was seen today.',
      'Colonoscopy done at an outside hospital in March, normal.',
      'Cholesterol is at goal.',
      'Return in one year.',
    ].join('\n'),
    8 * month,
  );
  return {
    title: 'The same gap, closed only in a note',
    shows: 'No coded colonoscopy, but a note tells of one at another hospital: the card becomes information and quotes the sentence.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}

export function createNoteSaysNever(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'note-says-never', given: 'Marisol', family: 'Tennant', gender: 'female', ageYears: 55, recordNumber: 'MRN-4471003', phone: '555-0143' },
    now,
  );
  chart.routine({ weight: 68, height: 165, systolic: 118, diastolic: 74 });
  chart.noKnownAllergies();
  chart.condition(conditions.seasonalAllergy, 9 * year);
  chart.procedure(procedures.mammography, 9 * month);
  chart.finding('laboratory', papTest, normal, 14 * month);
  chart.measure('laboratory', labs.creatinine, 0.7, 40);
  chart.measure('laboratory', labs.hemoglobin, 13.4, 40);
  chart.note(
    'Ms. Tennant (phone 555-0143) is here for her annual visit.\nPatient has never had a colonoscopy.\nBrother had a colonoscopy last year.',
    5 * month,
  );
  return {
    title: 'A note that says "never"',
    shows: 'The note names a colonoscopy twice, denied and of the brother: neither closes the gap.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}

export function createNothingWrong(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'nothing-wrong', given: 'Imani', family: 'Okafor', gender: 'female', ageYears: 52, recordNumber: 'MRN-4471008', phone: '555-0148' },
    now,
  );
  chart.routine({ weight: 71, height: 168, systolic: 122, diastolic: 78 });
  chart.noKnownAllergies();
  chart.condition(conditions.diabetesType2, 5 * year);
  chart.condition(conditions.hypertension, 7 * year);
  chart.takes(drugs.metformin, 150, 'Take 1 tablet twice daily');
  chart.takes(drugs.lisinopril, 150, 'Take 1 tablet daily');
  chart.takes(drugs.atorvastatin, 150, 'Take 1 tablet at bedtime');
  chart.measure('laboratory', labs.hba1c, 6.9, 8 * month);
  chart.measure('laboratory', labs.hba1c, 6.8, 2 * month);
  chart.measure('laboratory', labs.ldl, 74, 2 * month);
  chart.measure('laboratory', labs.creatinine, 0.8, 2 * month);
  chart.measure('laboratory', labs.filtration, 92, 2 * month);
  chart.measure('laboratory', labs.urineAlbumin, 12, 2 * month);
  chart.finding('exam', retinaExam, normal, 7 * month);
  chart.finding('laboratory', papTest, normal, 14 * month);
  chart.procedure(procedures.colonoscopy, 3 * year);
  chart.procedure(procedures.mammography, 10 * month);
  chart.note('Diabetes is well controlled.\nContinue current medicines.', 2 * month);
  return {
    title: 'Nothing wrong at all',
    shows: 'Diabetes at goal and every screening done: no card.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}

export function createDiabetesPoorControl(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'diabetes-poor-control', given: 'Anton', family: 'Belfry', gender: 'male', ageYears: 50, recordNumber: 'MRN-4471009', phone: '555-0149' },
    now,
  );
  chart.routine({ weight: 88, height: 176, systolic: 134, diastolic: 84 });
  chart.allergy(penicillinAllergy, 8 * year);
  chart.condition(conditions.diabetesType2, 4 * year);
  chart.takes(drugs.metformin, 300, 'Take 1 tablet twice daily');
  chart.measure('laboratory', labs.hba1c, 8.4, 9 * month);
  chart.measure('laboratory', labs.hba1c, 9.8, 2 * month);
  chart.measure('laboratory', labs.creatinine, 0.9, 2 * month);
  chart.measure('laboratory', labs.filtration, 92, 2 * month);
  chart.measure('laboratory', labs.urineAlbumin, 12, 2 * month);
  chart.finding('exam', retinaExam, normal, 7 * month);
  chart.takes(drugs.atorvastatin, 300, 'Take 1 tablet at bedtime');
  chart.procedure(procedures.colonoscopy, 2 * year);
  return {
    title: 'Diabetes out of control',
    shows: 'The last hemoglobin A1c is 9.8 %: opening the chart gives a card.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}

export function createOneDatumDecides(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'one-datum-decides', given: 'Corwin', family: 'Ashby', gender: 'male', ageYears: 62, recordNumber: 'MRN-4471010', phone: '555-0150' },
    now,
  );
  chart.routine({ weight: 81, height: 179, systolic: 126, diastolic: 76, smoking: dailySmoker });
  chart.noKnownAllergies();
  chart.condition(conditions.seasonalAllergy, 9 * year);
  chart.measure('laboratory', labs.creatinine, 0.9, 40);
  chart.procedure(procedures.colonoscopy, 3 * year);
  chart.procedure(procedures.smokingCessation, 40);
  return {
    title: 'One datum decides',
    shows: 'He smokes, and how much is on record nowhere: the card asks for the pack-years that decide on lung cancer screening.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}
