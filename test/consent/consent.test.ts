/** Consent by security label: what withholds a chart, and what looks like it and does not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Patient } from 'fhir/r4.js';
import { createAskConsent } from '../../src/consent/consent.js';
import type { Chart, ServiceDefinition, ServiceId } from '../../src/types.js';

const service: ServiceDefinition = {
  id: 'care-gaps' as ServiceId,
  hook: 'patient-view',
  title: '',
  description: '',
  usageRequirements: '',
  prefetch: {},
  required: [],
  scopes: [],
  knowledge: 'care-gaps',
  showFrom: 'info',
  maxCards: 5,
};
const ask = createAskConsent();
const chartOf = (meta: unknown): Chart => ({
  patient: { resourceType: 'Patient', id: 'p', meta } as unknown as Patient,
  entries: [],
  lists: {},
  selected: [],
  now: new Date('2026-03-01T12:00:00Z'),
});
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

describe('consent', () => {
  const cases: readonly (readonly [string, unknown, boolean])[] = [
    ['no meta', undefined, true],
    ['no labels', { security: [] }, true],
    ['the label', { security: [{ system: actCode, code: 'NODSCLCDS' }] }, false],
    ['the label without a system', { security: [{ code: 'NODSCLCDS' }] }, false],
    ['the label among others', { security: [{ code: 'R' }, { system: actCode, code: 'NODSCLCDS' }] }, false],
    ['the code of another system', { security: [{ system: 'urn:x', code: 'NODSCLCDS' }] }, true],
    ['another label', { security: [{ system: actCode, code: 'R' }] }, true],
    ['the label, not in a list', { security: { code: 'NODSCLCDS' } }, false],
    ['a label that is a word', { security: 'NODSCLCDS' }, true],
    ['broken labels', { security: [null, 'NODSCLCDS', 7] }, true],
  ];
  for (const [name, meta, isPermitted] of cases) {
    it(`consent › ${name} › ${isPermitted ? 'permitted' : 'refused, with a reason'}`, () => {
      assert.deepEqual(ask(service, chartOf(meta)), isPermitted ? { isPermitted } : { isPermitted, reason: 'security-label' });
    });
  }
});
