/** What servers of several kinds say about themselves: shaped like theirs, written for these tests. */

export type Json = Readonly<Record<string, unknown>>;

interface StatementParts {
  readonly fhirVersion?: string;
  readonly software?: string;
  readonly publisher?: string;
  readonly url?: string;
  readonly resources?: readonly Json[] | undefined;
  readonly security?: Json;
  readonly searchParam?: readonly Json[];
}

export function statement({ fhirVersion = '4.0.1', software, publisher, url, resources, security, searchParam }: StatementParts): Json {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    kind: 'instance',
    fhirVersion,
    format: ['json'],
    ...(software === undefined ? {} : { software: { name: software } }),
    ...(publisher === undefined ? {} : { publisher }),
    ...(url === undefined ? {} : { implementation: { description: 'a test server', url } }),
    rest: [
      {
        mode: 'server',
        ...(resources === undefined ? {} : { resource: resources }),
        ...(security === undefined ? {} : { security }),
        ...(searchParam === undefined ? {} : { searchParam }),
      },
    ],
  };
}

export function type(name: string, parameters: readonly string[], interactions: readonly string[] = ['read', 'search-type']): Json {
  return {
    type: name,
    interaction: interactions.map((code) => ({ code })),
    searchParam: parameters.map((one) => ({ name: one, type: 'string' })),
  };
}

/** All that is read, searchable by what it is searched by. */
export const everyType: readonly Json[] = [
  type('Patient', ['_id', 'identifier', 'name']),
  type('Condition', ['patient', 'category', 'clinical-status']),
  type('Observation', ['patient', 'category', 'code', 'date']),
  type('MedicationRequest', ['patient', 'status', 'intent']),
  type('Procedure', ['patient', 'date']),
  type('DocumentReference', ['patient', 'category', 'type']),
  type('AllergyIntolerance', ['patient', 'clinical-status']),
  type('Encounter', ['patient', 'date']),
  type('Immunization', ['patient', 'date']),
  type('ServiceRequest', ['patient', 'status', 'code']),
];

export function without(...names: readonly string[]): readonly Json[] {
  return everyType.filter((one) => !names.includes(String(one['type'])));
}

export function instead(...changed: readonly Json[]): readonly Json[] {
  return [...without(...changed.map((one) => String(one['type']))), ...changed];
}

const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';

export const oauthSecurity: Json = {
  extension: [
    {
      url: oauthUris,
      extension: [
        { url: 'authorize', valueUri: 'https://auth.example/authorize' },
        { url: 'token', valueUri: 'https://auth.example/token' },
      ],
    },
  ],
};

/** As good as it gets: what a case is about is changed in it. */
export const smart: Json = {
  authorization_endpoint: 'https://auth.example/authorize',
  token_endpoint: 'https://auth.example/token',
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
  code_challenge_methods_supported: ['S256'],
  scopes_supported: ['openid', 'fhirUser', 'launch', 'patient/*.rs'],
  capabilities: [
    'launch-ehr',
    'launch-standalone',
    'client-public',
    'sso-openid-connect',
    'context-ehr-patient',
    'permission-v2',
    'permission-patient',
  ],
};

export function smartWithout(...keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(smart).filter(([key]) => !keys.includes(key)));
}

export function smartWithoutCapability(...names: readonly string[]): Json {
  return { ...smart, capabilities: (smart['capabilities'] as readonly string[]).filter((name) => !names.includes(name)) };
}
