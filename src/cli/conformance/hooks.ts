/** The published hooks: what their context must hold and which of its fields may be prefetch tokens. {@link https://cds-hooks.hl7.org/hooks/} */

export interface HookShape {
  readonly required: readonly string[];
  /** Fields of the context that the hook marks as prefetch tokens. */
  readonly tokens: readonly string[];
}

const ids = ['userId', 'patientId', 'encounterId'];

export const hookShapes: Readonly<Record<string, HookShape>> = {
  'patient-view': { required: ['userId', 'patientId'], tokens: ids },
  'order-select': { required: ['userId', 'patientId', 'selections', 'draftOrders'], tokens: ids },
  'order-sign': { required: ['userId', 'patientId', 'draftOrders'], tokens: ids },
  // Three spellings of its fields are in use, so none is demanded beyond the patient.
  'order-dispatch': { required: ['patientId'], tokens: ['patientId', 'dispatchedOrders', 'performer', 'order'] },
  'appointment-book': { required: ['userId', 'patientId', 'appointments'], tokens: ids },
  'encounter-start': { required: ['userId', 'patientId', 'encounterId'], tokens: ids },
  'encounter-discharge': { required: ['userId', 'patientId', 'encounterId'], tokens: ids },
  'allergyintolerance-create': { required: ['userId', 'patientId', 'allergyIntolerance'], tokens: ids },
  'problem-list-item-create': { required: ['userId', 'patientId', 'conditions'], tokens: ids },
  'medication-refill': { required: ['patientId', 'medications'], tokens: ids },
  'medication-verify': { required: ['patientId', 'medication'], tokens: ids },
  // Deprecated, and still served.
  'medication-prescribe': { required: ['userId', 'patientId', 'medications'], tokens: ids },
  'order-review': { required: ['userId', 'patientId', 'orders'], tokens: ids },
};

/** CDS Hooks 2.0, "Prefetch tokens identifying the user": beside the fields of the context. */
export const userTokens: readonly string[] = ['userPractitionerId', 'userPractitionerRoleId', 'userPatientId', 'userRelatedPersonId'];
