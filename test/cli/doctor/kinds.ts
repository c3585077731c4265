/** Kinds of servers and what is to be said of each. A new case is a new row. */
import type { Verdict } from '../../../src/cli/doctor/findings.js';
import type { VendorId } from '../../../src/cli/doctor/vendors.js';
import { anyOrigin, type Documents } from './server.js';
import { everyType, instead, oauthSecurity, smart, smartWithout, smartWithoutCapability, statement, type, without } from './statements.js';

export interface Kind {
  readonly name: string;
  readonly documents: Documents;
  readonly vendor?: VendorId;
  readonly expected: {
    readonly vendor?: VendorId;
    /** care-gaps, order-safety, order-safety-draft, the app. */
    readonly verdicts: readonly [Verdict, Verdict, Verdict, Verdict];
    readonly dialect?: 'v1' | 'v2';
    /** `level about: text` must match, each at least once. */
    readonly findings?: readonly RegExp[];
    /** No finding may match. */
    readonly silent?: readonly RegExp[];
  };
}

const w = 'works';
const d = 'degraded';
const n = 'will not work';
const whole = statement({ resources: everyType });
const app = (documents: Documents['smart'], verdict: Verdict, ...findings: readonly RegExp[]): Pick<Kind, 'documents' | 'expected'> => ({
  documents: { metadata: whole, ...(documents === undefined ? {} : { smart: documents }) },
  expected: { verdicts: [w, w, w, verdict], findings },
});

const vendorKinds: readonly Kind[] = [
  {
    name: 'an open HAPI server',
    documents: {
      metadata: statement({
        software: 'HAPI FHIR Server',
        publisher: 'Not provided',
        url: 'http://localhost:8080/fhir',
        resources: everyType,
        searchParam: [{ name: '_count', type: 'number' }],
      }),
    },
    expected: {
      vendor: 'plain',
      verdicts: [w, w, w, n],
      dialect: 'v1',
      findings: [/^missing app: No SMART App Launch.* answered 404/, /^degraded server: The server calls itself http:\/\/localhost:8080/],
    },
  },
  {
    name: 'one like Epic',
    documents: {
      metadata: statement({ software: 'Epic', publisher: 'Epic', resources: everyType, security: { ...oauthSecurity, cors: true } }),
      smart: {
        ...smart,
        token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
        scopes_supported: ['epic.scanning.dmsusername', 'fhirUser', 'launch', 'openid', 'profile'],
        capabilities: [
          'launch-ehr',
          'launch-standalone',
          'client-public',
          'sso-openid-connect',
          'context-ehr-patient',
          'permission-v1',
          'permission-v2',
        ],
      },
    },
    expected: {
      vendor: 'epic',
      verdicts: [w, w, w, w],
      dialect: 'v2',
      findings: [
        /^good app: Epic gives the app a client id of its own .*appClientId/,
        /^good Epic: A search of Observation must have code or category there; ours has/,
        /^good app: appContext of a card reaches the app at Epic/,
      ],
      silent: [/scopes_supported/, /_count/],
    },
  },
  {
    name: 'one like Cerner, of the older spelling',
    documents: {
      metadata: statement({ publisher: 'Cerner', resources: everyType }),
      smart: {
        ...smartWithoutCapability('permission-v2'),
        scopes_supported: [
          'launch',
          'openid',
          'fhirUser',
          'patient/Patient.read',
          'patient/Condition.read',
          'patient/Observation.read',
          'patient/Procedure.read',
          'patient/MedicationRequest.read',
          'patient/AllergyIntolerance.read',
        ],
      },
    },
    expected: {
      vendor: 'cerner',
      verdicts: [d, n, n, d],
      dialect: 'v1',
      findings: [
        /^missing order-safety: Oracle Health \(Cerner\) is not known to fire order-sign/,
        /^missing order-safety-draft: .*order-select/,
        /^degraded care-gaps, order-safety, order-safety-draft: DocumentReference \(notes\): scopes_supported names no scope/,
        /^degraded app: .*does not support appContext .*latest explanation/,
        /^good app: The app asks for "launch openid fhirUser patient\/Patient\.read"/,
      ],
    },
  },
  {
    name: 'one like Cerner that is said to be plain',
    vendor: 'plain',
    documents: { metadata: statement({ publisher: 'Cerner', resources: everyType }), smart },
    expected: { vendor: 'plain', verdicts: [w, w, w, w], dialect: 'v2', silent: [/Cerner/] },
  },
];

const readKinds: readonly Kind[] = [
  {
    name: 'a statement without resource types',
    documents: { metadata: statement({}), smart },
    expected: {
      verdicts: [d, d, d, w],
      findings: [/^degraded care-gaps, order-safety, order-safety-draft: The CapabilityStatement lists no resource types/],
    },
  },
  {
    name: 'no patients',
    documents: { metadata: statement({ resources: without('Patient') }), smart },
    expected: {
      verdicts: [n, n, n, w],
      findings: [/^missing care-gaps, order-safety, order-safety-draft: Patient \(patient\) cannot be read here\. Every call is answered 412/],
    },
  },
  {
    name: 'no allergies',
    documents: { metadata: statement({ resources: without('AllergyIntolerance') }), smart },
    expected: {
      verdicts: [d, d, d, w],
      findings: [
        /^degraded order-safety, order-safety-draft: AllergyIntolerance \(allergies\) cannot be searched/,
        /^degraded care-gaps: AllergyIntolerance \(allergies\)/,
      ],
    },
  },
  {
    name: 'procedures that can be read but not searched',
    documents: { metadata: statement({ resources: instead(type('Procedure', [], ['read'])) }), smart },
    expected: { verdicts: [d, w, w, w], findings: [/^degraded care-gaps: Procedure \(procedures\) cannot be searched here\. Whether a screening/] },
  },
  {
    name: 'medications that cannot be searched by patient',
    documents: { metadata: statement({ resources: instead(type('MedicationRequest', ['status', 'subject'])) }), smart },
    expected: {
      verdicts: [n, n, n, w],
      findings: [
        /^missing order-safety, order-safety-draft: MedicationRequest \(medications\) cannot be searched by patient.*412/,
        /^missing care-gaps: MedicationRequest/,
      ],
    },
  },
  {
    name: 'observations and documents without a category',
    documents: {
      metadata: statement({ resources: instead(type('Observation', ['patient', 'code']), type('DocumentReference', ['patient'])) }),
      smart,
    },
    expected: {
      verdicts: [d, d, d, w],
      findings: [
        /^degraded care-gaps: Observation \(observations\) has no search parameter "category"/,
        /^degraded care-gaps, order-safety, order-safety-draft: DocumentReference \(notes\) has no/,
      ],
    },
  },
  {
    name: 'types with neither interactions nor search parameters',
    documents: { metadata: statement({ resources: everyType.map((one) => ({ type: one['type'] })) }), smart },
    expected: {
      verdicts: [d, d, d, w],
      findings: [
        /^degraded care-gaps: Condition \(conditions\): the statement does not name that it can be searched, nor the search parameter patient/,
        /^degraded .*: Patient \(patient\): the statement does not name that it can be read/,
      ],
    },
  },
  {
    name: 'an empty list of search parameters',
    documents: { metadata: statement({ resources: instead(type('Procedure', [])) }), smart },
    expected: {
      verdicts: [d, w, w, w],
      findings: [/^degraded care-gaps: Procedure \(procedures\): the statement does not name the search parameter patient/],
    },
  },
  {
    name: 'search parameters listed, interactions not',
    documents: { metadata: statement({ resources: instead({ ...type('Procedure', ['patient']), interaction: undefined }) }), smart },
    expected: { verdicts: [w, w, w, w] },
  },
  {
    name: 'patient as a parameter of every type',
    documents: {
      metadata: statement({ resources: instead(type('Procedure', ['date'])), searchParam: [{ name: 'patient', type: 'reference' }] }),
      smart,
    },
    expected: { verdicts: [w, w, w, w] },
  },
  {
    name: 'one type in two entries',
    documents: {
      metadata: statement({ resources: [...instead(type('Procedure', ['patient'], ['read'])), type('Procedure', ['date'], ['search-type'])] }),
      smart,
    },
    expected: { verdicts: [w, w, w, w] },
  },
  {
    name: 'odd elements among the good ones',
    documents: {
      metadata: {
        ...statement({ resources: [...everyType, null, 7, { type: 5 }, { type: 'Slot', searchParam: 'all' }] as never }),
        software: null,
        publisher: 9,
        implementation: [],
      },
      smart: { ...smart, scopes_supported: null, capabilities: [...(smart['capabilities'] as readonly string[]), 4, null] },
    },
    expected: { verdicts: [w, w, w, w] },
  },
];

const appKinds: readonly Kind[] = [
  {
    name: 'SMART as it should be',
    documents: { metadata: whole, smart },
    expected: { verdicts: [w, w, w, w], dialect: 'v2', silent: [/^(degraded|missing) /] },
  },
  {
    name: 'OAuth addresses in the CapabilityStatement only',
    documents: { metadata: statement({ resources: everyType, security: oauthSecurity }) },
    expected: {
      verdicts: [w, w, w, n],
      dialect: 'v1',
      findings: [
        /^degraded app: .*taken from the CapabilityStatement/,
        /^good app: The token endpoint is https:\/\/auth\.example\/token/,
        /^missing app: The app starts only where PKCE/,
      ],
    },
  },
  {
    name: 'a smart-configuration without addresses, and the CapabilityStatement has them',
    documents: { metadata: statement({ resources: everyType, security: oauthSecurity }), smart: { capabilities: ['launch-ehr'] } },
    expected: { verdicts: [w, w, w, n], findings: [/^degraded app: .*names no endpoint.*taken from the CapabilityStatement/] },
  },
  { name: 'no token endpoint', ...app(smartWithout('token_endpoint'), n, /^missing app: No token endpoint/) },
  { name: 'a relative address', ...app({ ...smart, authorization_endpoint: '/auth' }, n, /^missing app: .*no absolute address: \/auth/) },
  { name: 'PKCE plain only', ...app({ ...smart, code_challenge_methods_supported: ['plain'] }, n, /^missing app: .*PKCE is stated as plain/) },
  { name: 'PKCE not stated', ...app(smartWithout('code_challenge_methods_supported'), n, /^missing app: .*nothing is stated of PKCE/) },
  { name: 'no EHR launch', ...app(smartWithoutCapability('launch-ehr'), n, /^missing app: launch-ehr is not among/) },
  {
    name: 'no standalone launch',
    ...app(smartWithoutCapability('launch-standalone'), w, /^good app: launch-standalone is not stated; a card does not need it/),
  },
  { name: 'no capabilities at all', ...app(smartWithout('capabilities'), d, /^degraded app: No SMART capabilities are stated/) },
  { name: 'no patient in the launch', ...app(smartWithoutCapability('context-ehr-patient'), d, /^degraded app: context-ehr-patient is not stated/) },
  { name: 'no OpenID Connect', ...app(smartWithoutCapability('sso-openid-connect'), w, /^degraded app: sso-openid-connect is not stated/) },
  {
    name: 'confidential clients only',
    ...app(smartWithoutCapability('client-public'), d, /^degraded app: Public clients are not stated.*"private_key_jwt"/),
  },
  {
    name: 'public clients by the method none',
    ...app(
      { ...smartWithoutCapability('client-public'), token_endpoint_auth_methods_supported: ['none'] },
      w,
      /^good app: Public clients are taken.*"none"/,
    ),
  },
  { name: 'v2 by the spelling of its scopes', ...app(smartWithoutCapability('permission-v2'), w, /^good app: The app asks for/) },
  {
    name: 'a browser that may not read it',
    documents: { metadata: whole, smart, headers: {} },
    expected: { verdicts: [w, w, w, d], findings: [/^degraded app: The app runs in a browser/] },
  },
  {
    name: 'a browser of our origin that may read it',
    documents: { metadata: whole, smart, headers: { 'access-control-allow-origin': 'https://cds.hospital.example' } },
    expected: { verdicts: [w, w, w, w] },
  },
  {
    name: 'scopes of everything but the patient',
    documents: { metadata: whole, smart: { ...smart, scopes_supported: ['user/Observation.rs', 'system/*.u'] }, headers: anyOrigin },
    expected: {
      verdicts: [d, d, d, d],
      findings: [
        /^degraded app: scopes_supported names no scope that lets the patient be read/,
        /^degraded .*: Patient \(patient\): scopes_supported/,
      ],
      silent: [/Observation \(observations\): scopes/],
    },
  },
];

export const kinds: readonly Kind[] = [...vendorKinds, ...readKinds, ...appKinds];
