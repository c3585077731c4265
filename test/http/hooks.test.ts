/** The status table of the hook routes, row by row, over a real socket. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type ErrorCode, ServiceError, statusOf } from '../../src/errors.js';
import type { HookParts } from '../../src/http/hooks.js';
import type { Card, Credentials } from '../../src/types.js';
import { assertProblem, openSite, type Site, secret, services, view, viewPath, withSite } from './site.js';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const feedback = {
  feedback: [
    { card: 'x', outcome: 'accepted' },
    { card: 'y', outcome: 'overridden' },
  ],
};

describe('hook routes', () => {
  it('discovery › GET › is the services', async () => {
    const response = await fetch(`${site.url}/cds-services`);
    assert.equal(response.status, 200);
    const body = (await response.json()) as { services: { id: string }[] };
    assert.deepEqual(
      body.services.map(({ id }) => id),
      services.map(({ id }) => id),
    );
  });

  it('call › nothing to say › 200 with an empty list, and one observation', async () => {
    const response = await site.post(viewPath, view);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { cards: [] });
    assert.ok(site.observed.includes('hook test-patient-view answered'));
  });

  it('call › a card › leaves as it was composed', async () => {
    const card = { uuid: 'u', summary: 's', indicator: 'info' } as unknown as Card;
    await withSite({ answer: async () => [card] }, async (own) => {
      assert.deepEqual(await (await own.post(viewPath, view)).json(), { cards: [card] });
      assert.deepEqual(own.observed, ['cards test-patient-view 1', 'hook test-patient-view answered']);
    });
  });

  const refusals: readonly (readonly [string, string, string | Uint8Array, Readonly<Record<string, string>>, ErrorCode])[] = [
    ['to an unknown service', '/cds-services/nope', JSON.stringify(view), {}, 'service-unknown'],
    ['to a service named like a property', '/cds-services/constructor', JSON.stringify(view), {}, 'service-unknown'],
    ['with feedback to an unknown service', '/cds-services/nope/feedback', JSON.stringify(feedback), {}, 'service-unknown'],
    ['to a place below a service', `${viewPath}/feedback/more`, '{}', {}, 'not-found'],
    ['to a broken address', '/cds-services/%E0%A4%A', '{}', {}, 'request-malformed'],
    ['of plain text', viewPath, JSON.stringify(view), { 'content-type': 'text/plain' }, 'media-type-unsupported'],
    ['of a form', viewPath, 'hook=patient-view', { 'content-type': 'application/x-www-form-urlencoded' }, 'media-type-unsupported'],
    ['of JSON lines', viewPath, '{}', { 'content-type': 'application/jsonl' }, 'media-type-unsupported'],
    ['in an unknown charset', viewPath, '{}', { 'content-type': 'application/json; charset=nope' }, 'media-type-unsupported'],
    ['in an unknown encoding', viewPath, '{}', { 'content-encoding': 'nope' }, 'media-type-unsupported'],
    ['of broken gzip', viewPath, '{}', { 'content-encoding': 'gzip' }, 'request-malformed'],
    ['of nothing', viewPath, '', {}, 'request-malformed'],
    ['of blanks', viewPath, '  \n', {}, 'request-malformed'],
    ['of half a body', viewPath, `{"hook":"${secret}`, {}, 'request-malformed'],
    ['with a comma too many', viewPath, `{"hook":"patient-view",}`, {}, 'request-malformed'],
    ['of bytes that are no text', viewPath, new Uint8Array([0xff, 0xfe, 0x00]), {}, 'request-malformed'],
    ['of null', viewPath, 'null', {}, 'request-malformed'],
    ['of a list', viewPath, '[]', {}, 'request-malformed'],
    ['of another hook', viewPath, JSON.stringify({ ...view, hook: 'order-sign' }), {}, 'hook-mismatch'],
    ['one level too deep', viewPath, nested(65), {}, 'request-too-large'],
    ['100 000 levels deep', viewPath, '['.repeat(100_000), {}, 'request-too-large'],
    ['larger than allowed', viewPath, JSON.stringify({ ...view, x: 'x'.repeat(200_000) }), {}, 'request-too-large'],
    ['small that grows when unpacked', viewPath, gzipSync(`{"x":"${'x'.repeat(5_000_000)}"}`), { 'content-encoding': 'gzip' }, 'request-too-large'],
    ['with feedback that is none', `${viewPath}/feedback`, '{"feedback":[]}', {}, 'request-malformed'],
  ];
  for (const [name, path, body, headers, code] of refusals) {
    it(`POST › ${name} › ${statusOf[code]} ${code}`, async () => {
      await assertProblem(await site.post(path, body, headers), code);
    });
  }

  it('refusal › of a field › names the field in text and expression, and an id that is logged', async () => {
    const outcome = await assertProblem(
      await site.post(viewPath, { ...view, context: { userId: 'Practitioner/1', patientId: secret } }),
      'request-malformed',
    );
    const [issue] = outcome.issue;
    assert.deepEqual([issue.severity, issue.code, issue.expression], ['error', 'invalid', ['context.patientId']]);
    assert.match(issue.details.text, /Look at: context\.patientId\./);
    const id = issue.diagnostics.replace(/^error /, '');
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.ok(site.logged.some((line) => line.includes(id)));
  });

  const media: readonly string[] = ['application/json', 'Application/JSON; charset=UTF-8', 'application/fhir+json'];
  for (const type of media) {
    it(`POST › as ${type} › is taken`, async () => {
      assert.equal((await site.post(viewPath, view, { 'content-type': type })).status, 200);
    });
  }

  it('POST › packed with gzip › is taken', async () => {
    assert.equal((await site.post(viewPath, gzipSync(JSON.stringify(view)), { 'content-encoding': 'gzip' })).status, 200);
  });

  it('POST › 64 levels, brackets inside strings › is taken', async () => {
    const body = JSON.stringify({ ...view, x: '['.repeat(100), y: '\\"{'.repeat(100), z: JSON.parse(nested(63)) });
    assert.equal((await site.post(viewPath, body)).status, 200);
  });

  const methods: readonly (readonly [string, string, ErrorCode, string | null])[] = [
    ['GET', viewPath, 'method-not-allowed', 'POST, OPTIONS'],
    ['PUT', viewPath, 'method-not-allowed', 'POST, OPTIONS'],
    ['DELETE', `${viewPath}/feedback`, 'method-not-allowed', 'POST, OPTIONS'],
    ['POST', '/cds-services', 'method-not-allowed', 'GET, OPTIONS'],
    ['GET', '/cds-services/nope', 'service-unknown', null],
  ];
  for (const [method, path, code, allow] of methods) {
    it(`${method} › of ${path} › ${statusOf[code]}${allow === null ? '' : ', naming what is allowed'}`, async () => {
      const response = await fetch(`${site.url}${path}`, { method });
      assert.equal(response.headers.get('allow'), allow);
      await assertProblem(response, code);
    });
  }

  for (const path of ['/cds-services', viewPath, `${viewPath}/feedback`]) {
    it(`OPTIONS › of ${path}, without a token › allows what a browser's client needs`, async () => {
      const headers = { origin: 'https://sandbox.cds-hooks.org', 'access-control-request-headers': 'authorization,content-type' };
      const response = await fetch(`${site.url}${path}`, { method: 'OPTIONS', headers });
      assert.equal(response.status, 204);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.equal(response.headers.get('access-control-allow-methods'), 'GET, POST, OPTIONS');
      assert.equal(response.headers.get('access-control-allow-headers'), 'Authorization, Content-Type');
      assert.equal(response.headers.get('access-control-allow-credentials'), null);
    });
  }

  it('CORS › on an answer and on an error › any origin may read it', async () => {
    for (const body of [view, {}]) assert.equal((await site.post(viewPath, body)).headers.get('access-control-allow-origin'), '*');
  });
});

describe('credentials and feedback', () => {
  it('call › with Host and forwarding headers that lie › the endpoint is the configured one', async () => {
    const seen: Credentials[] = [];
    const answer: HookParts['answer'] = async (_service, _body, credentials) => {
      seen.push(credentials);
      return [];
    };
    await withSite({ answer }, async (own) => {
      await own.post(viewPath, view, {
        authorization: 'Bearer t',
        'x-forwarded-host': 'attacker.example',
        'x-forwarded-proto': 'http',
        'x-forwarded-for': '203.0.113.9',
      });
      assert.deepEqual(seen, [{ authorization: 'Bearer t', isLoopback: true, endpoint: `https://whycard.example${viewPath}` }]);
    });
  });

  it('feedback › a batch › is stored under service and caller, counted, answered with nothing', async () => {
    await withSite({}, async (own) => {
      const response = await own.post(`${viewPath}/feedback`, feedback);
      assert.deepEqual([response.status, await response.text()], [200, '']);
      assert.equal((own.stored[0] as [string, string, unknown[]])[2].length, 2);
      assert.deepEqual((own.stored[0] as unknown[]).slice(0, 2), ['test-patient-view', 'anonymous']);
      assert.deepEqual(own.observed, ['feedback accepted 1', 'feedback overridden 1']);
    });
  });

  it('feedback › from an unverified caller › 401, nothing stored, its own endpoint asked for', async () => {
    const seen: string[] = [];
    const verifyCaller = async ({ endpoint }: Credentials): Promise<never> => {
      seen.push(endpoint);
      throw new ServiceError('caller-unverified');
    };
    await withSite({ verifyCaller }, async (own) => {
      assert.equal((await own.post(`${viewPath}/feedback`, feedback)).status, 401);
      assert.deepEqual([own.stored, seen], [[], [`https://whycard.example${viewPath}/feedback`]]);
    });
  });

  it('feedback › that cannot be stored › 500 without the message', async () => {
    await withSite({ storeFeedback: () => Promise.reject(new Error(secret)) }, async (own) => {
      await assertProblem(await own.post(`${viewPath}/feedback`, feedback), 'internal');
    });
  });

  const keys: readonly string[] = ['__proto__', '\\u005f_proto__', '\\u005F\\u005Fpr\\u006fto__'];
  for (const key of keys) {
    it(`body › with the key ${key} › is read without it`, async () => {
      const seen: unknown[] = [];
      const answer: HookParts['answer'] = async (_service, body) => {
        seen.push(body);
        return [];
      };
      await withSite({ answer }, async (own) => {
        await own.post(viewPath, `{"a":{"${key}":{"isAdmin":true},"b":"\\u0041"}}`);
        assert.deepEqual(Object.getOwnPropertyNames((seen[0] as { a: object }).a), ['b']);
      });
    });
  }
});

describe('any body', () => {
  it('POST › random JSON in random places, to any service › never 5xx, never a hang', async () => {
    const value = fc.jsonValue({ maxDepth: 5 });
    const paths = services.flatMap(({ id }) => [`/cds-services/${id}`, `/cds-services/${id}/feedback`]);
    const body = fc.oneof(
      value,
      fc.record(
        { hook: fc.constantFrom('patient-view', 'order-sign', 'order-select'), hookInstance: fc.uuid(), context: value, prefetch: value },
        { requiredKeys: [] },
      ),
      fc.record({ feedback: fc.array(value) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), body, async (path, sent) => {
        const response = await site.post(path, JSON.stringify(sent));
        await response.text();
        assert.ok(response.status < 500, `${response.status}`);
      }),
      { numRuns: 250 },
    );
  });

  it('POST › random bytes › never 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        assert.ok((await site.post(viewPath, bytes)).status < 500);
      }),
      { numRuns: 100 },
    );
  });
});
