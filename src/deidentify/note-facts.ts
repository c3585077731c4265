/**
 * The statements of notes as facts: each once however often it was copied forward, dated by the note that said it first, filtered last.
 * Knows when a note was written; the filter comes in.
 */
import type { Chart, Criterion, Fact, FactId } from '../types.js';
import { resolveDates } from './dated-text.js';
import { isInEnglish, isNoteInEnglish } from './language.js';
import { asObject, type Loose } from './loose.js';
import { annotationTexts, noteTexts } from './notes.js';
import { splitSentences } from './sentences.js';
import { normalise } from './text-filter.js';
import { toSpan } from './time.js';

/** What is told to the reader in one request. Each costs a run of the filter on the thread that answers. */
const maxStatements = 250;
/** What is looked at to find copies. */
const maxSentences = 4000;

interface Sentence {
  readonly id: FactId;
  readonly text: string;
  readonly written: Date | undefined;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly isReadable: boolean;
}

/** `criteria`: what is asked; sentences with their words come first where there are too many, then those of the newest notes. */
export function extractNoteFacts(chart: Chart, criteria: readonly Criterion[], safe: (text: string) => string): readonly Fact[] {
  const born = toSpan(chart.patient.birthDate)?.from;
  const facts: Fact[] = [];
  let told = 0;
  for (const { id, text, written, isReadable } of putAskedFirst(foldCopies(listSentences(chart)), criteria)) {
    // Beyond the limit, or in another language: a fact without words, so that it is counted as unread and never lost in silence.
    if (!isReadable || told >= maxStatements) {
      facts.push({ id, kind: 'note', text: '', isFreeText: true });
      continue;
    }
    const { text: dated, ageMonths } = resolveDates(text, { written, born, now: chart.now });
    const statement = safe(dated);
    if (statement === '') continue;
    told += 1;
    facts.push({ id, kind: 'note', text: statement, isFreeText: true, ...(ageMonths === undefined ? {} : { ageMonths }) });
  }
  return facts;
}

const stem = 4;
const stemsOf = (text: string): readonly string[] => (text.toLowerCase().match(/[a-z][a-z0-9]{3,}/g) ?? []).map((word) => word.slice(0, stem));

/** By the beginnings of words: coarse, and only to choose what is left out of a very long chart. */
function putAskedFirst(sentences: readonly Sentence[], criteria: readonly Criterion[]): readonly Sentence[] {
  if (sentences.length <= maxStatements) return sentences;
  const asked = new Set(criteria.filter(({ byCodeOnly }) => byCodeOnly !== true).flatMap(({ text }) => stemsOf(text)));
  const isAsked = new Map(sentences.map((sentence) => [sentence, stemsOf(sentence.text).some((word) => asked.has(word))]));
  return [...sentences].sort((a, b) => Number(isAsked.get(b)) - Number(isAsked.get(a)));
}

/** Newest note first. */
function listSentences({ entries }: Chart): readonly Sentence[] {
  const notes = entries
    .map((entry) => {
      const resource = entry.resource as unknown as Loose;
      const texts = resource['resourceType'] === 'DocumentReference' ? noteTexts(resource) : annotationTexts(resource);
      return { entry, texts, written: writtenAt(resource) };
    })
    .filter(({ texts }) => texts.length > 0)
    .sort((a, b) => (b.written?.getTime() ?? 0) - (a.written?.getTime() ?? 0));
  const sentences: Sentence[] = [];
  for (const { entry, texts, written } of notes) {
    const isEnglish = texts.every(isNoteInEnglish);
    const list = texts.flatMap((text) => splitSentences(normaliseLines(text), maxSentences - sentences.length));
    list.forEach((text, index) => {
      const id = `${entry.fact}.s${index}` as FactId;
      sentences.push({ id, text, written, before: list[index - 1], after: list[index + 1], isReadable: isEnglish && isInEnglish(text) });
    });
  }
  return sentences;
}

/** A long sentence is hardly ever written twice in the same words; a short one is copied where a sentence beside it is the same too. */
const copiedLength = 40;

/**
 * The same words in several notes are one statement. Where they were copied, "last year" is the year before the first of the notes: a copy
 * makes nothing happen again. Where they were written anew ("Flu shot today."), the newest counts.
 */
function foldCopies(newestFirst: readonly Sentence[]): readonly Sentence[] {
  const groups = new Map<string, Sentence[]>();
  for (const sentence of newestFirst) {
    const key = sentence.text.toLowerCase().replaceAll(/\s+/g, ' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sentence]);
    else group.push(sentence);
  }
  return [...groups.values()].flatMap((group) => {
    const [newest] = group;
    if (newest === undefined) return [];
    let written = newest.written;
    for (const older of group.slice(1)) {
      const isCopy = newest.text.length >= copiedLength || isSame(newest.before, older.before) || isSame(newest.after, older.after);
      if (isCopy) written = earlier(written, older.written);
    }
    return [{ ...newest, written }];
  });
}

const isSame = (one: string | undefined, other: string | undefined): boolean => one !== undefined && one === other;

/** A copy in a note without a date could be the first: then nothing relative can be placed. */
function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return undefined;
  return one < other ? one : other;
}

function normaliseLines(text: string): string {
  return text.split(/\r?\n/).map(normalise).join('\n');
}

/** When a note was written: what its "in March" is relative to. */
function writtenAt(resource: Loose): Date | undefined {
  const context = asObject(asObject(resource['context'])?.['period']);
  const when =
    resource['date'] ??
    context?.['start'] ??
    resource['effectiveDateTime'] ??
    resource['authoredOn'] ??
    resource['performedDateTime'] ??
    resource['recordedDate'];
  return toSpan(when)?.from;
}
