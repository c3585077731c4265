/**
 * The wall: the chart becomes facts. Ids are positions, ages are buckets, dates are months before now, free strings pass the text filter.
 * Knows the chart; nothing behind it does.
 */
import type { Chart, ChartEntry, Fact, FactId, Judgement } from '../types.js';
import { resolveDates } from './dated-text.js';
import { collectIdentifiers } from './known-identifiers.js';
import type { Loose } from './loose.js';
import { extractNoteFacts } from './note-facts.js';
import { phrase } from './phrase.js';
import { shorten } from './shorten.js';
import { createTextFilter, normalise } from './text-filter.js';
import { ageOf, describeAge, monthsBetween, toSpan } from './time.js';

/** Of a fact's text. Cut after the filter and between words, so that no half of an identifier slips through. */
const maxFactLength = 400;
const maxRawLength = 2 * maxFactLength;

export function createExtractFacts(): (chart: Chart, judgement: Judgement) => readonly Fact[] {
  return function extractFacts(chart, judgement) {
    // Nothing to score or to explain: nothing leaves the chart.
    if (judgement.candidates.length === 0) return [];
    const filter = createTextFilter(collectIdentifiers(chart));
    const safe = rememberTexts((text) => shorten(filter(text).text.replaceAll(/\s+/g, ' ').trim(), maxFactLength));
    const named = new Set(judgement.matches.map(({ fact }) => fact));
    const coded = chart.entries.map((entry) => toFact(entry, chart.now, named, safe)).filter((fact) => fact !== undefined);
    return [...personFacts(chart), ...coded, ...absenceFacts(judgement), ...extractNoteFacts(chart, judgement.criteria, safe)];
  };
}

/** A chart says the same thing many times, and the filter is the dearest step of the wall. Lives as long as one chart: another has other names. */
function rememberTexts(safe: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text) ?? safe(text);
    known.set(text, found);
    return found;
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

function toFact({ fact: id, list, resource }: ChartEntry, now: Date, named: ReadonlySet<FactId>, safe: (text: string) => string): Fact | undefined {
  const found = phrase(resource as unknown as Loose, list === 'drafts');
  if (found === undefined) return undefined;
  // The minimum that is needed (45 CFR 164.502(b)): what codes say already and no criterion asked for is counted, and its words stay in the chart.
  if (!found.isFreeText && !named.has(id)) return { id, kind: found.kind, text: '', isFreeText: false };
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
