/** The description is true: real requests and answers meet it, and wrong ones do not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import pino from 'pino';
import { makeThreeGapPrefetch } from '../../bench/chart.js';
import { loadConfig } from '../../src/config.js';
import { type Service, startService } from '../../src/wire.js';

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let service: Service;
let description: Description;
before(async () => {
  service = await startService(
    loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000' }, process.cwd()),
    pino({ level: 'silent' }),
  );
  description = (await (await fetch(`${service.url}/openapi.json`)).json()) as Description;
});
after(() => service.close());

function problemsOf(schema: string, value: unknown): readonly string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { date: true, uri: true, uuid: true } });
  const validate = ajv.compile(description.components.schemas[schema] ?? {});
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const request = {
  hook: 'patient-view',
  hookInstance: crypto.randomUUID(),
  context: { userId: 'Practitioner/1', patientId: 'bench' },
  prefetch: makeThreeGapPrefetch(80, new Date()),
};
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${service.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('openapi', () => {
  it('description › 3.1, a path for each service and its feedback › whose references all lead somewhere', () => {
    assert.match(description.openapi, /^3\.1/);
    assert.equal(Object.keys(description.paths).length, 7);
    for (const [, name] of JSON.stringify(description).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      assert.ok(name !== undefined && name in description.components.schemas, name);
  });

  it('discovery, an answer with cards, an error › meet it', async () => {
    assert.deepEqual(problemsOf('Discovery', await (await fetch(`${service.url}/cds-services`)).json()), []);
    assert.deepEqual(problemsOf('Request-patient-view', request), []);
    const answer = (await (await post('/cds-services/care-gaps', request)).json()) as { readonly cards: readonly object[] };
    assert.equal(answer.cards.length, 3);
    assert.deepEqual(problemsOf('Answer', answer), []);
    for (const [path, body] of [
      ['/cds-services/care-gaps', {}],
      ['/cds-services/nothing', {}],
      ['/cds-services/care-gaps/feedback', {}],
    ] as const) {
      const refused = await post(path, body);
      assert.ok(refused.status >= 400 && refused.status < 500);
      assert.ok(String(refused.status) in (description.paths['/cds-services/care-gaps']?.['post']?.responses ?? {}));
      assert.deepEqual(problemsOf('OperationOutcome', await refused.json()), []);
    }
  });

  const wrong: readonly (readonly [string, string, unknown])[] = [
    ['Request-patient-view', 'without hookInstance', { ...request, hookInstance: undefined }],
    ['Request-patient-view', 'of another hook', { ...request, hook: 'order-sign' }],
    ['Request-order-sign', 'without drafts', { ...request, hook: 'order-sign' }],
    [
      'Request-order-select',
      'without selections',
      { ...request, hook: 'order-select', context: { ...request.context, draftOrders: { resourceType: 'Bundle' } } },
    ],
    ['Feedback', 'empty', { feedback: [] }],
    ['Answer', 'a card without a source', { cards: [{ uuid: 'x', summary: 's', detail: 'd', indicator: 'info' }] }],
    ['Answer', 'no cards', {}],
  ];
  for (const [schema, name, value] of wrong) {
    it(`${schema} › ${name} › does not meet it`, () => {
      assert.notDeepEqual(problemsOf(schema, JSON.parse(JSON.stringify(value))), []);
    });
  }
});
