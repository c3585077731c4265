/**
 * `npm run bench -- mixing`: every published test patient (open half) with the life history of somebody else mixed in, moved into the measure's years.
 * The verdict may differ only where the history has something on the subject; prints how many differ and through which criteria.
 */
import { readdirSync } from 'node:fs';
import type { FhirResource, Patient } from 'fhir/r4.js';
import { readCases } from '../src/cli/evaluate/cases.js';
import type { Compiled } from '../src/judge/criteria/compile.js';
import { codeKey, fieldsOf, textOf } from '../src/judge/criteria/fields.js';
import { loadKnowledge } from '../src/judge/knowledge.js';
import { createEvaluateCase } from '../src/wire.js';
import { adopt, hasHistories, readHistories } from './histories.js';
import { print } from './print.js';

const cases = '../shared/data/ecqm-2024/cases';
const historiesPerCase = 3;
/** Where Synthea's histories end. */
const lastYear = 2021;

if (!hasHistories()) {
  console.log('skipped: needs the data folder ../shared/data');
  process.exit(0);
}

const histories = readHistories();
const evaluateCase = await createEvaluateCase();
const criteria = (await loadKnowledge('cards')).gaps.get('care-gaps')?.criteria;

/** Every date so many years later. A 29th of February may have no match. */
function moveYears(resources: readonly FhirResource[], years: number): readonly FhirResource[] {
  const text = JSON.stringify(resources).replaceAll(
    /"(\d{4})-(\d\d)-(\d\d)/g,
    (_, year: string, month: string, day: string) => `"${Number(year) + years}-${month}-${month === '02' && day === '29' ? '28' : day}`,
  );
  return JSON.parse(text);
}

/** Does it hold a code that a criterion, or an event that it relates to, asks for? */
function isOnSubject(resource: FhirResource, sets: ReadonlySet<number>): boolean {
  return codesIn(resource).some((code) => criteria?.setsOfCode.get(code)?.some((set) => sets.has(set)) === true);
}

function setsOfCriterion(id: string): readonly number[] {
  const found = criteria?.byId.get(id);
  return found === undefined ? [] : setsOf(found.compiled);
}

function setsOf(compiled: Compiled): readonly number[] {
  if (compiled.kind === 'age' || compiled.kind === 'sex') return [];
  if (compiled.kind !== 'event') return compiled.of.flatMap(setsOf);
  return [...compiled.sets, ...compiled.near.flatMap(({ events, last = [] }) => [...events, ...last].flatMap(setsOf))];
}

/** Visits count by their class where they carry no code of a set; their codes are what histories have. */
function codesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(codesIn);
  const fields = fieldsOf(value);
  const own = textOf(fields['code']) === '' ? [] : [codeKey(textOf(fields['system']), textOf(fields['code']))];
  return [...own, ...Object.values(fields).flatMap((one) => (typeof one === 'object' && one !== null ? codesIn(one) : []))];
}

interface Tally {
  pairs: number;
  differ: number;
  faults: string[];
  through: Map<string, number>;
}
const tally: Tally = { pairs: 0, differ: 0, faults: [], through: new Map() };
let measures = 0;
let seed = 0;

for (const file of readdirSync(cases)) {
  const { cases: open } = await readCases(`${cases}/${file}`, 'open');
  let isCovered = false;
  for (const one of open) {
    const alone = evaluateCase(one);
    if (alone === undefined) continue;
    isCovered = true;
    const patient = one.resources.find((resource): resource is Patient => resource.resourceType === 'Patient');
    if (patient === undefined) continue;
    for (let turn = 0; turn < historiesPerCase; turn += 1) {
      seed += 1;
      const history = histories[(seed * 37) % histories.length] ?? [];
      const distractors = moveYears(adopt(history, patient, 'history'), one.end.getUTCFullYear() - lastYear);
      const mixed = evaluateCase({ ...one, resources: [...one.resources, ...distractors] });
      if (mixed === undefined) throw new Error('a measure is covered alone and not mixed');
      for (const gap of alone.gaps) {
        const other = mixed.gaps.find((candidate) => candidate.gap === gap.gap);
        tally.pairs += 1;
        if (other === undefined || other.isOpen === gap.isOpen) continue;
        tally.differ += 1;
        const changed = other.criteria.filter(({ id, truth }) => gap.criteria.find((criterion) => criterion.id === id)?.truth !== truth);
        const sets = new Set(changed.flatMap(({ id }) => setsOfCriterion(id)));
        const rest = distractors.filter((resource) => !isOnSubject(resource, sets));
        const without = evaluateCase({ ...one, resources: [...one.resources, ...rest] });
        const isBySubject = without?.gaps.find((candidate) => candidate.gap === gap.gap)?.isOpen === gap.isOpen;
        const bySubject = isBySubject ? changed : [];
        if (bySubject.length === 0)
          tally.faults.push(`${one.measure} ${one.id} ${gap.gap}: ${changed.map(({ id }) => id).join(', ') || 'no criterion changed'}`);
        for (const { id } of bySubject) tally.through.set(`${gap.gap}: ${id}`, (tally.through.get(`${gap.gap}: ${id}`) ?? 0) + 1);
      }
    }
  }
  if (isCovered) measures += 1;
}

console.log(`${measures} measures, ${tally.pairs} verdicts of test patients with a history mixed in\n`);
print('the same verdict', `${tally.pairs - tally.differ} of ${tally.pairs}`, '(see below)', true);
print('another verdict, the history has something on the subject', String(tally.differ - tally.faults.length), '(named below)', true);
print('another verdict without anything on the subject', String(tally.faults.length), '0', tally.faults.length === 0);
for (const [through, count] of [...tally.through].sort((a, b) => b[1] - a[1])) console.log(`  ${String(count).padStart(4)}  ${through}`);
for (const fault of tally.faults.slice(0, 20)) console.log(`  fault  ${fault}`);
