/** Reads every import of src/ and fails on a breach of the house's two rules (architecture §3) and on its size limits (style §1). */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, it } from 'node:test';

const stages = [
  'http',
  'authenticate',
  'protocol',
  'gather',
  'consent',
  'judge',
  'deidentify',
  'read',
  'score',
  'attribute',
  'compose',
  'record',
  'feedback',
  'monitor',
  'sandbox',
];
const behindTheWall = ['read', 'score', 'attribute', 'record', 'feedback', 'monitor'];
const shared = ['types.ts', 'errors.ts'];

interface Source {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
}

function readSources(root: string): readonly Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ path: name.split(sep).join('/'), folder: name.split(sep)[0] ?? '', text: readFileSync(join(root, name), 'utf8') }));
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** What is wrong with the imports of one source, in words. */
function breachesOf(source: Source): readonly string[] {
  if (!stages.includes(source.folder)) return [];
  const breaches: string[] = [];
  for (const specifier of importsOf(source.text)) {
    if (specifier.startsWith('.')) {
      const target = normalize(join(dirname(source.path), specifier))
        .split(sep)
        .join('/')
        .replace(/\.js$/, '.ts');
      const folder = target.split('/')[0] ?? '';
      if (folder !== source.folder && !shared.includes(target)) breaches.push(`${source.path} imports ${target}`);
    }
    if (behindTheWall.includes(source.folder) && /^fhir(\/|$)/.test(specifier)) breaches.push(`${source.path} names FHIR`);
  }
  if (behindTheWall.includes(source.folder)) {
    const named = /\b(Chart|ChartEntry|HookRequest|FhirAccess|FhirResource|fhir4|AnswerSoFar)\b/.exec(
      source.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
    );
    if (named) breaches.push(`${source.path} names ${named[1]}`);
  }
  return breaches;
}

const sources = readSources('src');

describe('architecture', () => {
  it('imports › a stage › imports no other stage, and nothing behind the wall names FHIR or the chart', () => {
    assert.ok(sources.length > 40, 'the sources were read');
    assert.deepEqual(sources.flatMap(breachesOf), []);
  });

  it('imports › planted breaches › are found', () => {
    const planted = [
      { path: 'score/a.ts', folder: 'score', text: "import { x } from '../judge/judge.js';" },
      { path: 'read/a.ts', folder: 'read', text: "import type { Patient } from 'fhir/r4.js';" },
      { path: 'record/a.ts', folder: 'record', text: "import type { Chart } from '../types.js';" },
      { path: 'judge/a.ts', folder: 'judge', text: "const x = await import('../config.js');" },
    ];
    for (const source of planted) assert.equal(breachesOf(source).length, 1, source.path);
    assert.deepEqual(breachesOf({ path: 'judge/a.ts', folder: 'judge', text: "import { x } from './b.js';\nimport { y } from '../types.js';" }), []);
  });

  it('environment › process.env › is read by main.ts and the command only', () => {
    const readers = sources.filter((source) => /process\.env/.test(source.text)).map((source) => source.path);
    assert.deepEqual(
      readers.filter((path) => path !== 'main.ts' && !path.startsWith('cli/')),
      [],
    );
  });

  it('clock › the system clock › is read in wire.ts only', () => {
    const readers = sources
      .filter((source) => /Date\.now\(\)|new Date\(\)/.test(source.text) && !source.path.startsWith('sandbox/pages/'))
      .map((source) => source.path);
    assert.deepEqual(
      readers.filter((path) => path !== 'wire.ts'),
      [],
    );
  });

  it('size › every source file › has at most 300 lines, the median at most 130', () => {
    const lengths = sources.map((source) => ({ path: source.path, lines: source.text.split('\n').length }));
    assert.deepEqual(
      lengths.filter((file) => file.lines > 301 && file.path !== 'types.ts'),
      [],
    );
    const sorted = lengths.map((file) => file.lines).sort((a, b) => a - b);
    assert.ok((sorted[Math.floor(sorted.length / 2)] ?? 0) <= 130);
  });

  it('exports › no file › has a default export, any, or a type switched off', () => {
    const bad = sources.filter(
      (source) => /export default|: any\b|as any\b|@ts-ignore|@ts-expect-error/.test(source.text) && !source.path.endsWith('vite.config.ts'),
    );
    assert.deepEqual(
      bad.map((source) => source.path),
      [],
    );
  });
});
