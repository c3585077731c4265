/**
 * What a criterion asks for (an event, a medicine, a state) and where a clause names it.
 * Without the criterion's own words in a clause nothing is read into it, however similar it sounds. Knows nothing of negation.
 */
import { z } from 'zod';
import { normalise } from './statement.js';

/** `models/<reader>/lexicon.json`: words of the same meaning, and look-alikes that mean something else. */
export const lexiconSchema = z.object({
  note: z.string(),
  entries: z.record(z.string(), z.object({ same: z.array(z.string()), not: z.array(z.string()).default([]) })),
});
export type Lexicon = Readonly<Record<string, { readonly same: readonly string[]; readonly not: readonly string[] }>>;

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
  /** The criterion itself asks for an allergy: then the word allergy is no objection. */
  readonly isAllergy: boolean;
}

/** A clause around one mention. */
export interface Mention {
  readonly before: string;
  readonly after: string;
}

const frames: readonly (readonly [Kind, RegExp])[] = [
  ['event', /^(?:(?:has|have) (?:had|undergone|received|completed)|had|underwent|received|completed|got|was given|had undergone)\s+/],
  [
    'medicine',
    /^(?:(?:is |currently |has been )*(?:takes|taking|take|uses|using|prescribed|receives|receiving|treated with|started on)|(?:is )?(?:currently )?on)\s+/,
  ],
  ['state', /^(?:(?:has|have|is|was|are|with|diagnosed|been|currently|known|a patient)\s+)+(?:with\s+)?/],
];
/** A criterion without a verb ("colonoscopy", "mammogram performed"): what such a word names happens once. */
const eventWord =
  /(?:scopy|scopies|gram|graphy|ectomy|ostomy|plasty|biopsy|surgery|scan|test|exam|examination|vaccine|vaccination|immunization|screening|transplant)$/;
const doneWord = /\s+(?:was |is )?(?:done|performed|completed|received|had|obtained)$/;
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
]);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A word or phrase with its plural; spaces match hyphens too. */
function wordPattern(phrase: string): string {
  const body = escaped(phrase).replace(/[ -]/g, '[ -]');
  const flexible = /[a-z]y$/.test(phrase) ? `${body.slice(0, -1)}(?:y|ies)` : /[a-z]$/.test(phrase) ? `${body}(?:s|es)?` : body;
  return `(?<![a-z0-9-])${flexible}(?![a-z0-9])(?!-[a-z])`;
}

function anyOf(words: readonly string[]): RegExp {
  return new RegExp(
    [...words]
      .sort((a, b) => b.length - a.length)
      .map(wordPattern)
      .join('|'),
    'g',
  );
}

/** The parts of one alternative: lexicon entries where it has them (longest first), single words otherwise. */
function partsOf(content: string, lexicon: Lexicon): readonly RegExp[] {
  const parts: RegExp[] = [];
  let rest = content;
  for (const key of Object.keys(lexicon).sort((a, b) => b.length - a.length)) {
    const found = new RegExp(wordPattern(key)).exec(rest);
    if (found === null) continue;
    parts.push(anyOf([key, ...(lexicon[key]?.same ?? [])]));
    rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`;
  }
  for (const word of rest.match(/[a-z0-9][a-z0-9'-]*/g) ?? []) if (!fillers.has(word)) parts.push(anyOf([word]));
  return parts;
}

export function parseCriterion(text: string, lexicon: Lexicon): Target {
  const whole = normalise(text)
    .replace(/[.!]+$/, '')
    .replace(/^(?:the )?patient\s+/, '');
  const frame = frames.find(([, pattern]) => pattern.test(whole));
  const content = (frame === undefined ? whole : whole.replace(frame[1], '')).replace(qualifiers, '').replace(doneWord, '');
  const phrases = content
    .split(/\s+or\s+|\s*\/\s*/)
    .map((part) => partsOf(part, lexicon))
    .filter((parts) => parts.length > 0);
  const lookAlikes = Object.entries(lexicon)
    .filter(([key]) => new RegExp(wordPattern(key)).test(content))
    .flatMap(([, entry]) => entry.not);
  return {
    kind: frame?.[0] ?? (eventWord.test(content) ? 'event' : 'state'),
    content: content.replace(/^(?:an?|the|any) /, ''),
    phrases,
    lookAlikes: lookAlikes.length === 0 ? undefined : anyOf(lookAlikes),
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
export function findMentions(clause: string, target: Target): readonly Mention[] {
  const text = target.lookAlikes === undefined ? clause : clause.replace(target.lookAlikes, (found) => '~'.repeat(found.length));
  const spans = target.phrases.flatMap((parts) => {
    const found = [];
    let span = spanOf(text, parts, 0);
    while (span !== undefined) {
      found.push(span);
      span = spanOf(text, parts, span.end);
    }
    return found;
  });
  return spans.sort((a, b) => a.start - b.start).map(({ start, end }) => ({ before: text.slice(0, start), after: text.slice(end) }));
}
