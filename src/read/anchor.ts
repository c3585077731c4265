/**
 * What a criterion asks for (an event, a medicine, a state) and where a clause names it.
 * Without the criterion's own words in a clause nothing is read into it, however similar it sounds. Knows nothing of negation.
 */
import { anyOf, keysOf, type Lexicon, wordPattern } from './lexicon.js';
import { isAroundValue, valuePart } from './measured.js';
import { correct } from './spelling.js';
import { normalise } from './statement.js';
import { type Bound, parseBound } from './threshold.js';
import { parseWindow } from './window.js';

/** event: happened once ("had a colonoscopy"); medicine: is taken now; state: is so now ("has diabetes", "is in hospice care"). */
export type Kind = 'event' | 'medicine' | 'state';

export interface Target {
  readonly kind: Kind;
  /** What it asks for in its own words ("colonoscopy"). */
  readonly content: string;
  /** Any of these phrases names it; each phrase is a list of parts that must all stand near each other. */
  readonly phrases: readonly (readonly RegExp[])[];
  /** Look-alikes, blanked out before the search. */
  readonly lookAlikes: RegExp | undefined;
  /** Names of members of a class that it asks for. */
  readonly members: RegExp | undefined;
  /** Its phrases hold less than it asks for ("able to walk without a cane, walker or wheelchair", "done in the last year and normal"): a mention alone affirms nothing. */
  readonly isLoose: boolean;
  /** It names what a medicine is for ("takes pain medication"): pain alone is none. */
  readonly isPurpose: boolean;
  /** It says what any of several medicines is taken for ("gabapentin or pregabalin for pain"): one of them may be taken for something else. */
  readonly hasReason: boolean;
  /** The criterion itself asks for an allergy: then the word allergy is no objection. */
  readonly isAllergy: boolean;
  /** The criterion compares a measured value. */
  readonly bound: Bound | undefined;
  /** It asks for what is so now and says so ("currently has"). */
  readonly isCurrent: boolean;
  /** It looks back so many months. */
  readonly window: number | undefined;
  /** Single words that may be misspelt. */
  readonly words: readonly string[];
}

/** A clause around one mention. */
export interface Mention {
  readonly before: string;
  /** The words that name it. */
  readonly name: string;
  readonly after: string;
  /** Which of the target's phrases it is. */
  readonly phrase: number;
}

/** Ways to open a criterion, each with the kind of thing that follows; tried in order. */
const ever =
  '(?:(?:ever|already|previously|recently|currently|actively|now|also|been|being|either|a|an|the|any|known|active|current|prior|past|previous|documented|personal|confirmed) )*';
const frames: readonly (readonly [Kind, RegExp])[] = [
  [
    'medicine',
    new RegExp(
      `^(?:(?:is|are|was|has|have|been|being|did|does|the patient|currently|now|also) )*${ever}(?:takes|taking|take|uses|using|use|use of|prescribed|receives|receiving|treated with|treatment with|started on|maintained on)(?: of)? (?!(?:fluids?|tobacco|alcohol|drugs?)\\b)`,
    ),
  ],
  ['medicine', /^(?:(?:is|are|was|has been|currently|now) )*on (?!hospice|dialysis|palliative)/],
  ['event', new RegExp(`^(?:(?:has|have|was|been|is) )*${ever}(?:vaccinated|immunized|immunised|inoculated) (?:with|against|for) `)],
  [
    'event',
    new RegExp(
      `^(?:did|has|have) (?:the )?(?:patient|he|she|they) ${ever}(?:have|had|undergone|undergo|received|receive|completed|complete|get|gotten) ${ever}`,
    ),
  ],
  ['event', new RegExp(`^(?:has|have|there is) (?:a )?(?:record|documentation|evidence) of ${ever}`)],
  [
    'state',
    new RegExp(
      `^(?:carries|has|have|had|with|given|bears|there is|was given|received) ${ever}(?:or had ${ever})?(?:diagnosis|diagnoses|history|dx|problem) of ${ever}`,
    ),
  ],
  [
    'event',
    new RegExp(
      `^(?:ever )?(?:(?:has|have) ${ever}(?:had|undergone|received|completed|gotten)|had|underwent|received|completed|got|was ${ever}given|had undergone) ${ever}`,
    ),
  ],
  [
    'state',
    new RegExp(
      `^(?:(?:has or had|has|have|is|was|are|with|who has|diagnosed with|diagnosed|suffers from|lives with|living with|patient with|patient has|history of|a patient|been|currently|known|active|current) ${ever})+(?:with |having )?`,
    ),
  ],
];
/** Ways to close one. */
const closings: readonly (readonly [Kind, RegExp])[] = [
  ['medicine', / (?:is |are )?on (?:the|her|his|their) (?:medication|medicine|med|drug) list$/],
  ['event', /\s+(?:was |is |has been |have been |were |been )?(?:done|performed|completed|received|had|obtained|given|administered|undergone)$/],
];
/** A criterion without a verb ("colonoscopy", "mammogram performed"): what such a word names happens once. */
const eventWord =
  /(?:scopy|scopies|gram|graphy|ectomy|ostomy|otomy|plasty|pexy|centesis|biopsy|surgery|scan|test|exam|examination|vaccine|vaccination|immunization|screening|transplant|transplantation|placement|removal|repair|replacement|implantation|excision|resection|transfusion|injection|ablation|amputation|bypass|ultrasound|x-ray|mri|procedure|operation|swab|smear|\b(?:fit|fobt|cologuard|pap|pap smear|dexa|ekg|ecg|ct|eeg|emg|echo|mammo|cxr))$/;
/** What stands before the name of a value. */
const ofValue = /^(?:(?:has|have|had|with|is|was|a|an|the|most|recent|last|latest|current|currently|documented|recorded)\s+)+/;
const qualifiers =
  /\s*(?:\(.*\)|\b(?:within|in|during|over) (?:the )?(?:last|past|previous|prior)?\s*(?:\d+|one|two|three|five|ten)\s*(?:days?|weeks?|months?|years?).*)$/;
const fillers = new Set([
  'a',
  'an',
  'the',
  'any',
  'of',
  'in',
  'on',
  'for',
  'with',
  'to',
  'at',
  'care',
  'history',
  'personal',
  'active',
  'current',
  'currently',
  'known',
  'his',
  'her',
  'their',
  'and',
  'diagnosis',
  'therapy',
  'medication',
  'documented',
  'is',
  'are',
  'was',
  'were',
  'has',
  'had',
  'ever',
  'record',
]);

/** The parts of one alternative: lexicon entries where it has them (longest first), single words otherwise. */
function partsOf(
  content: string,
  lexicon: Lexicon,
  also: 'measured' | 'members' | undefined,
): { readonly parts: readonly RegExp[]; readonly words: readonly string[] } {
  const parts: RegExp[] = [];
  const named: string[] = [];
  let rest = content;
  for (const { key, start, pattern } of keysOf(lexicon)) {
    if (!rest.includes(start)) continue;
    const words = [...(lexicon[key]?.same ?? []), ...(also === undefined ? [] : (lexicon[key]?.[also] ?? []))];
    const found = words.length === 0 ? null : pattern.exec(rest);
    if (found === null) continue;
    parts.push(anyOf([key, ...words]));
    named.push(...[key, ...words].flatMap((one) => one.split(' ')));
    rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`;
  }
  for (const word of rest.match(/[a-z0-9][a-z0-9'-]*/g) ?? []) {
    if (fillers.has(word) || (also === 'measured' && isAroundValue(word))) continue;
    parts.push(anyOf([word]));
    named.push(word);
  }
  return { parts, words: named };
}

/** "has X on the medication list" is a medicine whatever opened it; "… was performed" leaves what the opening said. */
const closingKind = (closing: Kind | undefined, frame: Kind | undefined): Kind | undefined => (closing === 'medicine' ? closing : (frame ?? closing));

/** What names no thing of its own: "a drug such as X". */
const generic =
  /^(?:an?|any|the|other|another)?\s*(?:\w+ )?(?:drugs?|medicines?|medications?|agents?|treatments?|vaccines?|tests?|foods?|illness(?:es)?|conditions?|diseases?|(?:another )?one)?$/;
const or = /\s+or\s+(?!(?:above|below|more|less|over|under|higher|lower|greater|fewer|better|worse|equal|at least|later|older|younger)\b)/;

/** "BNP or NT-proBNP is elevated": two things, each with what is said of both. "A, B or C": three. "5 or more", "mg/dL" and a combination of drugs ("sacubitril/valsartan", not the classes of "ACE inhibitor/ARB") are one. */
function alternativesOf(content: string, isMeasured: boolean, isOneDrug: boolean): readonly string[] {
  const [said = '', predicate = ''] = isMeasured ? [content] : content.split(/(?=\s(?:is|are|was|were) )/);
  const listed = said.replace(/\s*,?\s+(?:such as|for example|e\.g\.,?|like)\s+/, ', ');
  const isList = or.test(said) || listed !== said;
  const parts = (isMeasured ? [said] : listed.split(isOneDrug ? /\s\/\s/ : /(?<=[a-z]{3})\s*\/\s*(?=[a-z]{3})/))
    .flatMap((part) => part.split(or))
    .flatMap((part) => (isList && !isMeasured ? part.split(/\s*,\s*/) : [part]));
  const named = parts.filter((part) => parts.length === 1 || !generic.test(part));
  return (named.length === 0 ? parts : named).map((part) => `${part}${predicate}`);
}

const forPurpose = /\w (?:medications?|medicines?|meds?|drugs?|pills?|tablets?|aids?)$/;

const listItem = /\s*,\s*(?:or |and )?|\s+or\s+/;
const circumstance = /^(?:by|for|in|to|as|with|on|at|of|before|after|during|due|because|from|without)\b/;
const conditionBehind =
  /\b(?:within|in|during|over) (?:the )?(?:last|past|previous|prior)?\s*(?:\d+|one|two|three|five|ten)\s*(?:days?|weeks?|months?|years?)\b.*\b(?:and|with|but|that|which)\b/;

/** A list in a negation, or with a circumstance as an item; a condition behind the window. */
function isLooseList(whole: string, isMeasured: boolean): boolean {
  if (isMeasured) return false;
  const [, ...items] = whole.split(listItem);
  if (conditionBehind.test(whole) || items.some((item) => circumstance.test(item))) return true;
  return items.length > 0 && /\b(?:without|not|no|never|neither)\b/.test(whole);
}

function membersOf(content: string, lexicon: Lexicon): RegExp | undefined {
  const members = keysOf(lexicon).flatMap(({ key, pattern }) => (pattern.test(content) ? (lexicon[key]?.members ?? []) : []));
  return members.length === 0 ? undefined : new RegExp(`^(?:${anyOf(members).source})$`);
}

export function parseCriterion(text: string, lexicon: Lexicon): Target {
  const whole = normalise(text)
    .replace(/[.!?]+$/, '')
    .replace(/^(?:the )?patient\s+/, '');
  const measured = parseBound(valuePart(whole));
  const frame = frames.find(([, pattern]) => pattern.test(whole));
  const bare = (measured?.rest ?? whole).replace(qualifiers, '');
  const closing = closings.find(([, pattern]) => pattern.test(bare));
  const content = (closing === undefined ? bare : bare.replace(closing[1], '')).replace(measured === undefined ? (frame?.[1] ?? '') : ofValue, '');
  const kind = measured === undefined ? (closingKind(closing?.[0], frame?.[0]) ?? (eventWord.test(content) ? 'event' : 'state')) : 'state';
  const also = measured === undefined ? (kind === 'medicine' ? 'members' : undefined) : 'measured';
  const members = also === 'members' ? membersOf(content, lexicon) : undefined;
  const phrases = alternativesOf(content, measured !== undefined, kind === 'medicine' && members === undefined)
    .map((part) => partsOf(part, lexicon, also))
    .filter(({ parts }) => parts.length > 0);
  const lookAlikes = Object.entries(lexicon)
    .filter(([key, entry]) => entry.not.length > 0 && new RegExp(wordPattern(key)).test(content))
    .flatMap(([key, entry]) => entry.not.flatMap((one) => [one, ...entry.same.map((same) => one.replace(key, same))]));
  return {
    kind,
    content: content.replace(/^(?:an?|the|any) /, ''),
    phrases: phrases.map(({ parts }) => parts),
    members,
    lookAlikes: lookAlikes.length === 0 ? undefined : anyOf(lookAlikes),
    bound: measured?.bound,
    isCurrent: /\b(?:current(?:ly)?|active(?:ly)?|now|presently)\b/.test(whole),
    window: parseWindow(whole),
    isLoose: isLooseList(whole, measured !== undefined),
    words: [...new Set(phrases.flatMap(({ words }) => words))],
    isPurpose: kind === 'medicine' && phrases.length === 1 && forPurpose.test(content),
    hasReason: kind === 'medicine' && phrases.length > 1 && / (?:for|because of|to treat) /.test(content),
    isAllergy: /\ballerg|\bintoleran/.test(content),
  };
}

/** Words of one phrase stand at most this many characters apart: about six words. */
const maxGap = 45;

function spanOf(text: string, parts: readonly RegExp[], from: number): { readonly start: number; readonly end: number } | undefined {
  const [first, ...others] = parts;
  if (first === undefined) return undefined;
  for (const found of text.slice(from).matchAll(first)) {
    let start = from + found.index;
    let end = start + found[0].length;
    const isComplete = others.every((part) => {
      const near = [...text.matchAll(part)].find((other) => other.index <= end + maxGap && other.index + other[0].length >= start - maxGap);
      if (near === undefined) return false;
      start = Math.min(start, near.index);
      end = Math.max(end, near.index + near[0].length);
      return true;
    });
    if (isComplete) return { start, end };
  }
  return undefined;
}

/** Every mention of the target in a clause, in order. */
export function findMentions(written: string, target: Target): readonly Mention[] {
  const clause = correct(written, target.words);
  const text = target.lookAlikes === undefined ? clause : clause.replace(target.lookAlikes, (found) => '~'.repeat(found.length));
  const spans = target.phrases.flatMap((parts, phrase) => {
    const found = [];
    let span = spanOf(text, parts, 0);
    while (span !== undefined) {
      found.push({ ...span, phrase });
      span = spanOf(text, parts, span.end);
    }
    return found;
  });
  return spans
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, phrase }) => ({ phrase, before: text.slice(0, start), name: text.slice(start, end), after: text.slice(end) }));
}
