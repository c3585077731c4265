/** FHIR servers that are slow, refuse, lie, loop or point elsewhere: named in the list's state, never an error with a datum in it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ServiceError } from '../../src/errors.js';
import { type Answer, bundle, condition, type FakeEhr, gather, idsOf, next, outcome, patient, send, startEhr, stateOf, token } from './ehr.js';

let ehr: FakeEhr;
let other: FakeEhr;
before(async () => {
  ehr = await startEhr();
  other = await startEhr();
});
beforeEach(() => {
  ehr.asked.length = 0;
  ehr.answers.clear();
});
afterEach(() => assert.deepEqual(other.asked, [], 'nothing else was ever asked'));
after(() => Promise.all([ehr.close(), other.close()]));

const read = async (answer: Answer, limits = {}) => {
  ehr.answers.set('Condition?', answer);
  return gather({ patient: patient() }, { ehr, limits });
};
const deep = `{"resourceType":"Bundle","entry":${'['.repeat(5000)}${']'.repeat(5000)}}`;

describe('gather, server', () => {
  const refusals: readonly (readonly [string, Answer, string])[] = [
    ...[401, 403].map((status) => [`${status}`, send(outcome('login'), status), 'refused by the server'] as const),
    ...[400, 404, 410].map((status) => [`${status}`, send(outcome('not-found'), status), 'not offered by the server'] as const),
    ...[500, 502, 504].map((status) => [`${status}`, send('<h1>SECRET</h1>', status, 'text/html'), 'the server failed'] as const),
    ['429 without a time', send('', 429), 'the server asked to wait'],
    ['HTML', send('<html>log in</html>', 200, 'text/html'), 'the answer could not be read'],
    ['HTML that says it is JSON', send('<html>'), 'the answer could not be read'],
    ['no content', send('', 204), 'the answer could not be read'],
    ['truncated JSON', send('{"resourceType":"Bundle","entry":['), 'the answer could not be read'],
    ['a JSON list', send([1]), 'the answer could not be read'],
    ['JSON null', send('null'), 'the answer could not be read'],
    ['another type', send({ resourceType: 'Slot' }), 'the answer could not be read'],
    ['no type', send({}), 'the answer could not be read'],
    ['far too deep', send(deep), 'the answer could not be read'],
    ['an OperationOutcome with 200', send(outcome('forbidden')), 'refused by the server'],
    ['a dropped connection', (response) => response.destroy(), 'the server failed'],
    [
      'a connection dropped half way',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"reso', () => response.destroy()),
      'the server failed',
    ],
  ];
  for (const [name, answer, why] of refusals) {
    it(`server › ${name} › ${why}`, async () => {
      assert.equal(stateOf(await read(answer)), `unavailable: ${why}`);
    });
  }

  it('server › a byte order mark and a type with a charset › is read', async () => {
    const answer = send(`\ufeff${JSON.stringify(bundle([condition('c')]))}`, 200, 'application/json;charset=utf-8');
    assert.deepEqual(idsOf(await read(answer)), ['c']);
  });

  it('server › never answers, and the caller gives up › not answered in time', async () => {
    const patience = new AbortController();
    ehr.answers.set('Condition?', () => patience.abort());
    assert.equal(stateOf(await gather({ patient: patient() }, { ehr, signal: patience.signal })), 'unavailable: not answered in time');
  });

  it('server › stops in the middle of a body › not answered in time', async () => {
    const patience = new AbortController();
    ehr.answers.set('Condition?', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{', () => patience.abort());
    });
    assert.equal(stateOf(await gather({ patient: patient() }, { ehr, signal: patience.signal })), 'unavailable: not answered in time');
  });

  it('server › slower than its share of the deadline › not answered in time', async () => {
    assert.equal(stateOf(await read(() => undefined, { budgetMs: 30 })), 'unavailable: not answered in time');
  });

  it('server › a redirect, with the token in hand › is not followed', async () => {
    const chart = await read((response) => response.writeHead(302, { location: `${other.base}/Condition` }).end());
    assert.equal(stateOf(chart), 'unavailable: the server points to another place');
  });

  it('server › the patient it returns is another › patient-mismatch', async () => {
    ehr.answers.set('Patient/p1', send(patient('p2')));
    ehr.answers.set('Condition?', send(bundle([])));
    await assert.rejects(gather({}, { ehr }), (error) => error instanceof ServiceError && error.code === 'patient-mismatch');
  });

  it('body › larger than the limit › only the first part was read', async () => {
    const answer = send(bundle([condition('x'.repeat(60)), condition('y'.repeat(2000))]));
    assert.equal(stateOf(await read(answer, { maxBytes: 1000 })), 'unavailable: only the first part was read');
  });
});

describe('gather, paging', () => {
  const page = (id: string, link?: string): Answer => send(bundle([condition(id)], link === undefined ? {} : next(link)));

  it('pages › three, relative and absolute links › all read, in order', async () => {
    ehr.answers.set('page2', page('b', `${ehr.base}/page3`));
    ehr.answers.set('page3', page('c'));
    const chart = await read(page('a', 'page2'));
    assert.deepEqual([idsOf(chart), stateOf(chart)], [['a', 'b', 'c'], 'complete']);
  });

  it('pages › a link on the base itself (HAPI) › is read', async () => {
    ehr.answers.set('/fhir?_getpages', page('b'));
    assert.deepEqual(idsOf(await read(page('a', `${ehr.base}?_getpages=1`))), ['a', 'b']);
  });

  it('pages › that link to themselves › end, each resource once', async () => {
    ehr.answers.set('loop', (response, url, request) => page('b', `${ehr.base}/loop`)(response, url, request));
    const chart = await read(page('a', `${ehr.base}/loop`));
    assert.deepEqual([idsOf(chart), stateOf(chart), ehr.asked.length], [['a', 'b'], 'partial: the server repeats its pages', 2]);
  });

  it('pages › without end, each with a new link › end at the limit', async () => {
    ehr.answers.set('more', (response, url, request) => page(url, `${ehr.base}/${url}1`)(response, url, request));
    const chart = await read(page('a', `${ehr.base}/more`), { maxPages: 4 });
    assert.deepEqual([stateOf(chart), ehr.asked.length], ['partial: only the first part was read', 4]);
  });

  it('pages › one that the server refuses › what came before stays, and is called a part', async () => {
    ehr.answers.set('page2', send('', 403));
    const chart = await read(page('a', `${ehr.base}/page2`));
    assert.deepEqual([idsOf(chart), stateOf(chart)], [['a'], 'partial: refused by the server']);
  });

  it("pages › another patient's resource on the second › refuses the whole call", async () => {
    ehr.answers.set('page2', send(bundle([condition('x', { subject: { reference: 'Patient/p2' } })])));
    await assert.rejects(read(page('a', 'page2')), (error) => error instanceof ServiceError && error.code === 'patient-mismatch');
  });

  const elsewhere: readonly (readonly [string, () => string])[] = [
    ['another origin', () => `${other.base}/Condition?page=2`],
    ['another origin without a scheme', () => `//${new URL(other.base).host}/fhir/x`],
    ['outside the base', () => `${ehr.origin}/admin`],
    ['out of the base by dots', () => `${ehr.base}/../admin`],
    ['out of the base by encoded dots', () => `${ehr.base}/%2e%2e/admin`],
    ['a path that begins like the base', () => `${ehr.origin}/fhirx/Condition`],
    ['a user in it', () => ehr.base.replace('//', '//user:word@')],
    ['no URL', () => 'http://['],
    ['another scheme', () => 'file:///etc/hostname'],
  ];
  for (const [name, link] of elsewhere) {
    it(`next link › ${name} › is not followed`, async () => {
      const chart = await read(page('a', link()));
      assert.deepEqual([stateOf(chart), ehr.asked.length], ['partial: the server points to another place', 1]);
    });
  }
});

describe('gather, whom it may ask', () => {
  const callers: readonly (readonly [string, () => readonly string[] | 'loopback', boolean])[] = [
    ['bound to this server', () => [ehr.base], true],
    ['bound to it with a slash', () => [`${ehr.base}/`], true],
    ['bound to another', () => [other.base], false],
    ['bound to none', () => [], false],
    ['of the sandbox', () => 'loopback', true],
  ];
  for (const [name, bases, mayAsk] of callers) {
    it(`caller › ${name} › ${mayAsk ? 'the server is read' : 'nobody is asked'}`, async () => {
      ehr.answers.set('Condition?', send(bundle([condition('c')])));
      const chart = await gather({ patient: patient() }, { ehr, caller: { id: 'x', fhirBases: bases(), vendor: 'plain' } });
      assert.equal(stateOf(chart), mayAsk ? 'complete' : 'unavailable: not sent, and no server to ask');
      assert.equal(ehr.asked.length, mayAsk ? 1 : 0);
    });
  }

  for (const base of ['https://ehr.example/fhir', 'http://127.0.0.1.ehr.example/fhir', 'http://localhost@ehr.example/fhir', 'no url']) {
    it(`caller of the sandbox › asks for ${base} › nobody is asked`, async () => {
      const request = { fhir: { base, accessToken: token, scope: '' } };
      assert.equal(stateOf(await gather({ patient: patient() }, { request })), 'unavailable: not sent, and no server to ask');
    });
  }

  it('error › of every kind › holds neither token, id nor the words of the server', async () => {
    for (const answer of [send(outcome('login'), 401), send('<b>SECRET</b>', 500, 'text/html'), send('{"SECRET'), send(patient('SECRET'))]) {
      ehr.answers.set('Patient/', answer);
      ehr.answers.set('Condition?', answer);
      const error: unknown = await gather({}, { ehr }).catch((reason: unknown) => reason);
      assert.ok(error instanceof ServiceError);
      const all = inspect(error, { depth: 9 });
      for (const secret of [token, 'SECRET', 'Patient/p1', ehr.origin]) assert.ok(!all.includes(secret), `${secret} in ${all}`);
    }
  });

  it('token › with signs no header may hold › is an unavailable list, not an error that quotes it', async () => {
    const request = { fhir: { base: ehr.base, accessToken: 'SECRET\r\nx: y', scope: '' } };
    assert.equal(stateOf(await gather({ patient: patient() }, { request })), 'unavailable: the server failed');
  });
});
