/** May the chart be used for decision support? A first answer: honours one security label; reading Consent resources comes later. */
import type { Chart, Consent, ServiceDefinition } from '../types.js';

/** HL7 v3 ActCode, refrain policy "no disclosure without information subject's consent directive". */
const withheldLabels = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NODSCLCDS' }];

export function createAskConsent(): (service: ServiceDefinition, chart: Chart) => Consent {
  return function askConsent(_service, { patient }) {
    const security: unknown = patient.meta?.security;
    // A single label where a list belongs is a list of one: what withholds must not be lost to its shape.
    const labels = Array.isArray(security) ? security : [security];
    const isWithheld = labels.some((label) =>
      withheldLabels.some(({ system, code }) => label?.code === code && (label.system === undefined || label.system === system)),
    );
    return isWithheld ? { isPermitted: false, reason: 'security-label' } : { isPermitted: true };
  };
}
