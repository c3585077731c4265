/** The published logic of the measures, run by cql-execution, for comparison in benchmarks. Knows ELM and its data, nothing of our engine. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import cqlFhir from 'cql-exec-fhir';
import cql from 'cql-execution';
import type { FhirResource } from 'fhir/r4.js';

const folder = '../shared/data/ecqm-2024';

export const hasMeasures = (): boolean => existsSync(join(folder, 'elm'));

interface Elm {
  readonly library: { readonly identifier: { readonly id: string }; readonly includes?: { readonly def: readonly { readonly path: string }[] } };
}
interface ExpandedValueSet {
  readonly url: string;
  readonly expansion?: { readonly contains?: readonly { readonly system: string; readonly code: string }[] };
}

export interface Measures {
  readonly names: readonly string[];
  /** All populations of one measure over one patient; milliseconds. */
  run(measure: string, resources: readonly FhirResource[], period: Period): Promise<number>;
  /** Population counts by group, as the published logic has them; undefined where it breaks off. */
  count(measure: string, resources: readonly FhirResource[], period: Period): Promise<ReadonlyMap<number, Populations> | undefined>;
}
interface Period {
  readonly start: string;
  readonly end: string;
}
type Populations = Readonly<Record<string, number>>;

/** Everything is loaded and built once, as a server would do it. */
export function loadMeasures(names: readonly string[]): Measures {
  const repository = new cql.Repository(names.flatMap(readLibraries));
  memoise(repository);
  const codeService = new cql.CodeService(readValueSets());
  const libraries = new Map(names.map((name) => [name, repository.resolve(name)]));
  const execute = async (measure: string, resources: readonly FhirResource[], period: Period): Promise<Results> => {
    const source = cqlFhir.PatientSource.FHIRv401();
    source.loadBundles([{ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) }]);
    const interval = new cql.Interval(
      cql.DateTime.parse(`${period.start}T00:00:00.000`),
      cql.DateTime.parse(`${period.end}T23:59:59.999`),
      true,
      true,
    );
    const tell = console.error;
    // cql-exec-fhir says on each run which elements its model lacks.
    console.error = () => {};
    try {
      const results = await new cql.Executor(libraries.get(measure), codeService, { 'Measurement Period': interval }).exec(
        source,
        cql.DateTime.parse(`${period.end}T23:59:59.999`) ?? undefined,
      );
      const [result]: unknown[] = Object.values(results.patientResults);
      return isRecord(result) ? result : {};
    } finally {
      console.error = tell;
    }
  };
  const groups = new Map(names.map((name) => [name, readGroups(name)]));
  return {
    names,
    async run(measure, resources, period) {
      const startedAt = performance.now();
      await execute(measure, resources, period);
      return performance.now() - startedAt;
    },
    async count(measure, resources, period) {
      const results = await execute(measure, resources, period).catch(() => undefined);
      return results === undefined ? undefined : new Map((groups.get(measure) ?? []).map((group, at) => [at, countPopulations(group, results)]));
    },
  };
}

type Results = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Results {
  return typeof value === 'object' && value !== null;
}

type Group = ReadonlyMap<string, string>;

interface MeasureResource {
  readonly group: readonly {
    readonly population: readonly {
      readonly code: { readonly coding: readonly { readonly code: string }[] };
      readonly criteria: { readonly expression: string };
    }[];
  }[];
}

/** Population code → the expression that defines it. */
function readGroups(name: string): readonly Group[] {
  const { group }: MeasureResource = JSON.parse(readFileSync(join(folder, 'measures', `${name}.json`), 'utf8'));
  return group.map(({ population }) => new Map(population.map(({ code, criteria }) => [code.coding[0]?.code ?? '', criteria.expression])));
}

/** Each population within the ones before it; visits where visits are counted, else the patient. */
function countPopulations(group: Group, results: Results): Populations {
  const members = (population: string): ReadonlySet<string> => {
    const result = results[group.get(population) ?? ''];
    if (Array.isArray(result)) return new Set(result.map((one) => String(one?.id?.value ?? one?.id)));
    return new Set(result === true ? ['patient'] : []);
  };
  const initial = members('initial-population');
  const denominator = [...members('denominator')].filter((one) => initial.has(one));
  const excluded = denominator.filter((one) => members('denominator-exclusion').has(one));
  const left = denominator.filter((one) => !excluded.includes(one));
  const numerator = left.filter((one) => members('numerator').has(one) && !members('numerator-exclusion').has(one));
  const excepted = left.filter((one) => !numerator.includes(one) && members('denominator-exception').has(one));
  return {
    'initial-population': initial.size,
    denominator: denominator.length,
    'denominator-exclusion': excluded.length,
    'denominator-exception': excepted.length,
    numerator: numerator.length,
  };
}

/** A library and all that it includes, each once. */
function readLibraries(name: string): readonly Elm[] {
  const found = new Map<string, Elm>();
  const read = (library: string): void => {
    if (found.has(library)) return;
    const elm: Elm = JSON.parse(gunzipSync(readFileSync(join(folder, 'elm', `${library}.json.gz`))).toString('utf8'));
    found.set(library, elm);
    for (const { path } of elm.library.includes?.def ?? []) read(path.split('/').at(-1) ?? path);
  };
  read(name);
  return [...found.values()];
}

/** `resolve` builds a library anew at each call; building the same ones again and again would be measured otherwise. */
function memoise(repository: InstanceType<typeof cql.Repository>): void {
  const resolve = repository.resolve.bind(repository);
  const known = new Map<string, ReturnType<typeof resolve>>();
  repository.resolve = (path, version) => {
    const name = path.split('/').at(-1) ?? path;
    const library = known.get(name) ?? resolve(name, version);
    known.set(name, library);
    return library;
  };
}

function readValueSets(): Record<string, Record<string, { code: string; system: string; version: string }[]>> {
  const sets: Record<string, Record<string, { code: string; system: string; version: string }[]>> = {};
  for (const line of gunzipSync(readFileSync(join(folder, 'valuesets.ndjson.gz')))
    .toString('utf8')
    .split('\n')) {
    if (line === '') continue;
    const set: ExpandedValueSet = JSON.parse(line);
    sets[set.url] = { '': (set.expansion?.contains ?? []).map(({ system, code }) => ({ system, code, version: '' })) };
  }
  return sets;
}
