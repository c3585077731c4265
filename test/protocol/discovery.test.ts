/** Discovery as the specification wants it, and the templates that we may publish. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StartError } from '../../src/errors.js';
import { discover, lintPrefetch } from '../../src/protocol/discovery.js';
import { makeService } from './service.js';

describe('discover', () => {
  it('services › two › each with the fields of the specification and nothing of ours', () => {
    const { services } = discover([makeService('patient-view'), makeService('order-sign', { prefetch: {} })]);
    const common = { title: 'Test', description: 'A service for tests.', usageRequirements: 'None.', version: '2.0.1', hookVersion: '1.0' };
    assert.deepEqual(services, [
      { ...common, hook: 'patient-view', id: 'test-patient-view', prefetch: makeService('patient-view').prefetch },
      // Never an empty object: left out.
      { ...common, hook: 'order-sign', id: 'test-order-sign' },
    ]);
  });

  it('services › none › an empty list', () => {
    assert.deepEqual(discover([]), { services: [] });
  });
});

describe('lintPrefetch', () => {
  const templates: readonly (readonly [string, RegExp | undefined])[] = [
    ['Patient/{{context.patientId}}', undefined],
    ['Condition?patient={{context.patientId}}&_count=200', undefined],
    ['Encounter/{{context.encounterId}}', undefined],
    ['{{context.userId}}', /must be a relative read/],
    ['Patient/{{context.patient}}', /token \{\{context\.patient\}\} is not one of context\.userId/],
    ['Patient/{{ context.patientId }}', /token/],
    ['Condition?patient={{context.draftOrders.entry}}', /token/],
    ['Condition?date=ge{{today()}}', /token/],
    ['Practitioner/{{userPractitionerId}}', /token/],
    ['Condition?patient={{context.patientId}', /brace/],
    ['Condition?patient={context.patientId}', /brace/],
    ['https://ehr.example/Patient/{{context.patientId}}', /relative/],
    ['/Patient/{{context.patientId}}', /relative/],
    ['Patient', /relative/],
    ['Patient/{{context.patientId}}/$everything', /relative/],
    ['Condition?patient={{context.patientId}}#x', /relative/],
    ['Condition?patient={{context.patientId}}&date=ge2020&date=le2021', /repeat/],
    ['', /relative/],
  ];
  for (const [template, expected] of templates) {
    it(`template › "${template}" › ${expected === undefined ? 'may be published' : 'stops the start'}`, () => {
      const services = [makeService('patient-view', { prefetch: { conditions: template } })];
      if (expected === undefined) {
        assert.doesNotThrow(() => lintPrefetch(services));
        return;
      }
      assert.throws(
        () => lintPrefetch(services),
        (error: unknown) => {
          assert.ok(error instanceof StartError);
          assert.match(error.message, /^service test-patient-view, prefetch conditions: /);
          assert.match(error.message, expected);
          assert.doesNotMatch(error.message, /\n/);
          return true;
        },
      );
    });
  }
});
