/** The conformance checks, checked: a good service passes, and each planted fault is found by the one check that is about it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import pino from 'pino';
import { createVerifyCaller } from '../../src/authenticate/caller.js';
import type { Observed } from '../../src/cli/conformance/observed.js';
import { createProbe } from '../../src/cli/conformance/probe.js';
import { type CheckResult, checksBySubject, judgeAll, observe, type Target } from '../../src/cli/conformance/run.js';
import { type Client, openClient } from '../../src/cli/conformance/tokens.js';
import { loadConfig } from '../../src/config.js';
import { parseRequest } from '../../src/protocol/request.js';
import { type Service, startService } from '../../src/wire.js';
import { withSite } from '../http/site.js';
import { createFake, type Fake, serve } from './conformance/fake.js';
import { type Fault, faults } from './conformance/faults.js';

let client: Client;
/** Called in place: a run takes milliseconds. */
let inPlace: Fake;
let onWire: Fake;
let server: { close(): Promise<void> };
before(async () => {
  // The quickest kind of key: hundreds of tokens are signed and verified here.
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  client = await openClient(await exportJWK(privateKey), 'https://ehr.example');
  inPlace = createFake(client);
  onWire = createFake(client);
  server = await serve(onWire);
});
after(() => server.close());

async function check(fake: Fake, changes: Partial<Target> = {}): Promise<readonly CheckResult[]> {
  const target: Target = {
    base: fake.url,
    service: undefined,
    patient: 'p1',
    fhir: undefined,
    request: undefined,
    isTokenRequired: false,
    token: undefined,
    client: undefined,
    ...changes,
  };
  let elapsedMs = 0;
  // The clock goes on by what the fake says that it took.
  const elapsed = (): number => {
    elapsedMs += fake.change.tookMs ?? 0;
    return elapsedMs;
  };
  const probe = createProbe({ timeoutMs: 5000, elapsed, ...(fake === inPlace ? { fetch: fake.fetch } : {}) });
  return judgeAll(await observe(target, { probe, now: () => new Date() }));
}

const failing = (results: readonly CheckResult[]): readonly string[] =>
  results.flatMap(({ check: { id }, verdict }) => (verdict.outcome === 'fail' ? [`${id}: ${verdict.detail}`] : []));
const inapplicable = (results: readonly CheckResult[]): readonly string[] =>
  results.flatMap((result) => (result.verdict.outcome === 'n/a' ? [result.check.id] : []));

describe('checks', () => {
  const checks = checksBySubject.flatMap(([, list]) => list);
  const ids = checks.map(({ id }) => id);

  it('ids › each › is of docs/requirements.csv, with a letter where there are several, and is there once', () => {
    const rows = new Set([...readFileSync('docs/requirements.csv', 'utf8').matchAll(/^(CH-\d+),/gm)].map(([, id]) => id));
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      ids.filter((id) => !rows.has(id.replace(/[a-z]$/, ''))),
      [],
    );
    assert.ok(ids.length > 130, `${ids.length} checks`);
  });

  it('faults › each check › has one that it finds', () => {
    const found = new Set(faults.map(({ fails }) => fails));
    // The fake is on this machine, where https is not asked for.
    assert.deepEqual(
      ids.filter((id) => !found.has(id) && id !== 'CH-1a'),
      [],
    );
    assert.deepEqual(
      [...found].filter((id) => !ids.includes(id)),
      [],
    );
  });
});

describe('a good service', () => {
  it('open › over the wire › every check applies but those of tokens and https, and passes', async () => {
    onWire.change = {};
    const results = await check(onWire);
    assert.deepEqual(failing(results), []);
    assert.deepEqual(inapplicable(results.filter(({ subject }) => subject !== 'authentication')), ['CH-1a']);
  });

  it('behind tokens › with a key that it trusts › every check applies and passes', async () => {
    onWire.change = { wantsToken: true };
    const results = await check(onWire, { client });
    assert.deepEqual(failing(results), []);
    assert.deepEqual(inapplicable(results), ['CH-1a']);
  });

  it('behind tokens › without a key › wrong tokens are tried, cards are not seen', async () => {
    inPlace.change = { wantsToken: true };
    const results = await check(inPlace);
    assert.deepEqual(failing(results), []);
    const passed = results.filter(({ verdict }) => verdict.outcome === 'pass').map((result) => result.check.id);
    for (const id of ['CH-80', 'CH-82a', 'CH-82b', 'CH-85a', 'CH-85b', 'CH-86']) assert.ok(passed.includes(id), id);
    for (const id of ['CH-46a', 'CH-50a', 'CH-83b']) assert.ok(inapplicable(results).includes(id), id);
  });
});

describe('faults', () => {
  async function assertFound(fake: Fake, fault: Fault): Promise<void> {
    fake.change = fault;
    // A fault of discovery may be in either service; the others show in one.
    const service = fault.discovery === undefined ? 'greeter' : undefined;
    const failed = failing(await check(fake, { service, ...(fault.isTokenRequired === true ? { client, isTokenRequired: true } : {}) }));
    assert.deepEqual(
      failed.map((line) => line.split(':')[0]),
      [fault.fails],
      failed.join('\n'),
    );
  }

  for (const fault of faults) it(`${fault.fails} › ${fault.name} › is found, and nothing else`, () => assertFound(inPlace, fault));

  it('over the wire › one in twenty › is found as well', async () => {
    for (const fault of faults.filter((_fault, index) => index % 20 === 0)) await assertFound(onWire, fault);
  });
});

describe('anything', () => {
  it('discovery and answers of any shape › are judged, never an error', async () => {
    const paths = ['services', 'services/0', 'services/0/prefetch', 'services/0/prefetch/extra', 'services/0/hook', 'services/0/extension'];
    const places = ['cards', 'cards/0', 'cards/0/source', 'cards/0/suggestions', 'cards/0/suggestions/0/actions', 'cards/0/links', 'systemActions'];
    const value = fc.jsonValue({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), value, fc.constantFrom(...places), value, async (path, described, place, answered) => {
        inPlace.change = { discovery: { [path]: described }, answer: { [place]: answered } };
        const results = await check(inPlace);
        assert.ok(results.length > 130);
      }),
      { numRuns: 60 },
    );
  });

  it('a hook that is an object which cannot become a string › is judged, not an error', async () => {
    inPlace.change = { discovery: { 'services/0/hook': { toString: {} } }, answer: { cards: {} } };
    assert.ok((await check(inPlace)).length > 130);
  });

  it('https › on another machine › is asked for', () => {
    const [rule] = checksBySubject.flatMap(([, list]) => list).filter(({ id }) => id === 'CH-1a');
    const seen: Observed = {
      base: 'http://cds.example',
      discovery: { kind: 'silence', method: 'GET', url: 'http://cds.example/cds-services', reason: '', ms: 0 },
      services: [],
      sightings: [],
      isTokenWanted: false,
      isKeyTrusted: false,
      secrets: [],
    };
    assert.equal(rule?.judge(seen).outcome, 'fail');
    assert.equal(rule?.judge({ ...seen, base: 'https://cds.example' }).outcome, 'pass');
  });
});

describe('our own service', () => {
  let service: Service;
  before(async () => {
    service = await startService(
      loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000' }, process.cwd()),
      pino({ level: 'silent' }),
    );
  });
  after(() => service.close());

  it('in the sandbox › every must › passes, and the shoulds that it does not meet are these', async () => {
    const target = { base: service.url, service: undefined, patient: 'p1', fhir: undefined, request: undefined } as const;
    const probe = createProbe({ timeoutMs: 20_000, elapsed: () => performance.now() });
    const seen = await observe({ ...target, isTokenRequired: false, token: undefined, client: undefined }, { probe, now: () => new Date() });
    const results = judgeAll(seen);
    const failed = results.filter(({ verdict }) => verdict.outcome === 'fail');
    assert.deepEqual(failing(failed.filter((result) => result.check.level === 'must')), []);
    assert.deepEqual(
      failed.map((result) => result.check.id).filter((id) => id !== 'CH-40'),
      ['CH-3c', 'CH-73c', 'CH-73d'],
    );
    assert.ok(results.filter(({ verdict }) => verdict.outcome === 'pass').length > 115, 'cards of all kinds were seen');
  });

  it('in production › with a key that it trusts › every check of tokens applies and passes', async () => {
    const used = new Set<string>();
    const verify = createVerifyCaller({
      trust: [{ id: 'ehr', issuer: client.issuer, audiences: [], keys: trustedKeys(), algorithms: ['ES256'], fhirBases: [] }],
      isSandbox: false,
      clock: () => new Date(),
      replay: {
        async seen(jti) {
          const isSeen = used.has(jti);
          used.add(jti);
          return isSeen;
        },
      },
    });
    const site = { url: '' };
    // The port is known once it listens; the public address is what tokens must name.
    const verifyCaller: typeof verify = (credentials) =>
      verify({ ...credentials, endpoint: credentials.endpoint.replace('https://whycard.example', site.url) });
    const parts: Parameters<typeof withSite>[0] = {
      verifyCaller,
      async answer(definition, body, credentials) {
        await verifyCaller(credentials);
        parseRequest(definition, body);
        return [];
      },
    };
    await withSite(parts, async (open) => {
      site.url = open.url;
      const probe = createProbe({ timeoutMs: 5000, elapsed: () => 0 });
      const target = { base: open.url, service: 'test-patient-view', patient: 'p1', fhir: undefined, request: undefined, token: undefined };
      const results = judgeAll(await observe({ ...target, isTokenRequired: true, client }, { probe, now: () => new Date() }));
      const tokens = results.filter(({ subject }) => subject === 'authentication');
      assert.deepEqual(failing(tokens), []);
      assert.deepEqual(inapplicable(tokens), []);
    });
  });

  function trustedKeys(): JSONWebKeySet {
    return { keys: [{ ...client.publicJwk, kty: client.publicJwk.kty ?? '', kid: client.keyId, alg: client.algorithm }] };
  }
});
