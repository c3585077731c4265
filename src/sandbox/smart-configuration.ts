/** What the embedded EHR says about itself: SMART and OpenID discovery, CapabilityStatement. Knows nothing of requests. */
import { isWritable, parametersOf, supportedTypes } from './search-parameters.js';

interface Addresses {
  readonly issuer: string;
  readonly fhirBase: string;
}

/** {@link https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html} */
export function smartConfiguration({ issuer }: Addresses): Readonly<Record<string, unknown>> {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks.json`,
    authorization_endpoint: `${issuer}/auth/authorize`,
    token_endpoint: `${issuer}/auth/token`,
    grant_types_supported: ['authorization_code', 'refresh_token'],
    response_types_supported: ['code'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [
      'openid',
      'fhirUser',
      'launch',
      'launch/patient',
      'online_access',
      'offline_access',
      'patient/*.cruds',
      'patient/*.read',
      'patient/*.write',
    ],
    capabilities: [
      'launch-ehr',
      'launch-standalone',
      'authorize-post',
      'client-public',
      'sso-openid-connect',
      'context-banner',
      'context-ehr-patient',
      'context-standalone-patient',
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-v1',
      'permission-v2',
    ],
  };
}

export function openIdConfiguration({ issuer }: Addresses): Readonly<Record<string, unknown>> {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks.json`,
    authorization_endpoint: `${issuer}/auth/authorize`,
    token_endpoint: `${issuer}/auth/token`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES384'],
  };
}

/** {@link https://hl7.org/fhir/R4/capabilitystatement.html} */
export function capabilityStatement({ issuer, fhirBase }: Addresses, now: Date): Readonly<Record<string, unknown>> {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: now.toISOString(),
    kind: 'instance',
    software: { name: 'whycard sandbox EHR' },
    implementation: { description: 'An embedded EHR with invented patients. Not for real data.', url: fhirBase },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        security: {
          cors: true,
          service: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }] }],
          extension: [
            {
              url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
              extension: [
                { url: 'authorize', valueUri: `${issuer}/auth/authorize` },
                { url: 'token', valueUri: `${issuer}/auth/token` },
              ],
            },
          ],
        },
        resource: supportedTypes.map(describeType),
      },
    ],
  };
}

function describeType(type: string): Readonly<Record<string, unknown>> {
  const writing = isWritable(type) ? [{ code: 'create' }, { code: 'update' }, { code: 'delete' }] : [];
  const everything = { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' };
  return {
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }, ...writing],
    versioning: 'versioned',
    readHistory: false,
    updateCreate: isWritable(type),
    conditionalCreate: false,
    conditionalUpdate: false,
    conditionalDelete: 'not-supported',
    searchParam: Object.entries(parametersOf(type)).map(([name, { kind }]) => ({ name, type: kind })),
    ...(type === 'Patient' ? { operation: [everything] } : {}),
  };
}
