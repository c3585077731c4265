/**
 * `npm run bench -- order-safety`: what the tables catch, what they say of pairs that no table connects, how fast, and how often they interrupt when
 * synthetic patients are given their own medicines again. Prints each figure beside its goal. Needs the data folder ../shared/data.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FhirResource, Patient } from 'fhir/r4.js';
import { distanceBetween } from '../src/judge/drugs/spelling.js';
import { createJudge } from '../src/judge/judge.js';
import { loadKnowledge } from '../src/judge/knowledge.js';
import type { Chart, ChartEntry, FactId, Indicator, Judgement, ListState } from '../src/types.js';
import { hasHistories } from './histories.js';
import { print, quantile } from './print.js';

if (!hasHistories()) {
  console.log('skipped: needs the data folder ../shared/data');
  process.exit(0);
}
const data = '../shared/data';
const knowledge = await loadKnowledge('cards');
const service = knowledge.services.find(({ id }) => id === 'order-safety');
const orders = knowledge.orders.get('order-safety');
if (service === undefined || orders === undefined) throw new Error('there is no service order-safety');
const judgeChart = createJudge(knowledge);
const judge = (chart: Chart): Judgement => judgeChart(service, chart);
const { formulary, recognise } = orders;
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} % (${part} of ${whole})`;

const complete: ListState = { state: 'complete' };
const lists = { patient: complete, conditions: complete, observations: complete, medications: complete, allergies: complete, notes: complete };
const subject = { reference: 'Patient/bench' };
const now = new Date('2026-06-15T12:00:00Z');
/** A man of 45 of whom nothing else is known: what is said is said of the drugs. */
const plain: Patient = { resourceType: 'Patient', id: 'bench', gender: 'male', birthDate: '1981-02-03' };
const drug = (text: string, status: 'active' | 'draft', id: string): FhirResource => ({
  resourceType: 'MedicationRequest',
  id,
  status,
  intent: 'order',
  subject,
  medicationCodeableConcept: { text },
});

function chartOf(patient: Patient, resources: readonly (readonly [ChartEntry['list'], FhirResource])[], at = now): Chart {
  const entries = resources.map(([list, resource], index): ChartEntry => ({ fact: `f${index}` as FactId, list, resource }));
  return { patient, entries, lists, selected: entries.filter(({ list }) => list === 'drafts').map(({ fact }) => fact), now: at };
}

const ignored = /^(order|list)-(not|read)/;
const rank: Readonly<Record<Indicator, number>> = { info: 1, warning: 2, critical: 3 };
const gravest = ({ findings }: Judgement): number =>
  Math.max(0, ...findings.filter(({ candidate }) => !ignored.test(candidate)).map((one) => rank[one.indicator]));
const orderBeside = (taken: string, ordered: string): Judgement =>
  judge(
    chartOf(plain, [
      ['medications', drug(taken, 'active', 'm')],
      ['drafts', drug(ordered, 'draft', 'd')],
    ]),
  );

function readCsv(file: string): readonly (readonly string[])[] {
  const [, ...lines] = readFileSync(`${data}/${file}`, 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((one) => one[2] ?? one[1] ?? ''));
}

/** Deterministic, so that two runs draw the same pairs. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function measureLists(): ReadonlySet<string> {
  const va = readCsv('ddi/va-ndfrt-2014.csv').map(([, a = '', , b = '', severity = '']) => ({ a, b, severity }));
  const onc = readCsv('ddi/onc-high-priority-pairs.csv').map(([a = '', b = '']) => ({ a, b }));
  const of = new Map<string, Set<string>>();
  for (const { a, b } of onc)
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const)
      of.set(x, (of.get(x) ?? new Set()).add(y));
  const qt = new Set([...of].filter(([, partners]) => partners.size >= 39).map(([name]) => name));
  for (;;) {
    const missing = [...qt].map((name) => ({ name, count: [...qt].filter((other) => other !== name && of.get(name)?.has(other) !== true).length }));
    const [worst] = missing.sort((a, b) => b.count - a.count);
    if (worst === undefined || worst.count === 0) break;
    qt.delete(worst.name);
  }
  const [within, without] = [onc.filter(({ a, b }) => qt.has(a) && qt.has(b)), onc.filter(({ a, b }) => !(qt.has(a) && qt.has(b)))];
  const carded = (pairs: readonly { readonly a: string; readonly b: string }[], least: number): number =>
    pairs.filter(({ a, b }) => gravest(orderBeside(a, b)) >= least).length;
  print(
    `ONC high priority without QT × QT (${without.length} pairs): carded`,
    percent(carded(without, 1), without.length),
    '≥ 99 %',
    carded(without, 1) >= 0.99 * without.length,
  );
  print('  of these interruptive', percent(carded(without, 2), without.length), '(shown)', true);
  print('  of these critical', percent(carded(without, 3), without.length), '(shown)', true);
  print(
    `ONC QT × QT (${within.length} pairs), man of 45 without a risk factor: interruptive`,
    percent(carded(within, 2), within.length),
    '(shown)',
    true,
  );
  print('  carded at all', percent(carded(within, 1), within.length), '(shown)', true);
  const critical = va.filter(({ a, b, severity }) => severity === 'critical' && a !== b);
  print(
    `VA critical (${critical.length} pairs): carded`,
    percent(carded(critical, 1), critical.length),
    '≥ 98 %',
    carded(critical, 1) >= 0.98 * critical.length,
  );
  print('  of these interruptive', percent(carded(critical, 2), critical.length), '(shown)', true);
  const significant = va.filter(({ severity }) => severity === 'significant');
  print(
    `VA significant (${significant.length} pairs): confirmed by a rule and carded`,
    percent(carded(significant, 1), significant.length),
    '(shown)',
    true,
  );
  print('  of these interruptive', percent(carded(significant, 2), significant.length), '(shown)', true);
  const missed = critical.filter(({ a, b }) => gravest(orderBeside(a, b)) === 0).slice(0, 8);
  if (missed.length > 0) console.log(`         VA critical without a card: ${missed.map(({ a, b }) => `${a} + ${b}`).join('; ')}`);
  return new Set([...va, ...onc].map(({ a, b }) => keyOf(idOf(a), idOf(b))));
}

const idOf = (name: string): string => recognise({ rxnorm: [], texts: [name] }).ingredients[0]?.id ?? name;
const keyOf = (a: string, b: string): string => [a, b].sort().join(' ');

function measureRandomPairs(listed: ReadonlySet<string>): void {
  const random = createRandom(7);
  const names = [...formulary.ingredients.values()];
  const pick = () => names[Math.floor(random() * names.length)];
  const loud: string[] = [];
  let [drawn, carded] = [0, 0];
  while (drawn < 2000) {
    const [a, b] = [pick(), pick()];
    if (a === undefined || b === undefined || a.id === b.id || listed.has(keyOf(a.id, b.id))) continue;
    drawn += 1;
    const judged = orderBeside(a.name, b.name);
    const alone = new Set(judge(chartOf(plain, [['drafts', drug(b.name, 'draft', 'd')]])).findings.map(({ candidate }) => candidate));
    // Only what the pair adds: what an order says by itself is no matter of pairs.
    const added = judged.findings.filter(({ candidate }) => !alone.has(candidate) && !ignored.test(candidate));
    if (added.length > 0) carded += 1;
    if (added.some(({ indicator }) => indicator !== 'info')) loud.push(`${a.name} + ${b.name}`);
  }
  print('2,000 random pairs that neither list connects: interruptive', percent(loud.length, drawn), '≤ 1 %', loud.length <= 0.01 * drawn);
  print('  carded at all', percent(carded, drawn), '(shown)', true);
  if (loud.length > 0) console.log(`         interruptive: ${loud.slice(0, 12).join('; ')}`);
}

function readBundles(): readonly { readonly entry: readonly { readonly resource: FhirResource }[] }[] {
  return gunzipSync(readFileSync(`${data}/synthea/patients-120.ndjson.gz`))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function measureRecognition(): void {
  const va = new Map<string, string>();
  for (const [codeA = '', a = '', codeB = '', b = ''] of readCsv('ddi/va-ndfrt-2014.csv')) {
    va.set(a, codeA);
    va.set(b, codeB);
  }
  const synthea = new Map<string, string>();
  for (const { entry } of readBundles())
    for (const { resource } of entry)
      if (resource.resourceType === 'MedicationRequest')
        for (const { code = '', display = '' } of resource.medicationCodeableConcept?.coding ?? []) synthea.set(display, code);
  score('VA names, codes removed', [...va]);
  score('Synthea displays, codes removed', [...synthea]);
  measureMisspellings();
}

/** Right: the same ingredients as the code stands for; where no source knows the code, any answer is only counted. */
function score(name: string, pairs: readonly (readonly [string, string])[]): void {
  let [right, wrong, unknown] = [0, 0, 0];
  const bad: string[] = [];
  for (const [text, code] of pairs) {
    const expected = formulary.byCode.get(code);
    const found = recognise({ rxnorm: [], texts: [text] }).ingredients.map(({ id }) => id);
    if (expected === undefined) unknown += 1;
    else if (found.length === 0) bad.push(`? ${text}`);
    else if (keyOf(...pad([...found].sort())) === keyOf(...pad([...expected].sort()))) right += 1;
    else {
      wrong += 1;
      bad.push(`✗ ${text} → ${found.join(' ')}`);
    }
  }
  const known = pairs.length - unknown;
  print(`${name} (${known}): recognised rightly`, percent(right, known), '(shown)', true);
  print('  recognised wrongly', percent(wrong, known), '(shown)', true);
  if (unknown > 0) console.log(`         ${unknown} displays have a code that no source knows`);
  if (bad.length > 0) console.log(`         ${bad.slice(0, 10).join('; ')}`);
}

const pad = (ids: readonly string[]): [string, string] => [ids.join(' '), ''];

/** One letter left out, doubled, changed or swapped with its neighbour, in every ingredient of eight letters and more. */
function measureMisspellings(): void {
  const random = createRandom(11);
  let [right, wrong, none] = [0, 0, 0];
  const bad: string[] = [];
  for (const { id, name } of formulary.ingredients.values()) {
    if (!/^[a-z]{8,}$/.test(name)) continue;
    for (let turn = 0; turn < 4; turn += 1) {
      const at = 1 + Math.floor(random() * (name.length - 2));
      const letter = 'abcdefghijklmnopqrstuvwxyz'[Math.floor(random() * 26)] ?? 'a';
      const slips = [
        name.slice(0, at) + name.slice(at + 1),
        name.slice(0, at) + (name[at] ?? '') + name.slice(at),
        name.slice(0, at) + letter + name.slice(at + 1),
        name.slice(0, at) + (name[at + 1] ?? '') + (name[at] ?? '') + name.slice(at + 2),
      ];
      const slip = slips[turn] ?? name;
      if (distanceBetween(slip, name, 2) === 0) continue;
      const found = recognise({ rxnorm: [], texts: [slip] }).ingredients.map((one) => one.id);
      if (found.length === 0) none += 1;
      else if (found.length === 1 && found[0] === id) right += 1;
      else {
        wrong += 1;
        bad.push(`${slip} (${name}) → ${found.join(' ')}`);
      }
    }
  }
  const all = right + wrong + none;
  print(`one slip of the pen in each name of 8 letters and more (${all}): right`, percent(right, all), '(shown)', true);
  print('  another drug', percent(wrong, all), '(shown)', true);
  if (bad.length > 0) console.log(`         ${bad.slice(0, 8).join('; ')}`);
}

/** 40 medicines that are taken, labs, conditions, allergies; 100 orders one after another. */
function measureSpeed(): void {
  const random = createRandom(3);
  const names = [...formulary.ingredients.values()].filter(({ id }) => formulary.classesOf(id).length > 0 || random() < 0.3);
  const pick = (): string => names[Math.floor(random() * names.length)]?.name ?? 'warfarin';
  const taken = Array.from({ length: 40 }, (_, at): readonly ['medications', FhirResource] => ['medications', drug(pick(), 'active', `m${at}`)]);
  const lab = (code: string, value: number, unit: string): readonly ['observations', FhirResource] => [
    'observations',
    {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code }] },
      effectiveDateTime: '2026-06-01',
      valueQuantity: { value, unit, code: unit },
    },
  ];
  const others = [lab('2160-0', 1.9, 'mg/dL'), lab('2823-3', 5.2, 'mmol/L'), lab('29463-7', 71, 'kg'), lab('6301-6', 2.4, '1')];
  const elder: Patient = { ...plain, gender: 'female', birthDate: '1948-02-03' };
  const times: number[] = [];
  let findings = 0;
  for (let turn = 0; turn < 110; turn += 1) {
    const chart = chartOf(elder, [...taken, ...others, ['drafts', drug(pick(), 'draft', 'd')]]);
    const startedAt = performance.now();
    findings += judge(chart).findings.length;
    if (turn >= 10) times.push(performance.now() - startedAt);
  }
  print(
    `100 orders beside 40 medicines (${(findings / 110).toFixed(1)} findings each): judged in`,
    `p50 ${quantile(times, 0.5).toFixed(1)} p95 ${quantile(times, 0.95).toFixed(1)} ms`,
    '≤ 50 ms each',
    Math.max(...times) <= 50,
  );
}

const ends = (resource: FhirResource): string => (resource.resourceType === 'MedicationRequest' ? (resource.authoredOn ?? '') : '');

/** Each patient's own medicines in the order in which they were prescribed, each as a draft beside what was on the chart on that day. */
function measureBurden(): void {
  const byRule = new Map<string, number>();
  let [ordered, loud, critical, info, cardsOfInfo] = [0, 0, 0, 0, 0];
  for (const { entry } of readBundles()) {
    const all = entry.map(({ resource }) => resource);
    const patient = all.find((one): one is Patient => one.resourceType === 'Patient') ?? plain;
    const medicines = all.filter((one) => one.resourceType === 'MedicationRequest').sort((a, b) => (ends(a) < ends(b) ? -1 : 1));
    for (const [at, medicine] of medicines.entries()) {
      const when = new Date(ends(medicine));
      if (Number.isNaN(when.getTime())) continue;
      // What ended by its own status is taken for a month; what is still active, from then on.
      const running = medicines
        .slice(0, at)
        .filter(
          (one) => one.resourceType === 'MedicationRequest' && (one.status === 'active' || when.getTime() - Date.parse(ends(one)) < 30 * 86_400_000),
        )
        .map((one): FhirResource => ({ ...one, status: 'active' }) as FhirResource);
      const before = (one: FhirResource): boolean => {
        const date = one.resourceType === 'Observation' ? one.effectiveDateTime : one.resourceType === 'Condition' ? one.onsetDateTime : undefined;
        return date !== undefined && Date.parse(date) <= when.getTime();
      };
      const chart = chartOf(
        patient,
        [
          ...running.map((one) => ['medications', one] as const),
          ...all.filter((one) => one.resourceType === 'AllergyIntolerance').map((one) => ['allergies', one] as const),
          ...all.filter((one) => one.resourceType === 'Condition' && before(one)).map((one) => ['conditions', one] as const),
          ...all.filter((one) => one.resourceType === 'Observation' && before(one)).map((one) => ['observations', one] as const),
          ['drafts', { ...medicine, status: 'draft', id: 'draft' } as FhirResource] as const,
        ],
        when,
      );
      const judged = judge(chart);
      ordered += 1;
      for (const { candidate, indicator } of judged.findings) {
        if (indicator === 'info') {
          info += 1;
          continue;
        }
        loud += 1;
        if (indicator === 'critical') critical += 1;
        const topic = judged.advice.find((one) => one.candidate === candidate)?.topic ?? candidate;
        byRule.set(topic, (byRule.get(topic) ?? 0) + 1);
      }
      if (judged.findings.some(({ indicator }) => indicator === 'info')) cardsOfInfo += 1;
    }
  }
  const per100 = (count: number): string => `${((100 * count) / ordered).toFixed(1)} per 100`;
  print(`113 Synthea patients, ${ordered} orders of their own: interruptive cards`, per100(loud), '(shown)', true);
  print('  of these critical', per100(critical), '(shown)', true);
  print('  for information, all / orders with a card of them', `${per100(info)} / ${per100(cardsOfInfo)}`, '(shown)', true);
  for (const [rule, count] of [...byRule].sort((a, b) => b[1] - a[1])) console.log(`         ${per100(count).padStart(14)}  ${rule}`);
}

const listed = measureLists();
measureRandomPairs(listed);
measureRecognition();
measureSpeed();
measureBurden();
