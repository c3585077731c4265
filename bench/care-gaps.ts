/**
 * `npm run bench -- care-gaps`: all recommendations over a long chart and a very long one, on one core, beside cql-execution running the published logic
 * of the same measures in the same run; and the memory of the compiled knowledge. Prints each figure beside its goal.
 */
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FhirResource, Patient } from 'fhir/r4.js';
import { createJudge } from '../src/judge/judge.js';
import { loadKnowledge } from '../src/judge/knowledge.js';
import type { Chart } from '../src/types.js';
import { hasMeasures, loadMeasures } from './cql.js';
import { adopt, hasHistories, readCases, readHistories, toChart } from './histories.js';
import { print, quantile } from './print.js';

if (!hasHistories() || !hasMeasures()) {
  console.log('skipped: needs the data folder ../shared/data');
  process.exit(0);
}

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');
function heapMb(): number {
  if (typeof collectGarbage === 'function') for (let turn = 0; turn < 3; turn += 1) collectGarbage();
  return process.memoryUsage().heapUsed / 1_048_576;
}

const before = heapMb();
const knowledge = await loadKnowledge('cards');
const memory = heapMb() - before;
const service = knowledge.services.find(({ id }) => id === 'care-gaps');
if (service === undefined) throw new Error('there is no service care-gaps');
const judge = createJudge(knowledge);

const [first] = readCases('DiabetesGlycemicStatusAssessmentGreaterThan9PercentFHIR');
if (first === undefined) throw new Error('no case to start from');
const own = first.bundle.entry.map((entry) => entry.resource);
const patient: Patient = { ...own.find((one): one is Patient => one.resourceType === 'Patient'), resourceType: 'Patient', birthDate: '1965-05-05' };
const histories = readHistories();
const now = new Date(`${first.period.end}T23:59:59Z`);

/** A published test patient with the histories of others as distractors, cut to a size. */
function chartOf(size: number): readonly FhirResource[] {
  const rest = own.filter((one) => one.resourceType !== 'Patient');
  const distractors = histories.flatMap((history, at) => adopt(history, patient, `h${at}`));
  const repeated = Array.from({ length: Math.ceil(size / distractors.length) }, (_, turn) => adopt(distractors, patient, `t${turn}`)).flat();
  return [patient, ...rest, ...repeated].slice(0, size);
}

/** Judging as the service does it: indexing, all gaps, findings; in CPU time, so that a busy machine does not count. The chart is new each time. */
function timeJudging(resources: readonly FhirResource[], turns: number): readonly number[] {
  const times: number[] = [];
  for (let turn = 0; turn < turns + 5; turn += 1) {
    const chart: Chart = toChart(resources, now);
    const startedAt = process.cpuUsage();
    if (service !== undefined) judge(service, chart);
    const { user, system } = process.cpuUsage(startedAt);
    if (turn >= 5) times.push((user + system) / 1000);
  }
  return times;
}

console.log(`Node ${process.version}, one core; ${knowledge.rules.filter((rule) => rule.service === 'care-gaps').length} recommendations\n`);
print('memory of the compiled knowledge (heap)', `${memory.toFixed(1)} MB`, '≤ 60 MB', memory <= 60);
const perResource: number[] = [];
for (const [size, goal, turns] of [
  [350, 15, 100],
  [5_000, 150, 20],
] as const) {
  const times = timeJudging(chartOf(size), turns);
  const p50 = quantile(times, 0.5);
  perResource.push((p50 / size) * 1000);
  print(
    `all recommendations, ${size} resources`,
    `p50 ${p50.toFixed(1)} p95 ${quantile(times, 0.95).toFixed(1)} ms`,
    `p50 ≤ ${goal} ms`,
    p50 <= goal,
  );
}
const growth = (perResource[1] ?? 0) / (perResource[0] ?? 1);
print('time for a resource, long chart : short chart', growth.toFixed(2), 'linear: ≤ 1.5', growth <= 1.5);

const covered = readdirSync('../shared/data/ecqm-2024/cases').map((file) => file.replace(/\.ndjson\.gz$/, ''));
const measures = loadMeasures(covered);
const resources = chartOf(350);
let total = 0;
for (const name of measures.names) total += await measures.run(name, resources, first.period);
const again: number[] = [];
for (const name of measures.names) again.push(await measures.run(name, resources, first.period));
const warm = again.reduce((sum, ms) => sum + ms, 0);
print(
  `cql-execution, ${measures.names.length} measures, 350 resources`,
  `first ${total.toFixed(0)} again ${warm.toFixed(0)} ms`,
  '(for comparison)',
  true,
);
