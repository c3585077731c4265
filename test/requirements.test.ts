/** Requirements of the specification, one test each, by the ids of docs/requirements.csv, over the wire. Patients are invented. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pino from 'pino';
import { makeQuietPrefetch, makeThreeGapPrefetch } from '../bench/chart.js';
import { loadConfig } from '../src/config.js';
import type { Card } from '../src/types.js';
import { type Service, startService } from '../src/wire.js';

type Json = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

let service: Service;
let ehr: Server;
let ehrUrl = '';
const asked: { readonly url: string; readonly authorization: string | undefined }[] = [];
/** What the fake FHIR server answers; `next` links follow from the address. */
const handlers: { answer: (url: string) => { readonly status?: number; readonly body: unknown } } = { answer: () => ({ body: bundle() }) };

before(async () => {
  service = await startService(
    loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000' }, process.cwd()),
    pino({ level: 'silent' }),
  );
  ehr = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    const { status = 200, body } = handlers.answer(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => ehr.listen(0, '127.0.0.1', resolve));
  const address = ehr.address();
  ehrUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
after(async () => {
  ehr.close();
  await service.close();
});

function bundle(...resources: readonly object[]): Json {
  return { resourceType: 'Bundle', type: 'searchset', total: resources.length, entry: resources.map((resource) => ({ resource })) };
}
const subject = { reference: 'Patient/bench' };
const gaps = (): Json => ({ ...makeThreeGapPrefetch(80, new Date()) });
const view = (change: Json = {}): Json => ({
  hook: 'patient-view',
  hookInstance: crypto.randomUUID(),
  context: { userId: 'Practitioner/1', patientId: 'bench' },
  prefetch: gaps(),
  ...change,
});
const order = (text: string, more: Json = {}): Json => ({
  resourceType: 'MedicationRequest',
  id: 'draft-1',
  status: 'draft',
  intent: 'order',
  subject,
  medicationCodeableConcept: { text },
  ...more,
});
const sign = (change: Json = {}, drafts: readonly object[] = [order('ibuprofen')]): Json => ({
  hook: 'order-sign',
  hookInstance: crypto.randomUUID(),
  context: { userId: 'Practitioner/1', patientId: 'bench', draftOrders: { resourceType: 'Bundle', entry: drafts.map((resource) => ({ resource })) } },
  prefetch: { ...gaps(), medications: bundle({ ...order('warfarin'), id: 'm1', status: 'active' }) },
  ...change,
});

async function send(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}, method = 'POST'): Promise<Answer> {
  const sent = method === 'GET' || method === 'OPTIONS' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${service.url}${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, ...sent });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text.startsWith('{') ? (JSON.parse(text) as Json) : {} };
}
const call = (id: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  send(`/cds-services/${id}`, body, headers);
const discovery = (): Promise<Answer> => send('/cds-services', undefined, {}, 'GET');
const cardsOf = (answer: Answer): readonly Card[] => {
  assert.equal(answer.status, 200, answer.text);
  return answer.json['cards'] as readonly Card[];
};
const servicesOf = (answer: Answer): readonly Json[] => answer.json['services'] as readonly Json[];
const allCards = async (): Promise<readonly Card[]> => [...cardsOf(await call('care-gaps', view())), ...cardsOf(await call('order-safety', sign()))];

/** Paths of every null, and of every empty string, list or object. */
function holesOf(value: unknown, path = ''): readonly string[] {
  if (value === null || value === '') return [path];
  if (typeof value !== 'object') return [];
  const children = Object.entries(value);
  const mayBeEmpty = path === '/cards' || path === '/services' || path.includes('org.whycard.explanation');
  if (children.length === 0) return mayBeEmpty ? [] : [path];
  return children.flatMap(([key, child]) => holesOf(child, `${path}/${key}`));
}

async function tokenFor(endpoint: string, claims: Json = {}): Promise<string> {
  const issued = (await send('/ehr/api/cds-token', { aud: endpoint })).json['token'];
  if (Object.keys(claims).length === 0) return String(issued);
  const { privateKey } = await generateKeyPair('ES384');
  return new SignJWT({
    iss: `${service.url}/ehr`,
    aud: endpoint,
    jti: crypto.randomUUID(),
    iat: Date.now() / 1000,
    exp: Date.now() / 1000 + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES384', kid: 'x', typ: 'JWT' })
    .sign(privateKey);
}
const bearer = async (path: string, claims: Json = {}): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await tokenFor(`${service.url}${path}`, claims)}`,
});

describe('transport', () => {
  it('CH-2 CH-3 CH-4 › discovery, cards, no cards, refusals › hold no null and nothing empty', async () => {
    const answers = [
      await discovery(),
      await call('care-gaps', view()),
      await call('order-safety', sign()),
      await call('care-gaps', view({ prefetch: makeQuietPrefetch(new Date()) })),
      await call('care-gaps', {}),
      await call('nothing', {}),
    ];
    for (const { json } of answers) assert.deepEqual(holesOf(json), []);
  });

  it('CH-5 › every answer › is strict JSON', async () => {
    for (const answer of [await discovery(), await call('care-gaps', view()), await call('care-gaps', '{')]) {
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
      assert.doesNotThrow(() => JSON.parse(answer.text));
    }
  });

  it('CH-6 › resources in actions and outcomes › are ordinary FHIR JSON', async () => {
    const resources = (await allCards())
      .flatMap((card) => card.suggestions ?? [])
      .flatMap((one) => one.actions)
      .flatMap((action) => (action.type === 'delete' ? [] : [action.resource]));
    assert.ok(resources.length > 2);
    for (const resource of resources)
      assert.ok(
        ['ServiceRequest', 'MedicationRequest'].includes(resource.resourceType) &&
          'status' in resource &&
          'intent' in resource &&
          'subject' in resource,
      );
    assert.equal((await call('care-gaps', {})).json['resourceType'], 'OperationOutcome');
  });
});

describe('discovery', () => {
  it('CH-7 CH-9 CH-10 CH-11 CH-12 CH-14 I2 I3 I4 › GET /cds-services › an object with services, each with its strings and an id that is a path segment', async () => {
    const answer = await discovery();
    assert.equal(answer.status, 200);
    assert.equal(servicesOf(answer).length, 3);
    for (const one of servicesOf(answer)) {
      for (const field of ['hook', 'title', 'description', 'id', 'usageRequirements'])
        assert.ok(typeof one[field] === 'string' && one[field] !== '', field);
      assert.match(String(one['id']), /^[a-z0-9-]+$/);
    }
  });

  it('CH-13 › prefetch › is an object of strings', async () => {
    for (const { prefetch } of servicesOf(await discovery()))
      assert.ok(Object.values(prefetch as Json).every((template) => typeof template === 'string'));
  });

  it('CH-15 CH-16 › version and hookVersion › are those of the specification and the hook', async () => {
    for (const one of servicesOf(await discovery())) assert.deepEqual([one['version'], one['hookVersion']], ['2.0.1', '1.0']);
  });

  it('CH-17 › ids › are distinct', async () => {
    const ids = servicesOf(await discovery()).map((one) => one['id']);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('CH-20 CH-21 CH-22 CH-23 CH-24 CH-25 CH-26 CH-27 › templates › are reads or type searches of the restricted subset, with first-level tokens, none of a user, no parameter twice', async () => {
    for (const { prefetch } of servicesOf(await discovery())) {
      for (const template of Object.values(prefetch as Record<string, string>)) {
        for (const [, token] of template.matchAll(/\{\{(.*?)\}\}/g)) assert.match(token ?? '', /^context\.(patientId|userId|encounterId)$/);
        const [, query = ''] = template.replaceAll(/\{\{.*?\}\}/g, 'x').split('?');
        assert.match(template.replaceAll(/\{\{.*?\}\}/g, 'x'), /^[A-Z][A-Za-z]+(\/x|\?\S+)$/);
        const names = [...new URLSearchParams(query).keys()];
        assert.equal(new Set(names).size, names.length);
        for (const name of names) assert.match(name, /^(patient|category|_count|_sort)$/);
        assert.doesNotMatch(template, /user|_include|sort:|today/);
      }
    }
  });
});

describe('a call', () => {
  it('CH-28 CH-46 I5 › hook, hookInstance, context and no prefetch at all › does not crash', async () => {
    const { prefetch: _, ...bare } = view();
    assert.equal((await call('care-gaps', bare)).status, 412);
    assert.equal((await call('care-gaps', view())).status, 200);
  });

  for (const field of ['hook', 'hookInstance', 'context']) {
    it(`CH-28 › without ${field} › 400 that names it`, async () => {
      const answer = await call('care-gaps', view({ [field]: undefined }));
      assert.equal(answer.status, 400);
      assert.ok(answer.text.includes(field));
    });
  }

  it('CH-29 › a hook that the service is not for › 400', async () => {
    assert.equal((await call('care-gaps', sign())).status, 400);
  });

  for (const [hookInstance, status] of [
    ['d1577c69-dfbe-11ed-ba6d-3e05e953b2ea', 200],
    ['D1577C69-DFBE-44AD-BA6D-3E05E953B2EA', 200],
    ['not-a-uuid', 400],
    [7, 400],
  ] as const) {
    it(`CH-30 › hookInstance ${hookInstance} › ${status}`, async () => {
      assert.equal((await call('care-gaps', view({ hookInstance }))).status, status);
    });
  }

  it('CH-31 CH-32 › an authorization without a server, or a token of no type › 400', async () => {
    const fhirAuthorization = { access_token: 't', token_type: 'Bearer', expires_in: 300, scope: 'x', subject: 's' };
    assert.equal((await call('care-gaps', view({ fhirAuthorization }))).status, 400);
    assert.equal(
      (await call('care-gaps', view({ fhirServer: ehrUrl, fhirAuthorization: { ...fhirAuthorization, token_type: 'Basic' } }))).status,
      400,
    );
    assert.equal((await call('care-gaps', view({ fhirServer: 'file:///etc/passwd' }))).status, 400);
  });

  it('CH-33 CH-42 CH-98 › extra fields and extensions anywhere › are tolerated', async () => {
    const extension = { 'com.example.x': { y: 1 } };
    assert.equal(
      (
        await call(
          'care-gaps',
          view({ extension, somethingElse: 1, context: { userId: 'Practitioner/1', patientId: 'bench', extension, trigger: 'chart' } }),
        )
      ).status,
      200,
    );
  });

  it('CH-34 › null is asked and empty, missing is not looked at › and the cards say which', async () => {
    const { procedures: _, ...missing } = gaps();
    const due = cardsOf(await call('care-gaps', view({ prefetch: { ...gaps(), procedures: null } })));
    assert.ok(due.some((card) => /^Colorectal/.test(card.summary)));
    const open = cardsOf(await call('care-gaps', view({ prefetch: missing })));
    assert.ok(open.some((card) => /Not decided/.test(card.summary) && /procedures: not sent/.test(card.detail)));
  });

  it('CH-35 › an OperationOutcome as a value, or as an entry beside none › is a refusal and an empty list', async () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'forbidden' }] };
    const refused = cardsOf(await call('order-safety', sign({ prefetch: { ...gaps(), medications: bundle(), allergies: outcome } })));
    assert.match(refused[0]?.summary ?? '', /^Not checked: allergies/);
    const warned = {
      resourceType: 'Bundle',
      type: 'searchset',
      total: 0,
      entry: [{ search: { mode: 'outcome' }, resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'processing' }] } }],
    };
    assert.deepEqual(cardsOf(await call('order-safety', sign({ prefetch: { ...gaps(), medications: bundle(), allergies: warned } }))), []);
  });

  const fhir = (): Json => ({
    fhirServer: ehrUrl,
    fhirAuthorization: { access_token: 'ehr-token', token_type: 'Bearer', expires_in: 300, scope: 'patient/*.rs', subject: 's' },
  });
  const patient = { resourceType: 'Patient', id: 'bench', gender: 'female', birthDate: '1968-01-15' };

  it('CH-36 CH-41 CH-43 › a paged list › its next page is read with the token, another origin is not', async () => {
    const colonoscopy = {
      resourceType: 'Procedure',
      id: 'p1',
      status: 'completed',
      subject,
      performedDateTime: new Date(Date.now() - 1e10).toISOString(),
      code: { coding: [{ system: 'http://snomed.info/sct', code: '73761001' }] },
    };
    const paged = (next: string): Json => ({ ...bundle(), link: [{ relation: 'next', url: next }] });
    asked.length = 0;
    handlers.answer = () => ({ body: bundle(colonoscopy) });
    const closed = cardsOf(await call('care-gaps', view({ ...fhir(), prefetch: { ...gaps(), procedures: paged(`${ehrUrl}/Procedure?page=2`) } })));
    assert.ok(!closed.some((card) => /Colorectal/.test(card.summary)));
    assert.deepEqual(asked, [{ url: '/Procedure?page=2', authorization: 'Bearer ehr-token' }]);
    asked.length = 0;
    const away = cardsOf(await call('care-gaps', view({ ...fhir(), prefetch: { ...gaps(), procedures: paged('https://evil.example/Procedure') } })));
    assert.ok(away.some((card) => /points to another place/.test(card.detail)));
    assert.deepEqual(asked, []);
  });

  it('CH-37 CH-39 › nothing in prefetch, or half › the rest is read from the server', async () => {
    handlers.answer = (url) => ({ body: url.startsWith('/Patient') ? patient : bundle() });
    const all = cardsOf(await call('care-gaps', view({ ...fhir(), prefetch: {} })));
    assert.ok(all.some((card) => /^Colorectal/.test(card.summary)) && all.some((card) => /^Breast/.test(card.summary)));
    asked.length = 0;
    const { procedures: _, ...half } = gaps();
    cardsOf(await call('care-gaps', view({ ...fhir(), prefetch: half })));
    assert.deepEqual(
      asked.map(({ url }) => url.split('?')[0]),
      ['/Procedure'],
    );
  });

  for (const status of [401, 403, 404, 500]) {
    it(`CH-38 › the patient cannot be had: the server answers ${status} › 412 that names the list and nobody`, async () => {
      handlers.answer = () => ({ status, body: {} });
      const answer = await call('care-gaps', view({ ...fhir(), prefetch: {} }));
      assert.equal(answer.status, 412);
      assert.match(answer.text, /patient/);
      assert.doesNotMatch(answer.text, /bench|ehr-token|127\.0\.0\.1/);
    });
  }

  it('CH-40 › a usual call › is answered within half a second', async () => {
    await call('care-gaps', view());
    const startedAt = performance.now();
    await call('care-gaps', view());
    assert.ok(performance.now() - startedAt < 500);
  });

  it('CH-44 › category as an object, drafts without a type, absolute references › are read all the same', async () => {
    const lenient = {
      ...order('ibuprofen'),
      category: { coding: [{ code: 'outpatient' }] },
      subject: { reference: 'https://ehr.example/fhir/Patient/bench' },
      doseQuantity: { value: 1 },
    };
    assert.equal(cardsOf(await call('order-safety', sign({}, [lenient]))).length, 1);
  });

  it('CH-45 › a Patient of another id, or a resource of another patient › 412, never a card', async () => {
    assert.equal((await call('care-gaps', view({ prefetch: { ...gaps(), patient: { ...patient, id: 'other' } } }))).status, 412);
    const foreign = { resourceType: 'Procedure', id: 'x', status: 'completed', subject: { reference: 'Patient/other' } };
    assert.equal((await call('care-gaps', view({ prefetch: { ...gaps(), procedures: bundle(foreign) } }))).status, 412);
  });

  it('CH-18 CH-47 › status table › nothing to say is 200 and an empty list, each mistake its own status, each with an OperationOutcome', async () => {
    assert.deepEqual((await call('care-gaps', view({ prefetch: makeQuietPrefetch(new Date()) }))).json, { cards: [] });
    const refusals = [
      [await call('care-gaps', '{'), 400],
      [await call('unknown', view()), 404],
      [await send('/cds-services/care-gaps', undefined, {}, 'GET'), 405],
      [await call('care-gaps', view(), { 'content-type': 'text/plain' }), 415],
      [await call('care-gaps', `{"a":${'['.repeat(500)}${']'.repeat(500)}}`), 413],
    ] as const;
    for (const [answer, status] of refusals) {
      assert.equal(answer.status, status);
      assert.equal(answer.json['resourceType'], 'OperationOutcome');
      assert.doesNotMatch(answer.text, /\n\s+at /);
    }
    assert.match(refusals[2][0].headers.get('allow') ?? '', /POST/);
  });
});

describe('cards', () => {
  it('CH-48 CH-64 › an answer › has no system action and no actionSelectionBehavior', async () => {
    assert.doesNotMatch((await call('order-safety', sign())).text, /systemActions|actionSelectionBehavior/);
  });

  it('CH-49 CH-50 CH-51 CH-52 CH-53 CH-54 CH-56 I8 I9 I10 I11 I12 I15 › every card › uuid, summary, detail, indicator, source with topic', async () => {
    const cards = await allCards();
    assert.ok(cards.length >= 4);
    for (const card of cards) {
      assert.match(card.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.ok(card.summary.length > 0 && card.summary.length < 140 && !card.summary.includes('\n'));
      assert.ok(card.detail.length > 0);
      assert.ok(['info', 'warning', 'critical'].includes(card.indicator));
      assert.ok(card.source.label !== '' && /^https?:\/\//.test(card.source.url ?? ''));
      assert.match(card.source.topic.code, /^[A-Za-z0-9-]{1,100}$/);
      assert.ok(URL.canParse(card.source.topic.system));
    }
  });

  it('CH-57 CH-58 CH-63 CH-65 CH-66 CH-67 I16 I19 › suggestions › behaviour, label, uuid, whole actions, one each', async () => {
    for (const card of (await allCards()).filter((one) => one.suggestions !== undefined)) {
      assert.ok(card.selectionBehavior === 'at-most-one');
      assert.ok((card.suggestions ?? []).filter((one) => one.isRecommended).length <= 1);
      for (const { label, uuid, actions } of card.suggestions ?? []) {
        assert.ok(label !== '' && /^[0-9a-f-]{36}$/.test(uuid));
        assert.equal(actions.length, 1);
        for (const action of actions) {
          assert.ok(action.description !== '');
          if (action.type === 'delete') assert.match(action.resourceId, /^MedicationRequest\/draft-1$/);
          else assert.equal('id' in action.resource, action.type === 'update');
        }
      }
    }
  });

  it('CH-59 I17 › override reasons › have code, system and display', async () => {
    for (const reason of (await allCards()).flatMap((card) => card.overrideReasons ?? []))
      assert.ok(reason.code !== '' && URL.canParse(reason.system) && reason.display !== '');
  });

  it('CH-60 CH-61 I18 › links › label, address, type, and appContext on smart links only', async () => {
    const links = (await allCards()).flatMap((card) => card.links ?? []);
    assert.ok(links.length > 0);
    for (const { label, url, type, appContext } of links)
      assert.ok(label !== '' && /^https?:\/\/[^/]+/.test(url) && (type === 'smart' || (type === 'absolute' && appContext === undefined)));
  });

  it('CH-69 CH-70 › a drug that is called markup › reaches the card as text', async () => {
    const [card] = cardsOf(
      await call('order-safety', sign({}, [order('ibuprofen <img src=x onerror=alert(1)> [click](https://evil.example) **now**')])),
    );
    assert.doesNotMatch(card?.detail ?? '<', /<|(?<!\\)\[click|(?<!\\)\*\*now/);
  });

  it('CH-96 › values on a card › come with their age', async () => {
    const cards = cardsOf(await call('care-gaps', view()));
    assert.match(cards.find((card) => /A1c/.test(card.summary))?.detail ?? '', /9\.8 %.*months? ago/);
  });

  it('CH-99 › the same call twice › new cards with new uuids', async () => {
    const [first, second] = [cardsOf(await call('care-gaps', view())), cardsOf(await call('care-gaps', view()))];
    assert.notEqual(first[0]?.uuid, second[0]?.uuid);
  });
});

describe('feedback', () => {
  const at = '2026-01-01T00:00:00Z';
  const feedback = (entries: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    send('/cds-services/care-gaps/feedback', { feedback: entries }, headers);

  it('CH-71 CH-72 CH-73 CH-74 CH-78 › accepted, overridden, a batch, a repeat, an unknown card › are taken', async () => {
    const [card] = cardsOf(await call('care-gaps', view()));
    const accepted = { card: card?.uuid, outcome: 'accepted', acceptedSuggestions: [{ id: card?.suggestions?.[0]?.uuid }], outcomeTimestamp: at };
    const overridden = {
      card: card?.uuid,
      outcome: 'overridden',
      overrideReason: { reason: { code: 'declined', system: 'https://whycard.org/override-reason' }, userComment: 'said no' },
      outcomeTimestamp: at,
    };
    for (const entries of [[accepted], [overridden, accepted], [accepted], [{ ...accepted, card: crypto.randomUUID() }]]) {
      const answer = await feedback(entries);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, '');
    }
    for (const wrong of [undefined, 'x', [], [{ outcome: 'accepted' }], [{ card: card?.uuid, outcome: 'liked' }]])
      assert.equal((await feedback(wrong)).status, 400);
  });

  it('CH-75 › a card that nobody answered › counts as shown, not as reported', async () => {
    const rate = async (outcome: string): Promise<number> =>
      Number(
        new RegExp(`cds_rule_cards\\{service="order-safety",rule="warfarin-nsaid",outcome="${outcome}"\\} (\\d+)`).exec(
          (await send('/metrics', undefined, {}, 'GET')).text,
        )?.[1] ?? 0,
      );
    const [shown, accepted] = [await rate('shown'), await rate('accepted')];
    await call('order-safety', sign());
    assert.deepEqual([await rate('shown'), await rate('accepted')], [shown + 1, accepted]);
  });

  it("CH-76 › Epic's dialect › plural overrideReasons, extensions, a card that is no uuid", async () => {
    assert.equal(
      (
        await feedback([
          {
            card: 'WP12345',
            outcome: 'overridden',
            overrideReasons: { reason: { code: '1' }, extension: {} },
            extension: { 'com.epic.x': 1 },
            outcomeTimestamp: at,
          },
        ])
      ).status,
      200,
    );
  });

  it('CH-77 › a comment › is nowhere afterwards', async () => {
    await feedback([
      { card: crypto.randomUUID(), outcome: 'overridden', overrideReason: { userComment: 'Quillfeather refused' }, outcomeTimestamp: at },
    ]);
    for (const path of ['/metrics', '/feedback']) assert.doesNotMatch((await send(path, undefined, {}, 'GET')).text, /Quillfeather/);
  });
});

describe('clients', () => {
  const path = '/cds-services/care-gaps';

  it('CH-80 CH-81 CH-82 CH-83 CH-84 › a token for exactly this endpoint › is taken, on feedback for that one', async () => {
    assert.equal((await call('care-gaps', view(), await bearer(path))).status, 200);
    assert.equal((await send(`${path}/feedback`, { feedback: [{ card: 'x', outcome: 'accepted' }] }, await bearer(`${path}/feedback`))).status, 200);
    assert.equal((await call('care-gaps', view(), await bearer(`${path}/feedback`))).status, 401);
    assert.equal((await call('care-gaps', view(), { ...(await bearer('/cds-services/order-safety')), host: 'x' })).status, 401);
  });

  it('CH-85 CH-86 CH-87 CH-88 CH-89 › none, HMAC, a foreign key, an unlisted jku, a second use › 401 and no reason', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = part({ iss: `${service.url}/ehr`, aud: `${service.url}${path}`, exp: Date.now() / 1000 + 60, iat: Date.now() / 1000, jti: 'a' });
    const used = await bearer(path);
    assert.equal((await call('care-gaps', view(), used)).status, 200);
    const { publicKey } = await generateKeyPair('ES384');
    assert.ok((await exportJWK(publicKey)).kty);
    const refusals = [
      { authorization: `Bearer ${part({ alg: 'none', typ: 'JWT' })}.${claims}.` },
      { authorization: `Bearer ${part({ alg: 'HS256', typ: 'JWT' })}.${claims}.AAAA` },
      await bearer(path, { jti: 'b' }),
      { authorization: 'Basic eDp5' },
      used,
    ];
    for (const headers of refusals) {
      const answer = await call('care-gaps', view(), headers);
      assert.equal(answer.status, 401);
      assert.equal(answer.text, '');
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    }
  });

  it('CH-90 › kids and jtis of any form, the tolerance of a minute › see test/authenticate; here: our own EHR’s are taken', async () => {
    assert.equal((await call('care-gaps', view(), await bearer(path))).status, 200);
  });

  it('CH-97 › preflights of a browser › are answered without a token, and never with credentials', async () => {
    for (const target of ['/cds-services', path, `${path}/feedback`]) {
      const answer = await send(
        target,
        undefined,
        {
          origin: 'https://sandbox.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
        'OPTIONS',
      );
      assert.ok(answer.status === 200 || answer.status === 204);
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.match(answer.headers.get('access-control-allow-headers') ?? '', /authorization/i);
      assert.equal(answer.headers.get('access-control-allow-credentials'), null);
    }
  });
});
