/** The chart out of a request: three states a key and the fourth, whose the resources are, what counts and in which order. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { FhirResource } from 'fhir/r4.js';
import { ServiceError } from '../../src/errors.js';
import { bundle, condition, type FakeEhr, gather, idsOf, next, now, outcome, patient, send, startEhr, stateOf } from './ehr.js';

let ehr: FakeEhr;
before(async () => {
  ehr = await startEhr();
});
beforeEach(() => {
  ehr.asked.length = 0;
  ehr.answers.clear();
  ehr.answers.set('Patient/p1', send(patient()));
  ehr.answers.set('Condition?', send(bundle([condition('fromServer')])));
});
after(() => ehr.close());

const code = (wanted: string) => (error: unknown) => error instanceof ServiceError && error.code === wanted;

describe('gather, prefetch', () => {
  it('prefetch › whole › asks no server and takes now from the clock', async () => {
    const chart = await gather({ patient: patient(), conditions: bundle([condition('c1')]) }, { ehr });
    assert.deepEqual(ehr.asked, []);
    assert.deepEqual([chart.patient.id, idsOf(chart), stateOf(chart), chart.now], ['p1', ['c1'], 'complete', now]);
  });

  it('prefetch › none › reads every list from the server with the token', async () => {
    const chart = await gather({}, { ehr });
    assert.deepEqual([...ehr.asked].sort(), ['Condition?patient=p1', 'Patient/p1']);
    assert.deepEqual(idsOf(chart), ['fromServer']);
    assert.ok(ehr.tokens.slice(-2).every((token) => token === 'Bearer tok-invented-1234567890'));
  });

  it('prefetch › half › reads only what is missing', async () => {
    await gather({ patient: patient() }, { ehr });
    assert.deepEqual(ehr.asked, ['Condition?patient=p1']);
  });

  it('prefetch › null › is empty and complete and asks nobody', async () => {
    const chart = await gather({ patient: patient(), conditions: null }, { ehr });
    assert.deepEqual([ehr.asked, idsOf(chart), stateOf(chart)], [[], [], 'complete']);
  });

  it('prefetch › an OperationOutcome, with a server › asks the server', async () => {
    const chart = await gather({ patient: patient(), conditions: outcome('forbidden') }, { ehr });
    assert.deepEqual(idsOf(chart), ['fromServer']);
  });

  it('template › a patient id with signs of a URL in it › is encoded', async () => {
    await assert.rejects(gather({}, { ehr, request: { patientId: 'a/../b?c' } }), code('data-unavailable'));
    assert.ok(ehr.asked.every((url) => !url.includes('a/../b')));
  });

  const states: readonly (readonly [string, unknown, string])[] = [
    ['an OperationOutcome "forbidden"', outcome('forbidden'), 'unavailable: refused by the server'],
    ['an OperationOutcome "timeout"', outcome('timeout'), 'unavailable: not answered in time'],
    ['an OperationOutcome with a code of its own', outcome('constructor'), 'unavailable: the server failed'],
    ['an OperationOutcome without issues', { resourceType: 'OperationOutcome' }, 'unavailable: the server failed'],
    ['undefined', undefined, 'unavailable: not sent, and no server to ask'],
    ['a string', 'hello', 'unavailable: the answer could not be read'],
    ['a number', 7, 'unavailable: the answer could not be read'],
    ['a list', [condition('c')], 'unavailable: the answer could not be read'],
    ['an object without a type', { id: 'x' }, 'unavailable: the answer could not be read'],
    ['another type', { resourceType: 'Slot', id: 's' }, 'unavailable: the answer could not be read'],
    ['a bundle of another type only', bundle([{ resourceType: 'Slot' }]), 'unavailable: the answer could not be read'],
    ['an empty bundle', bundle([]), 'complete'],
    ['a bundle without entries', { resourceType: 'Bundle' }, 'complete'],
    ['a bundle whose entry is no list', { resourceType: 'Bundle', entry: { 0: 1 } }, 'unavailable: the answer could not be read'],
    ['a bundle with broken entries', { resourceType: 'Bundle', entry: [null, 3, { resource: 'x' }] }, 'unavailable: the answer could not be read'],
    ['a bundle with one broken entry', bundle([condition('c1'), 'x']), 'partial: the answer could not be read'],
    ['a page of more, no server', bundle([condition('c1')], next('http://127.0.0.1/fhir/x')), 'partial: only the first part was read'],
    ['fewer than the total', bundle([condition('c1')], { total: 9 }), 'partial: only the first part was read'],
    ['a total of zero with an error (Epic)', bundle([outcome('not-found')], { total: 0 }), 'complete'],
    ['an error instead of matches', bundle([outcome('forbidden')]), 'unavailable: refused by the server'],
    ['an error beside matches', bundle([condition('c1'), outcome('timeout')]), 'partial: not answered in time'],
    ['a warning that some was suppressed', bundle([condition('c1'), outcome('suppressed', 'warning')]), 'partial: the server left some out'],
    ['a harmless warning', bundle([condition('c1'), outcome('informational', 'warning')]), 'complete'],
    [
      'one entry that names no patient',
      bundle([condition('c1'), condition('c2', { subject: {} })]),
      'partial: some entries do not say whose they are',
    ],
  ];
  for (const [name, value, expected] of states) {
    it(`prefetch › ${name} › ${expected}`, async () => {
      assert.equal(stateOf(await gather({ patient: patient(), conditions: value })), expected);
    });
  }

  const patients: readonly (readonly [string, unknown, string])[] = [
    ['missing, no server', undefined, 'data-unavailable'],
    ['null', null, 'data-unavailable'],
    ['an OperationOutcome', outcome('forbidden'), 'data-unavailable'],
    ['of another type', condition('p1'), 'data-unavailable'],
    ['another', patient('p2'), 'patient-mismatch'],
    ['without an id', { resourceType: 'Patient' }, 'patient-mismatch'],
    ['a bundle of two', bundle([patient(), patient('p2')]), 'patient-mismatch'],
  ];
  for (const [name, value, expected] of patients) {
    it(`patient › ${name} › ${expected}`, async () => {
      await assert.rejects(gather({ patient: value, conditions: null }), code(expected));
    });
  }

  it('required list › unavailable › data-unavailable names service and list, nothing else', async () => {
    await assert.rejects(
      gather({ patient: patient(), conditions: outcome('forbidden') }, { service: { required: ['patient', 'conditions'] } }),
      (error) => {
        assert.ok(error instanceof ServiceError);
        assert.deepEqual(error.where, { service: 'care-gaps', list: 'conditions' });
        return error.code === 'data-unavailable';
      },
    );
  });
});

describe('gather, whose and which', () => {
  const foreign: readonly (readonly [string, unknown])[] = [
    ['relative', condition('c', { subject: { reference: 'Patient/p2' } })],
    ['absolute', condition('c', { subject: { reference: 'https://ehr.example/fhir/Patient/p2' } })],
    ['versioned', condition('c', { subject: { reference: 'Patient/p2/_history/3' } })],
    ['in `patient` beside our subject', condition('c', { patient: { reference: 'Patient/p2' } })],
    ['with an id that begins like ours', condition('c', { subject: { reference: 'Patient/p11' } })],
    ['entered in error', condition('c', { status: 'entered-in-error', subject: { reference: 'Patient/p2' } })],
    ['of a type that was not asked for', { resourceType: 'Encounter', id: 'e', subject: { reference: 'Patient/p2' } }],
    ['a Patient', patient('p2')],
  ];
  for (const [name, resource] of foreign) {
    it(`another patient's resource › ${name} › refuses the whole call`, async () => {
      await assert.rejects(gather({ patient: patient(), conditions: bundle([condition('c1'), resource]) }), code('patient-mismatch'));
    });
  }

  it("another patient's resource › alone in place of a bundle › is refused", async () => {
    await assert.rejects(
      gather({ patient: patient(), conditions: condition('c', { subject: { reference: 'Patient/p2' } }) }),
      code('patient-mismatch'),
    );
  });

  it("another patient's draft › is refused", async () => {
    const draft = { resourceType: 'MedicationRequest', id: 'd', subject: { reference: 'Patient/p2' } } as unknown as FhirResource;
    await assert.rejects(gather({ patient: patient(), conditions: null }, { request: { draftOrders: [draft] } }), code('patient-mismatch'));
  });

  it('our resource › relative, absolute, versioned, contained Patient › stays', async () => {
    const references = ['Patient/p1', 'https://ehr.example/fhir/Patient/p1', 'Patient/p1/_history/7'];
    const resources = references.map((reference, index) => condition(`c${index}`, { subject: { reference } }));
    const chart = await gather({ patient: patient(), conditions: bundle([...resources, patient()]) });
    assert.deepEqual(idsOf(chart), ['c0', 'c1', 'c2']);
    assert.equal(stateOf(chart), 'complete');
  });

  it('entries › entered in error, by either status › are dropped, and the list stays complete', async () => {
    const byVerification = { verificationStatus: { coding: [{ code: 'entered-in-error' }] } };
    const resources = [condition('a', { status: 'entered-in-error' }), condition('b', byVerification), condition('c')];
    const chart = await gather({ patient: patient(), conditions: bundle(resources) });
    assert.deepEqual([idsOf(chart), stateOf(chart)], [['c'], 'complete']);
  });

  it('entries › the same resource twice › once; without an id › each', async () => {
    const { id: _id, ...anonymous } = condition('x');
    const chart = await gather({ patient: patient(), conditions: bundle([condition('a'), condition('a'), anonymous, anonymous]) });
    assert.deepEqual(idsOf(chart), ['a', undefined, undefined]);
  });

  it('fact ids › are positions; drafts come last and keep their number', async () => {
    const drafts = [condition('x', { status: 'entered-in-error' }), condition('SECRET-1')] as unknown as readonly FhirResource[];
    const chart = await gather({ patient: patient(), conditions: bundle([condition('a'), condition('b')]) }, { request: { draftOrders: drafts } });
    assert.deepEqual(
      chart.entries.map(({ fact, list }) => `${fact} ${list}`),
      ['f0 conditions', 'f1 conditions', 'd1 drafts'],
    );
  });

  const orders = ['m1', 'm2'].map((id) => ({
    resourceType: 'MedicationRequest',
    id,
    subject: { reference: 'Patient/p1' },
  })) as unknown as FhirResource[];
  const selections: readonly (readonly [string, 'order-sign' | 'order-select', readonly string[], readonly string[]])[] = [
    ['order-sign', 'order-sign', [], ['d0', 'd1']],
    ['order-select, one', 'order-select', ['MedicationRequest/m2'], ['d1']],
    ['order-select, absolute', 'order-select', ['https://ehr.example/fhir/MedicationRequest/m1'], ['d0']],
    ['order-select, none', 'order-select', [], []],
    ['order-select, of another type', 'order-select', ['ServiceRequest/m1'], []],
  ];
  for (const [name, hook, chosen, expected] of selections) {
    it(`selected › ${name} › ${expected.join(' ') || 'nothing'}`, async () => {
      const request = { hook, draftOrders: orders, selections: chosen };
      assert.deepEqual((await gather({ patient: patient(), conditions: null }, { request })).selected, expected);
    });
  }
});
