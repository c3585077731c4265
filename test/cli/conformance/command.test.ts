/** `whycard conformance` as people use it: addresses, options, reports, exit codes. All patients are invented. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { createProbe } from '../../../src/cli/conformance/probe.js';
import { escapeXml, renderJunit, renderText } from '../../../src/cli/conformance/report.js';
import type { CheckResult } from '../../../src/cli/conformance/run.js';
import { openClient } from '../../../src/cli/conformance/tokens.js';
import { type ConformanceOptions, runConformance } from '../../../src/cli/conformance.js';
import { createFake, type Fake, type Incoming, type Reply, reply, serve } from './fake.js';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder = '';
let fake: Fake;
let server: { close(): Promise<void> };
/** What the fake was asked. */
const asked: Incoming[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whycard-conformance-'));
  const { privateKey } = await generateKeyPair('ES384', { extractable: true });
  const jwk = await exportJWK(privateKey);
  await writeFile(join(folder, 'key.json'), JSON.stringify(jwk));
  fake = createFake(await openClient(jwk, 'https://ehr.example'));
  server = await serve(fake);
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
const remember = {
  reply: (incoming: Incoming, normal: Reply) => {
    asked.push(incoming);
    return normal;
  },
};
beforeEach(() => {
  asked.length = 0;
  fake.change = remember;
});

async function conformance(url: string, options: Partial<ConformanceOptions> = {}): Promise<Outcome> {
  const said = { out: [] as string[], err: [] as string[] };
  const say = { out: (text: string) => void said.out.push(text), err: (text: string) => void said.err.push(text) };
  const code = await runConformance(url, { patient: 'p1', timeout: '5000', ...options }, say);
  return { code, out: said.out.join(''), err: said.err.join('') };
}

describe('addresses', () => {
  for (const tail of ['', '/', '/cds-services', '/cds-services/']) {
    it(`base › written with "${tail}" › is the same, exit 0`, async () => {
      const { code, out } = await conformance(`${fake.url}${tail}`, { service: 'greeter' });
      assert.equal(code, 0, out);
      assert.match(out, new RegExp(`^CDS Hooks 2\\.0\\.1, ${fake.url}$`, 'm'));
    });
  }

  const unusable: readonly (readonly [string, () => string, Partial<ConformanceOptions>, RegExp])[] = [
    ['no address', () => 'localhost', {}, /no http address/],
    ['another protocol', () => 'ftp://127.0.0.1/', {}, /no http address/],
    ['nobody there', () => 'http://127.0.0.1:1', {}, /did not answer \(bad port\)/],
    ['a service that is not there', () => fake.url, { service: 'other' }, /no service "other"/],
    ['a time that is none', () => fake.url, { timeout: 'soon' }, /--timeout/],
    ['a request file that is not there', () => fake.url, { request: join('nowhere', 'x.json') }, /--request/],
    ['a key without issuer', () => fake.url, { key: 'key.json' }, /go together/],
    ['a JUnit file in no folder', () => fake.url, { service: 'greeter', junit: join('nowhere', 'x.xml') }, /--junit/],
    ['a FHIR server that is no address', () => fake.url, { fhir: 'r4' }, /no http address/],
  ];
  for (const [name, url, options, message] of unusable) {
    it(`exit 2 › ${name} › one line says why`, async () => {
      const { code, err, out } = await conformance(url(), options);
      assert.equal(code, 2, err);
      assert.match(err, message);
      assert.equal(err.trim().split('\n').length, 1);
      assert.equal(out, '');
    });
  }
});

describe('verdicts', () => {
  it('a must fails › exit 1, a line that says where it is written and what was seen', async () => {
    fake.change = { answer: { 'cards/0/indicator': 'hard-stop' } };
    const { code, out } = await conformance(fake.url, { service: 'greeter' });
    assert.equal(code, 1);
    assert.match(out, /^FAIL CH-52 .*\(must; 2\.0 Card Attributes\) — greeter: cards\[0\]\.indicator is "hard-stop"$/m);
    assert.match(out, /^\d+ passed, 1 must failed, 0 should failed, \d+ not applicable$/m);
  });

  it('a should fails › exit 0, with --strict exit 1', async () => {
    fake.change = { discovery: { 'services/0/title': undefined } };
    assert.equal((await conformance(fake.url, { service: 'greeter' })).code, 0);
    assert.equal((await conformance(fake.url, { service: 'greeter', strict: true })).code, 1);
  });

  it('--json › the same as JSON', async () => {
    fake.change = { discovery: { 'services/0/title': undefined } };
    const { out } = await conformance(fake.url, { service: 'greeter', json: true });
    const { totals, checks } = JSON.parse(out);
    assert.deepEqual([totals.failedMust, totals.failedShould], [0, 1]);
    const failed = checks.find((check: { readonly id: string }) => check.id === 'CH-10');
    assert.deepEqual(
      { ...failed, title: '', detail: '' },
      { id: 'CH-10', subject: 'discovery', level: 'should', title: '', source: '2.0 Discovery', outcome: 'fail', detail: '' },
    );
  });

  it('discovery is not there › exit 1: something answered, and not as it must', async () => {
    fake.change = { reply: () => reply(404) };
    const { code, out } = await conformance(fake.url, { service: 'greeter' });
    assert.equal(code, 1);
    assert.match(out, /^FAIL CH-7a .*answered 404$/m);
  });

  it('a service that wants a token, or fewer calls › exit 0, and a note says what was not seen', async () => {
    fake.change = { wantsToken: true };
    const closed = await conformance(fake.url, { service: 'greeter' });
    assert.equal(closed.code, 0, closed.out);
    assert.match(closed.out, /^A service wants a token/m);
    fake.change = { reply: (incoming, normal) => (incoming.kind === 'discovery' ? normal : reply(429)) };
    assert.match((await conformance(fake.url, { service: 'greeter' })).out, /^The service answered 429/m);
  });
});

describe('what is sent', () => {
  const bodies = (): readonly Incoming['json'][] =>
    asked.filter(({ kind, method }) => kind === 'service' && method === 'POST').map(({ json }) => json);

  it('--patient › the calls are about this one', async () => {
    await conformance(fake.url, { service: 'greeter', patient: 'p77' });
    const text = JSON.stringify(bodies()[0]);
    assert.match(text, /"context":\{[^}]*"patientId":"p77"/);
    assert.match(text, /"patient":\{"resourceType":"Patient","id":"p77"/);
  });

  it('--request › its context and prefetch, with an instance of its own for each call', async () => {
    const file = join(folder, 'request.json');
    const context = { userId: 'Practitioner/1', patientId: 'given' };
    const prefetch = { patient: { resourceType: 'Patient', id: 'given' }, conditions: { resourceType: 'Bundle', type: 'searchset', total: 0 } };
    await writeFile(file, JSON.stringify({ hook: 'patient-view', hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea', context, prefetch }));
    assert.equal((await conformance(fake.url, { service: 'greeter', request: file })).code, 0);
    const [call, again] = bodies();
    assert.deepEqual([call?.['context'], call?.['prefetch']], [context, prefetch]);
    assert.notEqual(call?.['hookInstance'], again?.['hookInstance']);
  });

  it('--request › for a hook that no service has › a note', async () => {
    const file = join(folder, 'other.json');
    await writeFile(file, JSON.stringify({ hook: 'order-dispatch', context: { patientId: '1' } }));
    assert.match((await conformance(fake.url, { service: 'greeter', request: file })).out, /^The given request was not used/m);
  });

  it('--fhir › prefetch is read from that server, and what it refuses is left out', async () => {
    const ehr = createServer((request, response) => {
      const isPatient = request.url === '/r4/Patient/p9';
      response.writeHead(isPatient ? 200 : 403, { 'content-type': 'application/fhir+json' });
      response.end(JSON.stringify(isPatient ? { resourceType: 'Patient', id: 'p9' } : { resourceType: 'OperationOutcome' }));
    });
    await new Promise<void>((resolve) => ehr.listen(0, '127.0.0.1', resolve));
    const address = ehr.address();
    const fhir = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/r4`;
    const { code, out } = await conformance(fake.url, { service: 'greeter', patient: 'p9', fhir: `${fhir}/` });
    ehr.close();
    assert.equal(code, 0, out);
    const [call] = bodies();
    assert.deepEqual(call?.['prefetch'], { patient: { resourceType: 'Patient', id: 'p9' } });
    assert.equal(call?.['fhirServer'], fhir);
  });

  it('--key and --issuer › a token for each request, and the checks of tokens', async () => {
    fake.change = { wantsToken: true };
    const { code, out } = await conformance(fake.url, { service: 'greeter', key: join(folder, 'key.json'), issuer: 'https://ehr.example' });
    assert.equal(code, 0, out);
    assert.match(out, /^PASS CH-83b/m);
    assert.match(out, /^PASS CH-50a/m);
  });

  it('--key › a file without private key › exit 2', async () => {
    const file = join(folder, 'public.json');
    const { kty, crv, x, y } = JSON.parse(await readFile(join(folder, 'key.json'), 'utf8'));
    await writeFile(file, JSON.stringify({ kty, crv, x, y }));
    const { code, err } = await conformance(fake.url, { key: file, issuer: 'https://ehr.example' });
    assert.equal(code, 2);
    assert.match(err, /no private key/);
  });

  it('as a program › --token from standard input, --junit › sent with each request, nothing of it in the reports', async () => {
    const junit = join(folder, 'junit.xml');
    const args = ['conformance', fake.url, '--service', 'greeter', '--token', '-', '--junit', junit];
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stdin.end('a.secret.token\n');
    assert.equal(await new Promise((resolve) => child.once('close', resolve)), 0, out);
    const calls = asked.filter(({ method }) => method !== 'OPTIONS');
    assert.ok(calls.filter(({ headers }) => headers.authorization === 'Bearer a.secret.token').length > 40);
    assert.doesNotMatch(`${out}${await readFile(junit, 'utf8')}`, /a\.secret\.token/);
  });
});

describe('reports', () => {
  const result = (outcome: 'pass' | 'fail' | 'n/a', level: 'must' | 'should', detail: string): CheckResult => ({
    subject: 'cards',
    check: { id: 'CH-1', level, title: 'a <title> & "more"', source: 'x', judge: () => ({ outcome: 'pass' }) },
    verdict: outcome === 'pass' ? { outcome } : { outcome, detail },
  });
  const hostile = `]]> </failure> <!-- "'& ${String.fromCharCode(0, 7, 27)}[2J ${String.fromCharCode(0xd800)}`;
  const results = [result('pass', 'must', ''), result('fail', 'must', hostile), result('fail', 'should', 'b'), result('n/a', 'must', 'c')];

  it('JUnit › whatever a service says › is well-formed, and counts what the exit code counts', () => {
    const xml = renderJunit('http://127.0.0.1/?a=1&b=<2>', results, false);
    assertWellFormed(xml);
    assert.match(xml, /<testsuite name="cards" tests="4" failures="1" errors="0" skipped="2">/);
    assert.equal(xml.match(/<failure /g)?.length, 1);
    assert.equal(renderJunit('x', results, true).match(/<failure /g)?.length, 2);
    assert.match(xml, /<skipped message="should: b"\/>/);
  });

  it('text › what a terminal would obey › is replaced', () => {
    const text = renderText('http://127.0.0.1', results, []);
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
    assert.match(text, /^1 passed, 1 must failed, 1 should failed, 1 not applicable$/m);
  });

  it('escapeXml › every sign that means something › is written otherwise', () => {
    assert.equal(escapeXml(`<a b="c" d='e'>&\u0000\n`), '&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;\ufffd\ufffd');
  });

  /** Tags open and close in order, and nothing but the five entities is used. */
  function assertWellFormed(xml: string): void {
    const open: string[] = [];
    const tag = /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|<\?xml [^>]*\?>/g;
    for (const [, close, name, , self] of xml.matchAll(tag)) {
      if (name === undefined || self === '/') continue;
      if (close === '/') assert.equal(open.pop(), name);
      else open.push(name);
    }
    assert.deepEqual(open, []);
    assert.doesNotMatch(xml.replaceAll(tag, ''), /[<>]/);
    assert.doesNotMatch(xml, /&(?!(amp|lt|gt|quot|apos);)/);
    assert.doesNotMatch(xml.replaceAll('\n', ''), /[\p{Cc}\p{Cs}]/u);
  }
});

describe('probe', () => {
  const probe = (fetch: typeof globalThis.fetch, timeoutMs = 5000) =>
    createProbe({ timeoutMs, elapsed: () => 0, fetch })({ method: 'GET', url: 'http://127.0.0.1/' });
  const answering = (body: string | Uint8Array<ArrayBuffer>) => probe(async () => new Response(body));

  it('a server that never answers › silence, not an error', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const exchange = await createProbe({ timeoutMs: 30, elapsed: () => 0 })({ method: 'GET', url: `http://127.0.0.1:${port}/` });
    silent.closeAllConnections();
    silent.close();
    assert.equal(exchange.kind === 'silence' && exchange.reason, 'did not answer within 30 ms');
  });

  it('a redirect › is seen and not followed', async () => {
    fake.change = { reply: (incoming) => remember.reply(incoming, reply(302, '', { location: '/elsewhere' })) };
    const exchange = await createProbe({ timeoutMs: 5000, elapsed: () => 0 })({ method: 'GET', url: `${fake.url}/cds-services` });
    assert.equal(exchange.kind === 'answer' && exchange.status, 302);
    assert.equal(asked.length, 1);
  });

  it('more than it reads, or deeper › silence', async () => {
    const large = await answering('x'.repeat(5_000_001));
    assert.match(large.kind === 'silence' ? large.reason : '', /more than 5000000 bytes/);
    const deep = await answering(`${'['.repeat(300)}${']'.repeat(300)}`);
    assert.match(deep.kind === 'silence' ? deep.reason : '', /more than 200 levels/);
  });

  it('bytes that are no UTF-8, a byte order mark, a comment › an answer that is no JSON', async () => {
    for (const body of [new Uint8Array([0x22, 0xff, 0x22]), '\ufeff{}', '{} // x', '']) {
      const exchange = await answering(body);
      assert.equal(exchange.kind, 'answer');
      assert.equal(exchange.kind === 'answer' && exchange.json, undefined);
    }
  });
});
