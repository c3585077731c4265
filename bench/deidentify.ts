/**
 * What the text filter finds and what it misses, beside a baseline of contact and number patterns: `node --import tsx bench/deidentify.ts [tune]`.
 * The rules may be tuned on one half of the documents (`tune` prints its figures and its misses); what is printed otherwise is of the other half.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { resolveDates } from '../src/deidentify/dated-text.js';
import { nothingKnown } from '../src/deidentify/known-identifiers.js';
import { createTextFilter, type FoundSpan, normalise } from '../src/deidentify/text-filter.js';

const folder = join('..', 'shared', 'data', 'text');
const half = process.argv[2] === 'tune' ? 'tuned' : 'held out';

type Filter = (text: string) => readonly Pick<FoundSpan, 'start' | 'end'>[];

/** What anybody would write first: mail, web, US telephone, social security number, numeric dates, long numbers. */
const baselinePattern =
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?:\/\/\S+|\b\d{3}-\d{2}-\d{4}\b|\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b|\b\d{1,2}\/\d{1,2}\/\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{7,}\b/g;
const baseline: Filter = (text) => [...text.matchAll(baselinePattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }));
const filter = createTextFilter(nothingKnown);
const ours: Filter = (text) => filter(text).spans;

const documentShape = z.object({
  full_text: z.string(),
  template_id: z.number(),
  spans: z.array(z.object({ entity_type: z.string(), start_position: z.number(), end_position: z.number() })),
});

interface Entity {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

interface Labelled {
  readonly text: string;
  readonly entities: readonly Entity[];
}

function readLines(name: string): readonly unknown[] {
  return gunzipSync(readFileSync(join(folder, name)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

/** By document, and all documents made from one sentence in the same half: a rule fitted to a sentence must not be tested on it. */
function readLabelled(name: string): readonly Labelled[] {
  return readLines(name)
    .map((line) => documentShape.parse(line))
    .filter(({ template_id: template }) => (template % 2 === 0) === (half === 'tuned'))
    .map(({ full_text: raw, spans }) => {
      const place = (position: number): number => normalise(raw.slice(0, position)).length;
      const entities = spans.map((span) => ({ kind: span.entity_type, start: place(span.start_position), end: place(span.end_position) }));
      return { text: normalise(raw), entities };
    });
}

/** Found: each letter and digit of it is gone. */
function isFound(text: string, { start, end }: Entity, spans: ReturnType<Filter>): boolean {
  for (let at = start; at < end; at += 1) {
    if (/[\p{L}\p{N}]/u.test(text.charAt(at)) && !spans.some((span) => span.start <= at && at < span.end)) return false;
  }
  return true;
}

interface Tally {
  readonly found: Map<string, number>;
  readonly missed: Map<string, string[]>;
  readonly wrong: string[];
  spans: number;
  right: number;
}

function tally(documents: readonly Labelled[], filterText: Filter): Tally {
  const result: Tally = { found: new Map(), missed: new Map(), wrong: [], spans: 0, right: 0 };
  for (const { text, entities } of documents) {
    const spans = filterText(text);
    for (const entity of entities) {
      if (isFound(text, entity, spans)) result.found.set(entity.kind, (result.found.get(entity.kind) ?? 0) + 1);
      else result.missed.set(entity.kind, [...(result.missed.get(entity.kind) ?? []), text.slice(entity.start, entity.end)]);
    }
    for (const span of spans) {
      const isRight = entities.some(({ start, end }) => span.start < end && start < span.end);
      result.spans += 1;
      if (isRight) result.right += 1;
      else result.wrong.push(text.slice(span.start, span.end));
    }
  }
  return result;
}

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

function printLabelled(name: string): void {
  const documents = readLabelled(name);
  const [mine, theirs] = [tally(documents, ours), tally(documents, baseline)];
  const countOf = (kind: string, { found, missed }: Tally): readonly [number, number] => {
    const number = found.get(kind) ?? 0;
    return [number, number + (missed.get(kind)?.length ?? 0)];
  };
  const kinds = [...new Set(documents.flatMap(({ entities }) => entities.map(({ kind }) => kind)))].sort();
  console.log(`\n${name}: ${documents.length} documents, ${half} half`);
  console.log(`| kind | entities | recall | baseline |\n| --- | ---: | ---: | ---: |`);
  for (const kind of kinds) {
    const [found, all] = countOf(kind, mine);
    console.log(`| ${kind} | ${all} | ${percent(found, all)} | ${percent(countOf(kind, theirs)[0], all)} |`);
  }
  console.log(
    `| precision (spans) | ${mine.spans} / ${theirs.spans} | ${percent(mine.right, mine.spans)} | ${percent(theirs.right, theirs.spans)} |`,
  );
  if (half === 'held out') return;
  for (const [kind, texts] of mine.missed) console.log(`missed ${kind}: ${JSON.stringify(texts.slice(0, 40))}`);
  console.log(`wrong: ${JSON.stringify(mine.wrong.slice(0, 80))}`);
}

const clinicalFiles = ['mts-dialog.ndjson.gz', 'primock57-notes.ndjson.gz', 'aci-bench.ndjson.gz'];
const clinicalShape = z.union([z.object({ section_text: z.string() }), z.object({ note: z.string() })]);

/** Clinical text has few identifiers in it: what is taken out of it is mostly meaning lost. Some of it is right (names), none of it is labelled. */
function printClinical(): void {
  const texts = clinicalFiles
    .flatMap((name) => readLines(name).map((line) => clinicalShape.parse(line)))
    .filter((_line, index) => (index % 2 === 0) === (half === 'tuned'))
    .map((line) => normalise('note' in line ? line.note : line.section_text));
  const words = texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
  console.log(`\nclinical text (${clinicalFiles.length} files): ${texts.length} texts, ${words} words, ${half} half`);
  const found = texts.flatMap((text) => filter(text).spans.map(({ kind, start, end }) => ({ kind, text: text.slice(start, end) })));
  const baselineCount = texts.reduce((sum, text) => sum + baseline(text).length, 0);
  const perThousand = (count: number): string => ((1000 * count) / words).toFixed(2);
  console.log(`| taken out of clinical text | spans | per 1,000 words |\n| --- | ---: | ---: |`);
  for (const kind of [...new Set(found.map((span) => span.kind))].sort()) {
    const spans = found.filter((span) => span.kind === kind);
    console.log(`| ${kind} | ${spans.length} | ${perThousand(spans.length)} |`);
    if (half === 'tuned') console.log(JSON.stringify(spans.map((span) => span.text).slice(0, 120)));
  }
  console.log(`| all | ${found.length} | ${perThousand(found.length)} |\n| all, baseline | ${baselineCount} | ${perThousand(baselineCount)} |`);
}

const visitShape = z.object({ note: z.string(), metadata: z.object({ patient_firstname: z.string(), patient_familyname: z.string() }) });

/** The patient's own name in whole visit notes, with and without a chart that says it. */
function printKnownNames(): void {
  const visits = readLines('aci-bench.ndjson.gz')
    .map((line) => visitShape.parse(line))
    .filter((_visit, index) => (index % 2 === 0) === (half === 'tuned'));
  let [mentions, blind, informed] = [0, 0, 0];
  for (const { note, metadata } of visits) {
    const text = normalise(note);
    const names = [metadata.patient_firstname, metadata.patient_familyname].filter((name) => name.length > 1);
    const withChart = createTextFilter({ ...nothingKnown, names: new Set(names) });
    for (const name of names) {
      for (const { index } of text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))) {
        const entity = { kind: 'name', start: index, end: index + name.length };
        mentions += 1;
        if (isFound(text, entity, ours(text))) blind += 1;
        if (isFound(text, entity, withChart(text).spans)) informed += 1;
      }
    }
  }
  console.log(`\n| the patient's name in visit notes | mentions | recall |\n| --- | ---: | ---: |`);
  console.log(`| without a chart | ${mentions} | ${percent(blind, mentions)} |\n| with the chart | ${mentions} | ${percent(informed, mentions)} |`);
}

/** Dates go before the filter runs: gone is a date whose digits do not stand in what is left. */
function printDates(name: string): void {
  const now = new Date('2026-01-01T00:00:00Z');
  const dates = readLabelled(name).flatMap(({ text, entities }) =>
    entities.filter(({ kind }) => kind === 'DATE_TIME').map(({ start, end }) => ({ text, date: text.slice(start, end) })),
  );
  const gone = dates.filter(({ text, date }) => !filter(resolveDates(text, { written: now, now }).text).text.includes(date));
  console.log(`${name}: DATE_TIME gone after both steps (relative dates, then filter): ${percent(gone.length, dates.length)} of ${dates.length}`);
}

if (existsSync(join(folder, 'presidio-generated.ndjson.gz'))) {
  const labelled = ['presidio-generated.ndjson.gz', 'presidio-synth-v2.ndjson.gz'];
  for (const name of labelled) printLabelled(name);
  console.log('');
  for (const name of labelled) printDates(name);
  printClinical();
  printKnownNames();
} else {
  console.log(`skipped: ${folder} is not there; the labelled texts are no part of this repository`);
}
