/**
 * `node --import tsx bench/deidentify.ts [FOLDER]`: what the text filter finds, kind by kind, on labelled sentences, beside a baseline of three textbook patterns.
 * FOLDER holds presidio-*.ndjson.gz and aci-bench.ndjson.gz (see docs/deidentification.md for their sources); default ../shared/data/text.
 * Rules may be tuned on templates with an even number only; what is printed is of the odd ones. Texts are generated; nobody is described.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type KnownIdentifiers, nothingKnown } from '../src/deidentify/known-identifiers.js';
import { createTextFilter, normalise } from '../src/deidentify/text-filter.js';

interface Sentence {
  readonly full_text: string;
  readonly template_id: number;
  readonly spans: readonly { readonly entity_type: string; readonly entity_value: string }[];
}

type Filter = (text: string) => { readonly text: string; readonly spans: readonly { readonly start: number; readonly end: number }[] };

/** What every tutorial begins with: e-mail, telephone, social security number. */
const textbook = [/[\w.+-]+@[\w-]+\.[\w.]+/g, /\(?\d{3}\)?[ .-]?\d{3}[.-]\d{4}/g, /\d{3}-\d{2}-\d{4}/g];

function baseline(raw: string): ReturnType<Filter> {
  const text = normalise(raw);
  const spans = textbook.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  );
  return { text: textbook.reduce((rest, pattern) => rest.replaceAll(pattern, '[x]'), text), spans };
}

function readLines<T>(file: string): readonly T[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

/** Found: nothing of the labelled text that is two characters or longer stands in what is left. */
function isFound(value: string, left: string): boolean {
  const parts = normalise(value)
    .split(/[\s,]+/)
    .filter((part) => part.length >= 2);
  return parts.every((part) => !new RegExp(`(?<![\\p{L}\\p{N}])${part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'u').test(left));
}

/** The second column: with the names of the sentence known, as those of a chart are. */
function knowing(sentence: Sentence): KnownIdentifiers {
  const names = sentence.spans
    .filter((span) => span.entity_type === 'PERSON')
    .flatMap((span) => span.entity_value.split(/\s+/).filter((word) => word.length >= 2));
  return { ...nothingKnown, names: new Set(names) };
}

function measureSentences(folder: string): void {
  const sentences = ['presidio-generated.ndjson.gz', 'presidio-synth-v2.ndjson.gz']
    .flatMap((name) => readLines<Sentence>(join(folder, name)))
    .filter((one) => one.template_id % 2 === 1);
  const counts = new Map<string, { all: number; found: number; known: number; baseline: number }>();
  const unknownFilter = createTextFilter(nothingKnown);
  let [replaced, wrong] = [0, 0];
  for (const sentence of sentences) {
    const [ours, informed, theirs] = [
      unknownFilter(sentence.full_text),
      createTextFilter(knowing(sentence))(sentence.full_text),
      baseline(sentence.full_text),
    ];
    for (const { entity_type, entity_value } of sentence.spans) {
      const count = counts.get(entity_type) ?? { all: 0, found: 0, known: 0, baseline: 0 };
      counts.set(entity_type, count);
      count.all += 1;
      if (isFound(entity_value, ours.text)) count.found += 1;
      if (isFound(entity_value, informed.text)) count.known += 1;
      if (isFound(entity_value, theirs.text)) count.baseline += 1;
    }
    const text = normalise(sentence.full_text);
    for (const span of ours.spans) {
      const words = text.slice(span.start, span.end);
      replaced += 1;
      if (!sentence.spans.some(({ entity_value }) => normalise(entity_value).includes(words) || words.includes(normalise(entity_value)))) wrong += 1;
    }
  }
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`.padStart(8);
  console.log(`${sentences.length} sentences of templates with an odd number\n`);
  console.log('| kind | labelled | recall | names known | baseline |\n| --- | ---: | ---: | ---: | ---: |');
  for (const [kind, { all, found, known, baseline: theirs }] of [...counts].sort((a, b) => b[1].all - a[1].all)) {
    console.log(`| ${kind} | ${all} | ${percent(found, all)} | ${percent(known, all)} | ${percent(theirs, all)} |`);
  }
  console.log(`\nreplaced spans that touch no label: ${wrong} of ${replaced} (${percent(wrong, replaced).trim()})`);
}

/** On clinical notes nothing is labelled but the names of the two people: what is left of them, and how much else goes. */
function measureNotes(folder: string): void {
  const notes = readLines<{ readonly note: string; readonly metadata?: Readonly<Record<string, string>> }>(join(folder, 'aci-bench.ndjson.gz'));
  let [words, replaced] = [0, 0];
  for (const { note } of notes) {
    const safe = createTextFilter(nothingKnown)(note);
    words += note.split(/\s+/).length;
    replaced += safe.spans.length;
  }
  console.log(
    `${notes.length} clinical notes: ${replaced} spans replaced in ${words} words (${((1000 * replaced) / words).toFixed(1)} in a thousand)`,
  );
}

const folder = process.argv[2] ?? '../shared/data/text';
if (!existsSync(join(folder, 'presidio-generated.ndjson.gz'))) {
  console.log(`skipped: ${folder} does not hold the labelled texts`);
} else {
  measureSentences(folder);
  measureNotes(folder);
}
