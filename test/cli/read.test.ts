/** `whycard read`, as people run it: statements on standard input, answers a line each. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { CommandError } from '../../src/cli/ehr.js';
import { type ReadOptions, readLines } from '../../src/cli/read.js';

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function whycard(args: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

describe('whycard read', () => {
  const mistakes: readonly (readonly [string, ReadOptions, RegExp])[] = [
    ['nothing to read against', {}, /--criterion "had a colonoscopy", or --service/],
    ['an empty criterion', { criterion: ' ' }, /--criterion must be a sentence/],
    ['both', { criterion: 'had a colonoscopy', service: 'care-gaps' }, /not both/],
    ['a service that is not there', { service: 'nowhere' }, /no service nowhere; there are .*care-gaps/],
    ['a service about orders', { service: 'order-safety' }, /made from the orders/],
  ];
  for (const [name, options, message] of mistakes) {
    it(`mistake › ${name} › one line that says what to do`, async () => {
      await assert.rejects(
        readLines(options),
        (error) => error instanceof CommandError && message.test(error.message) && !error.message.includes('\n'),
      );
    });
  }

  it('mistake › on the command line › exit 1, one line, nothing read', async () => {
    const { code, err, out } = await whycard(['read'], 'Had a colonoscopy.\n');
    assert.deepEqual([code, out, err.trim().split('\n').length], [1, '', 1]);
  });

  it('read › --service, --json › every criterion of it, those that the statement speaks of first', async () => {
    const { code, out } = await whycard(['read', '--service', 'care-gaps', '--json'], 'Colonoscopy 3 years ago, normal.\n');
    assert.equal(code, 0);
    const { readings } = JSON.parse(out) as {
      readonly readings: readonly { readonly text: string; readonly supports: number; readonly contradicts: number }[];
    };
    assert.ok(readings.length >= 10);
    assert.match(readings[0]?.text ?? '', /colonoscopy/);
    const said = readings.map(({ supports, contradicts }) => Math.max(supports, contradicts));
    assert.deepEqual(
      said,
      [...said].sort((one, other) => other - one),
    );
  });

  it('read › empty input, an empty line, a very long line › an answer for each line, and a word on the rest', async () => {
    const none = await whycard(['read', '--criterion', 'had a colonoscopy', '--json']);
    assert.deepEqual([none.code, none.out], [0, '']);
    assert.match(none.err, /no statement/);
    const odd = await whycard(['read', '--criterion', 'had a colonoscopy', '--json'], `\n${'word '.repeat(20_000)}\nNever had a colonoscopy.\n`);
    assert.deepEqual([odd.code, odd.out.trim().split('\n').length], [0, 3]);
    assert.match(odd.err, /line 2 has 100000 characters/);
  });
});
