/** All stories of the embedded EHR, in the order in which its pages list them. Knows nothing of what each tells. */
import {
  createDiabetesPoorControl,
  createGapClosedInNote,
  createGapColorectal,
  createNoteSaysNever,
  createNothingWrong,
  createOneDatumDecides,
} from './gaps.js';
import { createAllergiesUnreadable, createEmptyChart, createInteractionWarfarin, createOver89 } from './orders.js';
import type { Story } from './story.js';

export function createStories(now: Date): readonly Story[] {
  return [
    createGapColorectal(now),
    createGapClosedInNote(now),
    createNoteSaysNever(now),
    createInteractionWarfarin(now),
    createAllergiesUnreadable(now),
    createOver89(now),
    createEmptyChart(now),
    createNothingWrong(now),
    createDiabetesPoorControl(now),
    createOneDatumDecides(now),
  ];
}
