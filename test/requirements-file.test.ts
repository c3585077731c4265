/** docs/requirements.csv: every requirement has a test that carries its id in its name, or a reason. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

interface Row {
  readonly id: string;
  readonly requirement: string;
  readonly test: string;
  readonly reason: string;
}

/** RFC 4180, as far as the file needs it: quoted fields may hold commas and doubled quotes. */
function readRows(text: string): readonly Row[] {
  const lines = text.trim().split(/\r?\n/).slice(1);
  return lines.map((line) => {
    const fields = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) =>
      field.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'),
    );
    return { id: fields[0] ?? '', requirement: fields[3] ?? '', test: fields[5] ?? '', reason: fields[6] ?? '' };
  });
}

/** What is wrong with a row, in words. */
function faultsOf({ id, requirement, test, reason }: Row): readonly string[] {
  const faults: string[] = [];
  if (!/^(CH-\d+|I\d+)$/.test(id) || requirement === '') faults.push(`${id}: no id or no requirement`);
  if ((test === '') === (reason === '')) faults.push(`${id}: needs a test or a reason, one of them`);
  if (test !== '' && !(existsSync(test) && new RegExp(`(?<![\\w-])${id}(?![\\w-])`).test(namesIn(test))))
    faults.push(`${id}: no test in ${test} carries this id`);
  return faults;
}

/** The names that the file gives to its tests, nothing else of it. */
function namesIn(file: string): string {
  return [...readFileSync(file, 'utf8').matchAll(/\b(?:it|test)\(\s*(['"`])([\s\S]*?)\1/g)].map(([, , name]) => name).join('\n');
}

describe('requirements', () => {
  it('file › every row › has a test that carries its id, or a reason', () => {
    const rows = readRows(readFileSync('docs/requirements.csv', 'utf8'));
    assert.equal(rows.length, 119);
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length, 'no id twice');
    assert.deepEqual(rows.flatMap(faultsOf), []);
  });

  it('file › rows that are wrong › are found', () => {
    const row = { id: 'CH-2', requirement: 'x', test: 'test/requirements.test.ts', reason: '' };
    assert.deepEqual(faultsOf(row), []);
    for (const wrong of [
      { ...row, id: 'CH-998' },
      { ...row, test: '' },
      { ...row, reason: 'both' },
      { ...row, test: 'test/nowhere.ts' },
      { ...row, id: '' },
    ])
      assert.notDeepEqual(faultsOf(wrong), []);
  });
});
