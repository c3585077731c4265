/** Service definitions and requests for tests of the wire. Everything in them is invented. */
import type { Hook, ServiceDefinition, ServiceId } from '../../src/types.js';

export function makeService(hook: Hook, changes: Partial<ServiceDefinition> = {}): ServiceDefinition {
  return {
    id: `test-${hook}` as ServiceId,
    hook,
    title: 'Test',
    description: 'A service for tests.',
    usageRequirements: 'None.',
    prefetch: { patient: 'Patient/{{context.patientId}}', conditions: 'Condition?patient={{context.patientId}}&_count=200' },
    required: ['patient'],
    scopes: ['patient/Patient.rs'],
    knowledge: 'test',
    showFrom: 'info',
    maxCards: 5,
    ...changes,
  };
}

export const hookInstance = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea';
export const context = { userId: 'Practitioner/example', patientId: 'invented-1' };
export const draftOrders = {
  resourceType: 'Bundle',
  entry: [{ resource: { resourceType: 'MedicationRequest', id: 'draft-1', subject: { reference: 'Patient/invented-1' } } }],
};
export const fhirAuthorization = { access_token: 'opaque', token_type: 'Bearer', expires_in: 300, scope: 'patient/*.rs', subject: 'cds' };

/** The least that a valid request of the hook holds. */
export function makeRequest(hook: Hook): Readonly<Record<string, unknown>> & { readonly context: Readonly<Record<string, unknown>> } {
  return {
    hook,
    hookInstance,
    context: {
      ...context,
      ...(hook === 'patient-view' ? {} : { draftOrders }),
      ...(hook === 'order-select' ? { selections: ['MedicationRequest/draft-1'] } : {}),
    },
  };
}
