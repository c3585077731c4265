/** The command, run as people run it: arguments in, lines out, exit code. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import pino from 'pino';
import { loadConfig } from '../../src/config.js';
import type { Card } from '../../src/types.js';
import { type Service, startService } from '../../src/wire.js';

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

/** An open FHIR server with one invented patient; it refuses conditions. */
const openServer = createServer((request, response) => {
  const type = request.url?.split(/[/?]/)[1] ?? '';
  response.writeHead(type === 'Condition' ? 403 : 200, { 'content-type': 'application/fhir+json' });
  const patient = { resourceType: 'Patient', id: 'p1', gender: 'male', birthDate: '1966-01-01' };
  response.end(JSON.stringify(type === 'Patient' ? patient : { resourceType: 'Bundle', type: 'searchset', total: 0, entry: [] }));
});
const fhir = { url: '' };
let service: Service;
before(async () => {
  await new Promise<void>((resolve) => openServer.listen(0, '127.0.0.1', resolve));
  const address = openServer.address();
  fhir.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  service = await startService(
    loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000' }, process.cwd()),
    pino({ level: 'silent' }),
  );
});
after(async () => {
  openServer.close();
  await service.close();
});

describe('whycard', () => {
  it('--help › names every command', async () => {
    const { code, out } = await whycard(['--help']);
    assert.equal(code, 0);
    for (const command of ['try', 'read', 'deidentify', 'knowledge']) assert.match(out, new RegExp(`^ +${command}\\b`, 'm'));
  });

  it('a command that is not there › exit 1, and the help', async () => {
    const { code, err } = await whycard(['tyr']);
    assert.equal(code, 1);
    assert.match(err, /try/);
  });

  it('knowledge › --json › every rule with its source', async () => {
    const { code, out } = await whycard(['knowledge', '--json']);
    assert.equal(code, 0);
    const rules = JSON.parse(out) as readonly { readonly source: string; readonly verified: string }[];
    assert.ok(rules.length >= 19, String(rules.length));
    assert.ok(rules.every((rule) => rule.source.length > 20));
  });

  it('output › closed by its reader after the first lines › ends without a word', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'knowledge'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.deepEqual([code, err], [0, '']);
  });

  it('knowledge drug › --json › its ingredients, how it was recognised; what is not known is said', async () => {
    const { code, out } = await whycard(['knowledge', 'drug', 'Coumadin', '5', 'mg', '--json']);
    assert.equal(code, 0);
    const found = JSON.parse(out) as { readonly how: string; readonly ingredients: readonly { readonly id: string; readonly rxnorm: string }[] };
    assert.equal(found.how, 'name');
    assert.deepEqual(
      found.ingredients.map(({ id, rxnorm }) => `${id} ${rxnorm}`),
      ['warfarin 11289'],
    );
    assert.match((await whycard(['knowledge', 'drug', 'hydroxazine'])).out, /^not recognised: hydroxazine\n.*hydroxyzine, hydralazine/);
  });

  it('deidentify › --json, one text a line › one { text, spans } a line, empty lines kept', async () => {
    const { out } = await whycard(['deidentify', '--json'], 'Mr. Quillfeather, call 555-123-4567.\n\nNo fever.\n');
    const [first, second, third] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly text: string; readonly spans: readonly unknown[] });
    assert.doesNotMatch(first?.text ?? 'Quillfeather', /Quillfeather|555/);
    assert.equal(first?.spans.length, 2);
    assert.deepEqual([second?.text, third?.text], ['', 'No fever.']);
  });

  it('read › --json, one statement a line › one { supports, contradicts } a line', async () => {
    const { out, code } = await whycard(
      ['read', '--criterion', 'had a colonoscopy', '--json'],
      'Had a colonoscopy.\nNever had a colonoscopy.\nLikes tea.\n',
    );
    assert.equal(code, 0);
    const [yes, no, nothing] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly supports: number; readonly contradicts: number });
    assert.ok((yes?.supports ?? 0) > 0.5 && (no?.contradicts ?? 0) > 0.5);
    assert.ok((nothing?.supports ?? 1) < 0.5 && (nothing?.contradicts ?? 1) < 0.5);
  });

  it('try › a sandbox patient › cards with bars; --json, the cards alone', async () => {
    const { out, code } = await whycard(['try', '--url', service.url]);
    assert.equal(code, 0);
    assert.match(out, /\[warning\] Colorectal cancer screening is due/);
    assert.match(out, /^\+ █+ +\d\.\d\d {2}age 58$/m);
    const json = await whycard([
      'try',
      '--url',
      service.url,
      '--patient',
      'interaction-warfarin',
      '--hook',
      'order-sign',
      '--order',
      '5640',
      '--json',
    ]);
    const { cards } = JSON.parse(json.out) as { readonly cards: readonly Card[] };
    assert.deepEqual(
      cards.map((card) => card.summary),
      ['Warfarin with ibuprofen: bleeding risk'],
    );
  });

  it('try › --fhir, a patient of an open FHIR server › cards from what it gives, and what it refuses is said', async () => {
    const { out, err, code } = await whycard(['try', '--url', service.url, '--fhir', `${fhir.url}/`, '--patient', 'p1']);
    assert.equal(code, 0, err);
    assert.match(out, /\[warning\] Colorectal cancer screening is due/);
    assert.match(out, /conditions: the server failed/);
    assert.match(err, /could not read Condition/);
  });

  it('try › --fhir, a server that wants a token › exit 1 in one line', async () => {
    const { code, err } = await whycard(['try', '--url', service.url, '--fhir', `${service.url}/ehr/fhir`, '--patient', 'gap-colorectal']);
    assert.equal(code, 1);
    assert.match(err, /did not give the patient/);
  });

  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a patient that is not there', ['--patient', 'nobody'], /no patient "nobody".*[\s\S]*gap-colorectal/],
    ['a hook that is not there', ['--hook', 'patient-viewed'], /patient-view, order-sign, order-select/],
    ['a server that is no address', ['--fhir', 'localhost'], /no http address/],
    ['a service that does not answer', ['--url', 'http://127.0.0.1:1'], /No whycard answers/],
  ];
  for (const [name, args, message] of mistakes) {
    it(`try › ${name} › exit 1 and what is allowed`, async () => {
      const { code, err } = await whycard(['try', '--url', service.url, ...args]);
      assert.equal(code, 1);
      assert.match(err, message);
      assert.doesNotMatch(err, /\n {4}at /);
    });
  }
});
