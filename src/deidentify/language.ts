/** Whether a text is English, by its small words and its script. Knows nothing of medicine: a note in shorthand has no small words and passes. */

const english =
  'the of and to in is was with for on at has had no not her his she he patient denies who that this from are were be been as by or but will history per since'.split(
    ' ',
  );
/** Small words that English and its shorthand do not have. */
const foreign =
  'el la los las del que con por para una su sus se como más pero años hace paciente niega presenta refiere le les des est une dans avec pour pas sur qui aux été ans depuis ne il elle der die das und mit nicht ist ein eine einen dem den von zu seit wurde keine kein bei auf oder hat não uma com anos foi ele ela dos das paciente nega il della che di con non una anni alla sono nel het een van niet met geen zijn heeft sinds og ikke är och inte jest nie przez lat'.split(
    ' ',
  );
const isEnglish = new Set(english);
const isForeign = new Set(foreign.filter((word) => !isEnglish.has(word)));

interface Counts {
  readonly ofEnglish: number;
  readonly ofForeign: number;
  /** A third of the letters or more. */
  readonly isOtherScript: boolean;
}

function countWords(text: string): Counts {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return {
    ofEnglish: words.filter((word) => isEnglish.has(word)).length,
    ofForeign: words.filter((word) => isForeign.has(word)).length,
    isOtherScript: letters >= 3 && latin < letters * 0.67,
  };
}

/** Of a sentence: two foreign small words and more of them than English ones say no. */
export function isInEnglish(text: string): boolean {
  const { ofEnglish, ofForeign, isOtherScript } = countWords(text);
  return !isOtherScript && (ofForeign < 2 || ofForeign <= ofEnglish);
}

/** Of a whole note, whose short sentences tell nothing alone: clearly more foreign small words than English ones. */
export function isNoteInEnglish(text: string): boolean {
  const { ofEnglish, ofForeign, isOtherScript } = countWords(text);
  return !isOtherScript && (ofForeign < 4 || ofForeign <= 2 * ofEnglish);
}
