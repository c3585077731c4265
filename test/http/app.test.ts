/** The routes around the hooks: for operators, for the app, for whoever looks. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import express from 'express';
import type { RunAccess } from '../../src/http/app.js';
import { feedbackPage } from '../../src/http/feedback-page.js';
import type { RunDocument } from '../../src/types.js';
import { type Outcome, openSite, type Site, secret, view, viewPath } from './site.js';

const document = { run: 'run-1', at: '2026-01-01T00:00:00Z', cards: [] } as unknown as RunDocument;
const asked: RunAccess[] = [];
let site: Site;
let failing: Site;

before(async () => {
  const openRun = async (access: RunAccess): Promise<RunDocument | undefined> => {
    asked.push(access);
    return access.run === 'run-1' ? document : undefined;
  };
  site = await openSite({ app: { config: { clientId: 'app' }, openRun } });
  const fail = (): Promise<never> => Promise.reject(new Error(secret));
  failing = await openSite({
    isReady: async () => ({ store: false, reader: true }),
    readRates: fail,
    app: { config: {}, openRun: fail },
    sandbox: express.Router(),
  });
});
after(() => Promise.all([site.close(), failing.close()]));

const get = (path: string, from = site): Promise<Response> => fetch(`${from.url}${path}`, { redirect: 'manual' });

describe('operator routes', () => {
  const answers: readonly (readonly [string, number, RegExp, RegExp])[] = [
    ['/health', 200, /json/, /^\{"status":"live"\}$/],
    ['/ready', 200, /json/, /^\{"status":"ready","checks":\{"store":true,"reader":true\}\}$/],
    ['/metrics', 200, /^text\/plain; version=0\.0\.4/, /^cds_rates 0\n$/],
    ['/openapi.json', 200, /json/, /"openapi":"3\.1\.0"/],
    ['/smart-manifest.json', 200, /json/, /whycard/],
    ['/.well-known/smart/manifest.json', 200, /json/, /whycard/],
    ['/feedback', 200, /html/, /No card has been shown yet/],
    ['/', 200, /html/, /No medical device\./],
    ['/launch', 200, /html/, /<p>launch/],
    ['/app', 200, /html/, /<p>app/],
    ['/app/', 200, /html/, /<p>app/],
    ['/app/config.json', 200, /json/, /"clientId":"app"/],
    ['/app/assets/a.js', 200, /javascript/, /^1$/],
  ];
  for (const [path, status, type, body] of answers) {
    it(`GET › ${path} › ${status}`, async () => {
      const response = await get(path);
      assert.equal(response.status, status);
      assert.match(response.headers.get('content-type') ?? '', type);
      assert.match(await response.text(), body);
    });
  }

  it('ready › while the store does not answer › 503 and says which part; health stays 200', async () => {
    const response = await get('/ready', failing);
    assert.equal(response.status, 503);
    assert.deepEqual(await response.json(), { status: 'not ready', checks: { store: false, reader: true } });
    assert.equal((await get('/health', failing)).status, 200);
  });

  it('metrics › while the store does not answer › are there without its counts', async () => {
    assert.equal((await get('/metrics', failing)).status, 200);
  });

  it('feedback page › while the store does not answer › 500 without the message', async () => {
    const response = await get('/feedback', failing);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /Jane/);
    assert.doesNotMatch(failing.logged.join(''), /Jane/);
  });

  it('home page › with the sandbox › links it and says that its patients are invented', async () => {
    assert.match(await (await get('/', failing)).text(), /invented.*href="\/ehr\/"/s);
    assert.doesNotMatch(await (await get('/')).text(), /ehr/);
  });
});

describe('static files', () => {
  const missing: readonly string[] = [
    '/nothing',
    '/app/assets/none.js',
    '/app/assets/',
    '/app/assets/../outside.txt',
    '/app/assets/..%2Foutside.txt',
    '/app/assets/%2e%2e/outside.txt',
    '/app/assets/..%5Coutside.txt',
    '/app/outside.txt',
    '/ehr/',
    '/package.json',
    '/.env',
  ];
  for (const path of missing) {
    it(`GET › ${path} › 404 with an OperationOutcome`, async () => {
      const response = await get(path);
      assert.equal(response.status, 404);
      const outcome = (await response.json()) as Outcome;
      assert.deepEqual([outcome.resourceType, outcome.issue[0].details.coding[0].code], ['OperationOutcome', 'not-found']);
    });
  }

  it('GET › the app when its pages were not built › 404 without a path', async () => {
    const bare = await openSite();
    await rm(join(bare.appDir, 'launch.html'));
    const response = await get('/launch', bare);
    assert.equal(response.status, 404);
    assert.doesNotMatch(await response.text(), /launch\.html|whycard-site/);
    await bare.close();
  });

  it('assets › are kept by browsers for good, pages are not', async () => {
    assert.match((await get('/app/assets/a.js')).headers.get('cache-control') ?? '', /max-age=31536000, immutable/);
    for (const path of ['/launch', '/app/']) assert.equal((await get(path)).headers.get('cache-control'), 'no-store');
  });
});

describe('headers', () => {
  for (const path of ['/', '/launch', '/cds-services', '/nothing']) {
    it(`GET › ${path} › is closed to scripts of others and may be framed by an EHR`, async () => {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /script-src 'self'(;|$)/);
      assert.doesNotMatch(policy, /frame-ancestors|unsafe-eval/);
      const others = ['x-content-type-options', 'referrer-policy', 'strict-transport-security', 'x-frame-options', 'x-powered-by', 'etag'].map(
        (name) => headers.get(name),
      );
      assert.deepEqual(others.slice(0, 2), ['nosniff', 'no-referrer']);
      assert.match(others[2] ?? '', /max-age=31536000/);
      assert.deepEqual(others.slice(3, 5), [null, null]);
    });
  }

  it('answer to a call › is kept by no cache', async () => {
    assert.equal((await site.post(viewPath, view)).headers.get('cache-control'), 'no-store');
  });
});

describe('the run for the app', () => {
  const good = { run: 'run-1', iss: 'https://ehr.example/fhir/', patient: 'invented-1' };
  const bearer = { authorization: 'Bearer opaque' };

  it('POST › with the token of its patient › the run, kept by no cache, iss as the hook would have written it', async () => {
    asked.length = 0;
    const response = await site.post('/app/api/run', good, bearer);
    assert.deepEqual([response.status, response.headers.get('cache-control'), await response.json()], [200, 'no-store', document]);
    assert.deepEqual(asked, [{ accessToken: 'opaque', iss: 'https://ehr.example/fhir', patient: 'invented-1', run: 'run-1' }]);
  });

  it('POST › without a run, from an EHR that does not carry it › the archive is asked for the latest', async () => {
    asked.length = 0;
    await site.post('/app/api/run', { iss: good.iss, patient: good.patient }, bearer);
    assert.deepEqual(asked, [{ accessToken: 'opaque', iss: 'https://ehr.example/fhir', patient: 'invented-1', run: undefined }]);
  });

  const refusals: readonly (readonly [string, unknown, Readonly<Record<string, string>>, number])[] = [
    ['without a token', good, {}, 401],
    ['with Basic', good, { authorization: 'Basic YTpi' }, 401],
    ['with an empty token', good, { authorization: 'Bearer ' }, 401],
    ['for a run that there is not', { ...good, run: 'run-2' }, bearer, 404],
    ['with a run that can be none', { ...good, run: "'; drop table runs" }, bearer, 404],
    ['with a zero character in the run', { ...good, run: 'a\u0000' }, bearer, 404],
    ['with a run that is a list', { ...good, run: ['run-1'] }, bearer, 400],
    ['without iss', { run: 'run-1', patient: 'invented-1' }, bearer, 400],
    ['with an empty patient', { ...good, patient: '' }, bearer, 400],
    ['with a patient of 3000 characters', { ...good, patient: 'x'.repeat(3000) }, bearer, 400],
    ['of a list', [good], bearer, 400],
    ['of null', 'null', bearer, 400],
    ['of no JSON', '{', bearer, 400],
    ['of a form', 'run=1', { ...bearer, 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['of more than 16 kB', { ...good, x: 'x'.repeat(17_000) }, bearer, 413],
  ];
  for (const [name, body, headers, status] of refusals) {
    it(`POST › ${name} › ${status}`, async () => {
      asked.length = 0;
      const response = await site.post('/app/api/run', body, headers);
      // Only what could be a run reaches the archive.
      assert.deepEqual(
        asked.map((access) => access.run),
        name === 'for a run that there is not' ? ['run-2'] : [],
      );
      const text = await response.text();
      assert.equal(response.status, status, text);
      assert.doesNotMatch(text, /invented-1|run-1|drop table|opaque/);
      if (status === 401) assert.equal(text, '');
      else assert.equal((JSON.parse(text) as Outcome).resourceType, 'OperationOutcome');
    });
  }

  it('POST › while the archive fails › 500 without the message', async () => {
    const response = await failing.post('/app/api/run', good, bearer);
    assert.equal(response.status, 500);
    assert.doesNotMatch((await response.text()) + failing.logged.join(''), /Jane|opaque/);
  });
});

describe('feedbackPage', () => {
  it('reason › is what an EHR sent › cannot become markup', () => {
    const page = feedbackPage([{ service: 's', rule: 'r', shown: 3, accepted: 1, overridden: 1, topReason: '<script>"&' }]);
    assert.match(page, /&lt;script&gt;&quot;&amp;/);
    assert.match(page, /1 \(33 %\)/);
    assert.doesNotMatch(page, /<script/);
  });

  it('rule › never shown › no division by nothing', () => {
    assert.match(feedbackPage([{ service: 's', rule: 'r', shown: 0, accepted: 0, overridden: 0, topReason: undefined }]), /0 \(0 %\)/);
  });
});
