/**
 * The wall: the chart becomes facts. Ids are positions, ages are buckets, dates are months before now, free strings pass the text filter.
 * Knows the chart; nothing behind it does.
 */
import type { Chart, ChartEntry, Fact, FactId, Judgement } from '../types.js';
import { resolveDates } from './dated-text.js';
import { collectIdentifiers } from './known-identifiers.js';
import { asObject, type Loose } from './loose.js';
import { annotationTexts, noteTexts } from './notes.js';
import { phrase } from './phrase.js';
import { splitSentences } from './sentences.js';
import { shorten } from './shorten.js';
import { createTextFilter, normalise } from './text-filter.js';
import { ageOf, describeAge, monthsBetween, toSpan } from './time.js';

/** What a reader can be asked in one request; the newest notes come first. */
const maxSentences = 200;
/** Of a fact's text. Cut after the filter and between words, so that no half of an identifier slips through. */
const maxFactLength = 400;
const maxRawLength = 2 * maxFactLength;

export function createExtractFacts(): (chart: Chart, judgement: Judgement) => readonly Fact[] {
  return function extractFacts(chart, judgement) {
    // Nothing to score or to explain: nothing leaves the chart.
    if (judgement.candidates.length === 0) return [];
    const filter = createTextFilter(collectIdentifiers(chart));
    const safe = (text: string): string => shorten(filter(text).text.replaceAll(/\s+/g, ' ').trim(), maxFactLength);
    const coded = chart.entries.map((entry) => toFact(entry, chart.now, safe)).filter((fact) => fact !== undefined);
    return [...personFacts(chart), ...coded, ...absenceFacts(judgement), ...sentenceFacts(chart, safe)];
  };
}

function personFacts({ patient, now }: Chart): readonly Fact[] {
  const facts: Fact[] = [];
  const born = toSpan(patient.birthDate);
  if (born !== undefined && born.from <= now) {
    const months = monthsBetween(born.from, now);
    const years = Math.floor(months / 12);
    // Over 89 is one bucket (45 CFR 164.514(b)(2)(i)(C)).
    const text = years > 89 ? 'age 90 or older' : years < 2 ? `age ${months} months` : `age ${years}`;
    facts.push({ id: 'age' as FactId, kind: 'age', text, isFreeText: false });
  }
  if (patient.gender === 'female' || patient.gender === 'male')
    facts.push({ id: 'sex' as FactId, kind: 'sex', text: patient.gender, isFreeText: false });
  return facts;
}

function toFact({ fact: id, list, resource }: ChartEntry, now: Date, safe: (text: string) => string): Fact | undefined {
  const found = phrase(resource as unknown as Loose, list === 'drafts');
  if (found === undefined) return undefined;
  const span = toSpan(found.when);
  const ageMonths = span === undefined ? undefined : ageOf(span, now);
  const isFuture = span !== undefined && ageMonths === undefined;
  // A display may hold a date ("colonoscopy 2019"): it becomes months first, then the filter runs.
  const name = safe(resolveDates(shorten(normalise(found.text), maxRawLength), { written: span?.from, now }).text);
  if (name === '') return undefined;
  const suffix = found.kind === 'order' ? '' : ageMonths !== undefined ? `, ${describeAge(ageMonths)}` : isFuture ? ', at a future date' : '';
  return { id, kind: found.kind, text: `${name}${suffix}`, isFreeText: found.isFreeText, ...(ageMonths === undefined ? {} : { ageMonths }) };
}

/** Their words come from the knowledge, none from the chart. */
function absenceFacts(judgement: Judgement): readonly Fact[] {
  return judgement.absences.map(({ fact, text }) => ({ id: fact, kind: 'absence', text, isFreeText: false }));
}

function sentenceFacts({ entries, patient, now }: Chart, safe: (text: string) => string): readonly Fact[] {
  const notes = entries
    .map((entry) => {
      const resource = entry.resource as unknown as Loose;
      const texts = resource['resourceType'] === 'DocumentReference' ? noteTexts(resource) : annotationTexts(resource);
      return { entry, texts, written: writtenAt(resource) };
    })
    .filter(({ texts }) => texts.length > 0)
    .sort((a, b) => (b.written?.getTime() ?? 0) - (a.written?.getTime() ?? 0));
  const born = toSpan(patient.birthDate)?.from;
  const facts: Fact[] = [];
  for (const { entry, texts, written } of notes) {
    const sentences = texts.flatMap((text) => splitSentences(normaliseLines(text), maxSentences - facts.length));
    sentences.slice(0, Math.max(0, maxSentences - facts.length)).forEach((sentence, index) => {
      const { text, ageMonths } = resolveDates(sentence, { written, born, now });
      const statement = safe(text);
      if (statement === '') return;
      facts.push({
        id: `${entry.fact}.s${index}` as FactId,
        kind: 'note',
        text: statement,
        isFreeText: true,
        ...(ageMonths === undefined ? {} : { ageMonths }),
      });
    });
  }
  return facts;
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
