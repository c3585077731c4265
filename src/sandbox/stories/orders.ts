/** Stories about orders, and two charts at the edges: very old, and empty. Their people are invented. */
import { createChartBuilder } from './build.js';
import { conditions, drugs, ejectionFraction, labs, penicillinAllergy, procedures } from './codes.js';
import type { Story } from './story.js';

const month = 30.4;
const year = 365.25;

export function createInteractionWarfarin(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'interaction-warfarin', given: 'Leopold', family: 'Fenwick', gender: 'male', ageYears: 71, recordNumber: 'MRN-4471004', phone: '555-0144' },
    now,
  );
  chart.routine({ weight: 82, height: 180, systolic: 126, diastolic: 78 });
  chart.noKnownAllergies();
  chart.condition(conditions.atrialFibrillation, 3 * year);
  chart.condition(conditions.backPain, 60);
  chart.takes(drugs.warfarin, 90, 'Take 1 tablet daily, adjust to INR');
  chart.takes(drugs.metoprolol, 90, 'Take 1 tablet daily');
  chart.measure('laboratory', labs.inr, 2.4, 20);
  chart.measure('laboratory', labs.inr, 2.6, 50);
  chart.measure('laboratory', labs.hemoglobin, 14.1, 50);
  chart.measure('laboratory', labs.creatinine, 1, 50);
  chart.procedure(procedures.colonoscopy, 4 * year);
  chart.note('Mr. Fenwick has low back pain after gardening.\nINR is in range.', 20);
  return {
    title: 'Two drugs that do not go together',
    shows: 'He takes warfarin: order ibuprofen and sign it.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}

export function createAllergiesUnreadable(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'allergies-unreadable', given: 'Soren', family: 'Whitlock', gender: 'male', ageYears: 42, recordNumber: 'MRN-4471005', phone: '555-0145' },
    now,
  );
  chart.routine({ weight: 77, height: 182, systolic: 120, diastolic: 74 });
  // On record, and never given out: whoever shows it has read what the server refuses.
  chart.allergy(penicillinAllergy, 5 * year);
  chart.condition(conditions.hypertension, 2 * year);
  chart.takes(drugs.lisinopril, 100, 'Take 1 tablet daily');
  chart.measure('laboratory', labs.creatinine, 0.9, 3 * month);
  chart.measure('laboratory', labs.potassium, 4.2, 3 * month);
  return {
    title: 'An allergy list that cannot be read',
    shows: 'The EHR refuses the allergy list: order amoxicillin, sign it, and a card says what was not checked.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: ['AllergyIntolerance'],
  };
}

export function createOver89(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'over-89', given: 'Philippa', family: 'Wren', gender: 'female', ageYears: 93, recordNumber: 'MRN-4471006', phone: '555-0146' },
    now,
  );
  chart.routine({ weight: 54, height: 157, systolic: 128, diastolic: 70 });
  chart.noKnownAllergies();
  chart.condition(conditions.heartFailure, 3 * year);
  chart.takes(drugs.spironolactone, 120, 'Take 1 tablet daily');
  chart.measure('laboratory', labs.potassium, 4.6, 1 * month);
  chart.measure('laboratory', labs.creatinine, 1.1, 1 * month);
  chart.measure('imaging', ejectionFraction, 55, 14 * month);
  chart.note('Mrs. Philippa Wren, 93 years old, lives with her daughter.\nHeart failure is stable.', 1 * month);
  return {
    title: 'A patient over 89',
    shows: 'Screenings no longer apply, so no card; her age leaves the chart as "90 or older". Order potassium chloride to see an order checked.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}

export function createEmptyChart(now: Date): Story {
  const chart = createChartBuilder(
    { id: 'empty-chart', given: 'Juno', family: 'Blank', gender: 'male', ageYears: 0, recordNumber: 'MRN-4471007', phone: '555-0147' },
    now,
  );
  return {
    title: 'An empty chart',
    shows: 'An infant: a name, a sex and a date of birth, nothing else. Nothing is due yet: no card, and no error.',
    patient: chart.patient,
    resources: chart.resources,
    refusedTypes: [],
  };
}
