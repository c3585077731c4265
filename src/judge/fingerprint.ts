/**
 * What decided a finding, as one text that is the same whenever the same evidence decides: in any call, order and paging, whatever ids a server gives.
 * Codes, values, doses and days; of what goes on (a problem, a medicine) not when somebody wrote it down again. Knows resources, no rule.
 */
import type { Candidate, Chart, ChartEntry, Criterion, CriterionId, Finding, Judgement, Logic } from '../types.js';
import { collectMedications, toRecord } from './chart-record.js';

type Fields = Readonly<Record<string, unknown>>;
type Medications = ReturnType<typeof collectMedications>;

/** One text for each finding, by its place in `findings`. */
export function fingerprintFindings(chart: Chart, judgement: Judgement, findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  const medications = collectMedications(chart.entries);
  const entries = new Map<string, ChartEntry>(chart.entries.map((entry) => [entry.fact, entry]));
  const criteria = new Map(judgement.criteria.map((criterion) => [criterion.id, criterion]));
  const candidates = new Map(judgement.candidates.map((candidate) => [candidate.id, candidate]));
  return findings.map((finding) => {
    const asked = new Set(leavesOf(candidates.get(finding.candidate)));
    const coded = judgement.matches
      .filter((match) => asked.has(match.criterion))
      .map(({ fact, criterion, holds }) => [criterion, holds, ...describe(entries.get(fact), criteria.get(criterion), medications)]);
    const silent = judgement.absences.flatMap(({ criteria: absent }) => absent.filter((id) => asked.has(id)).map((id) => [id, 'absent']));
    const read = finding.origin === 'text' ? finding.evidence.flatMap((fact) => describeSentence(fact, entries)) : [];
    // Sets: the same event from two systems is one piece of evidence, and no order means anything.
    const parts = [...new Set([...coded, ...silent, ...read].map((part) => JSON.stringify(part)))].sort();
    // How grave the rule says it is; a reading that folds the card down is not new evidence.
    const { indicator } = judgement.findings.find((one) => one.candidate === finding.candidate) ?? finding;
    return JSON.stringify([finding.origin, indicator, parts]);
  });
}

function leavesOf(candidate: Candidate | undefined): readonly CriterionId[] {
  const walk = (logic: Logic): readonly CriterionId[] => {
    if (typeof logic === 'string') return [logic];
    return ('all' in logic ? logic.all : 'any' in logic ? logic.any : logic.none).flatMap(walk);
  };
  return candidate === undefined ? [] : walk(candidate.logic);
}

const medicineTypes = ['MedicationRequest', 'MedicationStatement', 'MedicationDispense', 'MedicationAdministration'];

/** Age, sex and what was derived have no resource: that the criterion is met is all that they say. A visit happened, it is no evidence. */
function describe(entry: ChartEntry | undefined, criterion: Criterion | undefined, medications: Medications): readonly unknown[] {
  if (entry === undefined || entry.resource.resourceType === 'Encounter') return [];
  const record = toRecord(entry, medications);
  const fields = entry.resource as unknown as Fields;
  const type = entry.resource.resourceType;
  const name = record.codes.length > 0 ? [...new Set(record.codes)].sort() : [record.words.replaceAll(/\s+/g, ' ').trim()];
  const goesOn = (type === 'Condition' || medicineTypes.includes(type)) && criterion?.withinMonths === undefined;
  const day = goesOn || record.span === undefined ? '' : new Date(record.span.from).toISOString().slice(0, 10);
  // A status is part of it: a refuted problem, a test that was not done.
  return [name, day, valuesOf(fields), textOf(fields['verificationStatus']), medicineTypes.includes(type) ? sorted(fields['dosageInstruction']) : ''];
}

/** Every `value[x]` of the resource and of its components. */
function valuesOf(fields: Fields): unknown {
  const values = Object.entries(fields).filter(([key]) => key.startsWith('value'));
  const components = Array.isArray(fields['component'])
    ? fields['component'].filter(isFields).map((one) => [sorted(one['code']), valuesOf(one)])
    : [];
  return [...values.map(([, value]) => sorted(value)), ...components];
}

/** A sentence that was read: where it stands in which text, by its words and not by the id of its document. */
function describeSentence(fact: string, entries: ReadonlyMap<string, ChartEntry>): readonly unknown[] {
  const [position = '', sentence = ''] = fact.split('.');
  const fields = entries.get(position)?.resource as unknown as Fields | undefined;
  return fields === undefined ? [] : [[sentence, sorted(fields['content']), sorted(fields['note']), textOf(fields['date'])]];
}

/** JSON with its keys in order: two servers may write one thing in two orders. */
function sorted(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) =>
      isFields(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
    ) ?? ''
  );
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (value === undefined ? '' : sorted(value));
