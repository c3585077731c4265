/**
 * `npm run bench -- published [seed] [mutants] [measure]`: our verdicts beside the published logic itself (ELM, run by cql-execution) on charts that nobody wrote: the open
 * half of the test patients, each changed at random (dates moved, statuses and values changed, records dropped, records of other test patients added).
 * Prints agreement per measure and the charts that differ.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { FhirResource } from 'fhir/r4.js';
import { isExpectedOpen } from '../src/cli/evaluate/agreement.js';
import { type Case, readCases } from '../src/cli/evaluate/cases.js';
import type { EvaluatedGap } from '../src/evaluation.js';
import { createEvaluateCase } from '../src/wire.js';
import { loadMeasures } from './cql.js';
import { hasHistories } from './histories.js';
import { mutate } from './mutate.js';

const folder = '../shared/data/ecqm-2024/cases';
if (!hasHistories()) {
  console.log('skipped: needs the data folder ../shared/data');
  process.exit(0);
}
const [seed = '1', mutants = '10', only] = process.argv.slice(2).filter((one) => one !== '--');
const out = process.env['KEEP'];

const files = readdirSync(folder).filter((file) => only === undefined || file.startsWith(only));
const measures = loadMeasures(files.map((file) => file.replace(/\.ndjson\.gz$/, '')));
const evaluateCase = await createEvaluateCase();

/** A small generator of our own, so that a run can be repeated. */
function createRandom(state: number): () => number {
  let at = state >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const random = createRandom(Number(seed));

/** Without CPT a visit is none to the published logic: this code stands in its set of office visits. */
const officeVisit = { system: 'http://snomed.info/sct', code: '185463005' };
function withVisits(resources: readonly FhirResource[]): readonly FhirResource[] {
  return resources.map((resource) => {
    if (resource.resourceType !== 'Encounter') return resource;
    const systems = (resource.type ?? []).flatMap((type) => type.coding ?? []).map(({ system }) => system);
    return systems.some((system) => system === 'http://snomed.info/sct')
      ? resource
      : { ...resource, type: [...(resource.type ?? []), { coding: [officeVisit] }] };
  });
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
let agreed = 0;
let total = 0;
for (const name of measures.names) {
  const { cases } = await readCases(`${folder}/${name}.ndjson.gz`, 'open');
  const tally = { agreed: 0, total: 0, differ: [] as string[] };
  for (const one of cases) {
    if (evaluateCase(one) === undefined) break;
    for (let turn = 0; turn <= Number(mutants); turn += 1) {
      const donors = cases.filter((other: Case) => other !== one).map((other) => other.resources);
      const changed = turn === 0 ? { resources: one.resources, steps: [] } : mutate(one.resources, donors, random);
      const resources = withVisits(changed.resources);
      const published = await measures.count(name, resources, { start: dayOf(one.start), end: dayOf(one.end) });
      const ours = evaluateCase({ ...one, resources });
      if (published === undefined || ours === undefined) break;
      const isOpen = (gap: EvaluatedGap): boolean => isExpectedOpen(published.get(gap.group) ?? {}, gap.isInverse);
      // Where cql-execution does not get the published result of the very case, it is no judge of its changes.
      if (turn === 0) {
        if (ours.gaps.some((gap) => isOpen(gap) !== isExpectedOpen(one.expected.get(gap.group) ?? {}, gap.isInverse))) break;
        continue;
      }
      tally.total += 1;
      const different = ours.gaps.filter((gap) => gap.isOpen !== isOpen(gap));
      if (different.length === 0) {
        tally.agreed += 1;
        continue;
      }
      const wrong = different.map(({ gap, isOpen, group }) => `${gap} ${isOpen ? 'open' : 'closed'} here, ${JSON.stringify(published.get(group))}`);
      tally.differ.push(`${one.id} mutant ${turn}: ${changed.steps.join('; ')}\n      ${wrong.join('\n      ')}`);
      if (out !== undefined) {
        mkdirSync(out, { recursive: true });
        const expected = Object.fromEntries([...published].map(([group, counts]) => [String(group), counts]));
        const line = {
          id: `${one.id}-${turn}`,
          measure: name,
          period: { start: dayOf(one.start), end: dayOf(one.end) },
          description: changed.steps.join('; '),
          expected,
          bundle: { entry: resources.map((resource) => ({ resource })) },
        };
        writeFileSync(`${out}/${name}.ndjson`, `${JSON.stringify(line)}\n`, { flag: 'a' });
      }
    }
  }
  if (tally.total === 0) continue;
  agreed += tally.agreed;
  total += tally.total;
  console.log(`${((100 * tally.agreed) / tally.total).toFixed(1).padStart(6)} %  ${tally.agreed} of ${tally.total}  ${name}`);
  for (const text of tally.differ.slice(0, 40)) console.log(`    ${text}`);
}
console.log(`\n${((100 * agreed) / total).toFixed(1)} % of ${total} charts: the same verdict as the published logic`);
