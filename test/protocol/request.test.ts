/** The hook request at the border: what is refused, with which code and place, and what is let in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ServiceError } from '../../src/errors.js';
import { parseRequest } from '../../src/protocol/request.js';
import type { Hook } from '../../src/types.js';
import { context, draftOrders, fhirAuthorization, hookInstance, makeRequest, makeService } from './service.js';

function refusalOf(hook: Hook, body: unknown): { readonly code: string; readonly field: string | undefined } {
  try {
    parseRequest(makeService(hook), body);
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    return { code: error.code, field: error.where?.field };
  }
  return assert.fail('was let in');
}

const malformed = (field: string | undefined) => ({ code: 'request-malformed', field });
const view = makeRequest('patient-view');
const select = makeRequest('order-select');
const inContext = (hook: Hook, changes: object) => ({ ...makeRequest(hook), context: { ...makeRequest(hook).context, ...changes } });
const withServer = (changes: object) => ({ ...view, fhirServer: 'https://ehr.example/fhir', ...changes });
const authorized = (changes: object) => withServer({ fhirAuthorization: { ...fhirAuthorization, ...changes } });

describe('parseRequest', () => {
  const bodies: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['a string', 'patient-view'],
    ['a number', 7],
    ['an array', [view]],
  ];
  for (const [name, body] of bodies) {
    it(`body › is ${name} › is malformed, no field named`, () => {
      assert.deepEqual(refusalOf('patient-view', body), malformed(undefined));
    });
  }

  const wrong: readonly (readonly [Hook, string, unknown, string])[] = [
    ['patient-view', 'hook absent', { ...view, hook: undefined }, 'hook'],
    ['patient-view', 'hook a number', { ...view, hook: 1 }, 'hook'],
    ['patient-view', 'hookInstance absent', { ...view, hookInstance: undefined }, 'hookInstance'],
    ['patient-view', 'hookInstance no UUID', { ...view, hookInstance: '1234' }, 'hookInstance'],
    ['patient-view', 'hookInstance with a line behind it', { ...view, hookInstance: `${hookInstance}\n` }, 'hookInstance'],
    ['patient-view', 'context absent', { ...view, context: undefined }, 'context'],
    ['patient-view', 'context null', { ...view, context: null }, 'context'],
    ['patient-view', 'context an array', { ...view, context: [context] }, 'context'],
    ['patient-view', 'userId absent', inContext('patient-view', { userId: undefined }), 'context.userId'],
    ['patient-view', 'userId empty', inContext('patient-view', { userId: '' }), 'context.userId'],
    ['patient-view', 'userId an object', inContext('patient-view', { userId: {} }), 'context.userId'],
    ['patient-view', 'patientId absent', inContext('patient-view', { patientId: undefined }), 'context.patientId'],
    ['patient-view', 'patientId a number', inContext('patient-view', { patientId: 12 }), 'context.patientId'],
    ['patient-view', 'patientId a reference', inContext('patient-view', { patientId: 'Patient/1' }), 'context.patientId'],
    ['patient-view', 'patientId with a search in it', inContext('patient-view', { patientId: '1&_include=*' }), 'context.patientId'],
    ['patient-view', 'patientId a step up', inContext('patient-view', { patientId: '..' }), 'context.patientId'],
    ['patient-view', 'patientId of 65 characters', inContext('patient-view', { patientId: 'x'.repeat(65) }), 'context.patientId'],
    ['patient-view', 'encounterId an object', inContext('patient-view', { encounterId: {} }), 'context.encounterId'],
    ['patient-view', 'prefetch an array', { ...view, prefetch: [] }, 'prefetch'],
    ['patient-view', 'prefetch a string', { ...view, prefetch: 'none' }, 'prefetch'],
    ['order-sign', 'draftOrders absent', inContext('order-sign', { draftOrders: undefined }), 'context.draftOrders'],
    ['order-sign', 'draftOrders null', inContext('order-sign', { draftOrders: null }), 'context.draftOrders'],
    ['order-sign', 'draftOrders an array', inContext('order-sign', { draftOrders: [draftOrders] }), 'context.draftOrders'],
    ['order-sign', 'draftOrders no Bundle', inContext('order-sign', { draftOrders: { resourceType: 'List' } }), 'context.draftOrders.resourceType'],
    [
      'order-sign',
      'an entry null',
      inContext('order-sign', { draftOrders: { resourceType: 'Bundle', entry: [null] } }),
      'context.draftOrders.entry.0',
    ],
    [
      'order-sign',
      'an entry without resource',
      inContext('order-sign', { draftOrders: { resourceType: 'Bundle', entry: [{}] } }),
      'context.draftOrders.entry.0.resource',
    ],
    [
      'order-sign',
      'a resource without type',
      inContext('order-sign', { draftOrders: { resourceType: 'Bundle', entry: [{ resource: { id: '1' } }] } }),
      'context.draftOrders.entry.0.resource.resourceType',
    ],
    [
      'order-sign',
      'more than 200 drafts',
      inContext('order-sign', { draftOrders: { resourceType: 'Bundle', entry: Array.from({ length: 201 }, () => draftOrders.entry[0]) } }),
      'context.draftOrders.entry',
    ],
    ['order-select', 'selections absent', inContext('order-select', { selections: undefined }), 'context.selections'],
    ['order-select', 'selections empty', inContext('order-select', { selections: [] }), 'context.selections'],
    ['order-select', 'a selection a number', inContext('order-select', { selections: [1] }), 'context.selections.0'],
    ['order-select', 'draftOrders absent', inContext('order-select', { draftOrders: undefined }), 'context.draftOrders'],
    ['patient-view', 'fhirServer a number', withServer({ fhirServer: 1 }), 'fhirServer'],
    ['patient-view', 'fhirServer without http', withServer({ fhirServer: 'file:///etc/passwd' }), 'fhirServer'],
    ['patient-view', 'fhirServer relative', withServer({ fhirServer: '/fhir' }), 'fhirServer'],
    ['patient-view', 'fhirServer with a query', withServer({ fhirServer: 'https://ehr.example/?to=' }), 'fhirServer'],
    ['patient-view', 'fhirServer with a fragment', withServer({ fhirServer: 'https://ehr.example/fhir#' }), 'fhirServer'],
    ['patient-view', 'fhirServer with a user', withServer({ fhirServer: 'https://a@ehr.example/fhir' }), 'fhirServer'],
    ['patient-view', 'fhirServer with a password', withServer({ fhirServer: 'https://a:b@ehr.example/fhir' }), 'fhirServer'],
    ['patient-view', 'fhirServer of 3000 characters', withServer({ fhirServer: `https://ehr.example/${'x'.repeat(3000)}` }), 'fhirServer'],
    ['patient-view', 'fhirAuthorization without fhirServer', { ...view, fhirAuthorization }, 'fhirServer'],
    ['patient-view', 'fhirAuthorization a string', withServer({ fhirAuthorization: 'opaque' }), 'fhirAuthorization'],
    ['patient-view', 'access_token absent', authorized({ access_token: undefined }), 'fhirAuthorization.access_token'],
    ['patient-view', 'access_token empty', authorized({ access_token: '' }), 'fhirAuthorization.access_token'],
    ['patient-view', 'access_token with a header behind it', authorized({ access_token: 'a\r\nx: y' }), 'fhirAuthorization.access_token'],
    ['patient-view', 'access_token of 17000 characters', authorized({ access_token: 'x'.repeat(17_000) }), 'fhirAuthorization.access_token'],
    ['patient-view', 'token_type not Bearer', authorized({ token_type: 'mac' }), 'fhirAuthorization.token_type'],
    ['patient-view', 'scope an array', authorized({ scope: ['patient/*.rs'] }), 'fhirAuthorization.scope'],
    ['patient-view', 'patient a number', authorized({ patient: 1 }), 'fhirAuthorization.patient'],
  ];
  for (const [hook, name, body, field] of wrong) {
    it(`${hook} › ${name} › is malformed at ${field}`, () => {
      assert.deepEqual(refusalOf(hook, body), malformed(field));
    });
  }

  it('hook › is that of another service › is a mismatch', () => {
    assert.deepEqual(refusalOf('order-sign', view), { code: 'hook-mismatch', field: 'hook' });
  });

  it('fhirAuthorization › is for another patient › is a mismatch of patients', () => {
    assert.deepEqual(refusalOf('patient-view', authorized({ patient: 'invented-2' })), {
      code: 'patient-mismatch',
      field: 'fhirAuthorization.patient',
    });
  });

  it('place › a key that the caller chose › is never named', () => {
    const secretive = {
      ...inContext('order-sign', { draftOrders: { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Jane Roe' } }] } }),
    };
    assert.doesNotMatch(JSON.stringify(refusalOf('order-sign', secretive)), /Jane/);
  });

  const accepted: readonly (readonly [Hook, string, unknown])[] = [
    ['patient-view', 'the least', view],
    ['patient-view', 'a version 1 UUID in capitals', { ...view, hookInstance: 'D1577C69-DFBE-11EA-BA6D-3E05E953B2EA' }],
    ['patient-view', 'prefetch null', { ...view, prefetch: null }],
    ['patient-view', 'extensions everywhere', { ...view, extension: { 'com.epic.x': 1 }, context: { ...context, extension: { a: 1 }, other: [] } }],
    ['patient-view', 'encounterId null', inContext('patient-view', { encounterId: null })],
    ['patient-view', 'draftOrders that mean nothing here', inContext('patient-view', { draftOrders: 'nonsense', selections: 7 })],
    ['patient-view', 'fhirServer and fhirAuthorization null', { ...view, fhirServer: null, fhirAuthorization: null }],
    ['patient-view', 'a scope that is not SMART', authorized({ scope: 'Patient.Read (R4)', token_type: 'bearer', patient: 'invented-1' })],
    ['order-sign', 'draftOrders without entries', inContext('order-sign', { draftOrders: { resourceType: 'Bundle' } })],
    [
      'order-sign',
      'FHIR content that is wrong',
      inContext('order-sign', {
        draftOrders: { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'MedicationRequest', category: {} } }] },
      }),
    ],
    ['order-select', 'the least', select],
  ];
  for (const [hook, name, body] of accepted) {
    it(`${hook} › ${name} › is let in`, () => {
      assert.equal(parseRequest(makeService(hook), body).patientId, 'invented-1');
    });
  }

  it('prefetch › missing, null, data and a failure › each stays what it is', () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [] };
    const parsed = parseRequest(makeService('patient-view'), {
      ...view,
      prefetch: { patient: { resourceType: 'Patient' }, conditions: null, notes: outcome },
    });
    assert.deepEqual(parsed.prefetch, { patient: { resourceType: 'Patient' }, conditions: null, notes: outcome });
    assert.deepEqual(parseRequest(makeService('patient-view'), view).prefetch, {});
  });

  it('fhirServer › with slashes at its end › is one base, with what the token says', () => {
    const { fhir } = parseRequest(makeService('patient-view'), withServer({ fhirServer: 'https://ehr.example/fhir//', fhirAuthorization }));
    assert.deepEqual(fhir, { base: 'https://ehr.example/fhir', accessToken: 'opaque', scope: 'patient/*.rs' });
    assert.deepEqual(parseRequest(makeService('patient-view'), withServer({})).fhir, {
      base: 'https://ehr.example/fhir',
      accessToken: undefined,
      scope: '',
    });
  });

  it('order-select › drafts and selections › are handed on', () => {
    const parsed = parseRequest(makeService('order-select'), select);
    assert.deepEqual([parsed.draftOrders.length, parsed.selections], [1, ['MedicationRequest/draft-1']]);
  });

  it('any value › in the place of any field › is let in or refused with a code, and no value comes back', () => {
    const fields = ['hook', 'hookInstance', 'context', 'prefetch', 'fhirServer', 'fhirAuthorization', 'extension'];
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (field, value, isNested) => {
        const body = isNested
          ? { ...select, context: { ...select.context, [field === 'hook' ? 'draftOrders' : 'selections']: value } }
          : { ...select, [field]: value };
        try {
          parseRequest(makeService('order-select'), body);
        } catch (error) {
          assert.ok(error instanceof ServiceError, String(error));
          assert.match(error.where?.field ?? '', /^[A-Za-z_.\d…]*$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
