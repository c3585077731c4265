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
  run(measure: string, resources: readonly FhirResource[], period: { readonly start: string; readonly end: string }): Promise<number>;
}

/** Everything is loaded and built once, as a server would do it. */
export function loadMeasures(names: readonly string[]): Measures {
  const repository = new cql.Repository(names.flatMap(readLibraries));
  memoise(repository);
  const codeService = new cql.CodeService(readValueSets());
  const libraries = new Map(names.map((name) => [name, repository.resolve(name)]));
  return {
    names,
    async run(measure, resources, period) {
      const source = cqlFhir.PatientSource.FHIRv401();
      source.loadBundles([{ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) }]);
      const interval = new cql.Interval(
        cql.DateTime.parse(`${period.start}T00:00:00.000`),
        cql.DateTime.parse(`${period.end}T23:59:59.999`),
        true,
        true,
      );
      const [startedAt, tell] = [performance.now(), console.error];
      // cql-exec-fhir says on each run which elements its model lacks.
      console.error = () => {};
      await new cql.Executor(libraries.get(measure), codeService, { 'Measurement Period': interval }).exec(
        source,
        cql.DateTime.parse(`${period.end}T23:59:59.999`) ?? undefined,
      );
      console.error = tell;
      return performance.now() - startedAt;
    },
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
