/**
 * What is known of two vendors' CDS Hooks and SMART, as data: each fact with the page that it was read on. Knows no value of ours.
 * Gathered in the project's design pages (`smart.md` §2, `cds-hooks.md` §5); what those do not say does not stand here.
 */
import type { Hook } from '../../types.js';

export const sources = {
  'epic-cds': {
    short: "Epic's CDS Hooks tutorial",
    full: 'Epic, CDS Hooks tutorial, https://fhir.epic.com/Documentation?docId=cds-hooks (a captured copy; mentions features up to February 2024)',
  },
  'epic-oauth': {
    short: "Epic's OAuth 2.0 tutorial",
    full: 'Epic, OAuth 2.0 tutorial and specification (a stored copy, its text dated up to 23 February 2026)',
  },
  'epic-search': {
    short: 'a report of the answer',
    full: 'https://github.com/jwilleke/yourphr/issues/754 (a report of the answer; not in the vendor’s own words)',
  },
  'epic-outcome': {
    short: 'a report',
    full: 'https://github.com/onc-healthit/inferno-program/issues/229 (a report; not in the vendor’s own words)',
  },
  'epic-runbook': {
    short: 'a public runbook',
    full: 'the runbook of the public project EpicVibe (not in the vendor’s own words)',
  },
  'cerner-cds': {
    short: "Oracle Health's CDS Hooks page of 2021, a beta",
    full: 'Oracle Health, content/millennium/cds_hooks.md at 55ab6c82, https://github.com/cerner/fhir.cerner.com/pull/707 (2021-09-14; beta, never merged into the published pages)',
  },
  'cerner-fhir': {
    short: "Oracle Health's FHIR pages of 2024",
    full: 'Oracle Health, the repository cerner/fhir.cerner.com at 2024-05-02 (the pages have moved to docs.oracle.com since)',
  },
  'cerner-scopes': {
    short: 'reports',
    full: 'https://github.com/jwilleke/yourphr/issues/338 and https://forums.oracle.com/ords/apexds/post/smart-v2-scopes-are-not-returned-despite-requesting-smart-v-2985 (reports; not in the vendor’s own words)',
  },
} as const;

export type SourceId = keyof typeof sources;

export interface Fact {
  readonly text: string;
  readonly source: SourceId;
}

export const vendorIds = ['plain', 'epic', 'cerner'] as const;
export type VendorId = (typeof vendorIds)[number];

export interface Vendor {
  readonly id: VendorId;
  readonly name: string;
  /** In `software.name` or `publisher` of a CapabilityStatement. */
  readonly recognises: RegExp | undefined;
  /** Undefined: a CapabilityStatement does not say, and nothing is known. */
  readonly fires: { readonly hooks: readonly Hook[]; readonly source: SourceId } | undefined;
  readonly carriesAppContext: { readonly is: boolean; readonly source: SourceId } | undefined;
  /** It gives the app an id of its own choice. */
  readonly assignsClientId: SourceId | undefined;
  /** One of these must stand in a search of the type. */
  readonly demands: readonly { readonly type: string; readonly oneOf: readonly string[]; readonly source: SourceId }[];
  /** For the entry of the TRUST_FILE. */
  readonly issuer: string | undefined;
  readonly issuerIsFhirBase: boolean;
  readonly facts: Readonly<Record<FactGroup, readonly Fact[]>>;
}

/** What the analyst types where, and what to expect. */
export type FactGroup = 'app' | 'cds' | 'tokens' | 'cards' | 'reads' | 'tests';

const none = { app: [], cds: [], tokens: [], cards: [], reads: [], tests: [] } as const;

const plain: Vendor = {
  id: 'plain',
  name: 'no vendor in particular',
  recognises: undefined,
  fires: undefined,
  carriesAppContext: undefined,
  assignsClientId: undefined,
  demands: [],
  issuer: undefined,
  issuerIsFhirBase: false,
  facts: none,
};

const epic: Vendor = {
  id: 'epic',
  name: 'Epic',
  recognises: /\bepic\b/i,
  fires: { hooks: ['patient-view', 'order-select', 'order-sign'], source: 'epic-cds' },
  carriesAppContext: { is: true, source: 'epic-cds' },
  assignsClientId: 'epic-oauth',
  demands: [{ type: 'Observation', oneOf: ['code', 'category'], source: 'epic-search' }],
  issuer: undefined,
  issuerIsFhirBase: true,
  facts: {
    app: [
      { text: 'User type: “Clinicians, Staff, or Administrative Users”. Incoming API, with OAuth 2.0.', source: 'epic-oauth' },
      { text: 'Redirect URIs are compared exactly, must have no fragment and must be https in production.', source: 'epic-oauth' },
      { text: 'The launch URL is not checked when the app is registered.', source: 'epic-oauth' },
      {
        text: 'The list of Incoming APIs decides most scopes, not the scope text: tick read and search of every resource type named below.',
        source: 'epic-oauth',
      },
      { text: 'FHIR version of the app: R4. A hook call comes in the default FHIR version of the app.', source: 'epic-cds' },
      {
        text: 'SMART scope version: v1 or v2. Versions before the end of 2024 (the two documents disagree on which: August or November) answer in v1 whatever was chosen.',
        source: 'epic-oauth',
      },
      {
        text: 'A registration is in force after 30 to 60 minutes. There are two client ids, one for non-production and one for production.',
        source: 'epic-oauth',
      },
      { text: 'Granted scopes come back as `user/…`, sometimes with capitals.', source: 'epic-oauth' },
      { text: 'Do not list localhost redirect URIs in an app that will go live: register a second app for tests.', source: 'epic-oauth' },
    ],
    cds: [
      { text: 'Discovery is never read: URL, prefetch and token claims are typed into a record (OPA/LGL) by an analyst.', source: 'epic-cds' },
      {
        text: 'The endpoint must be the registered address to the letter. Otherwise the call still comes, stripped of the data that matter.',
        source: 'epic-cds',
      },
      { text: 'Resources, the draft orders among them, are in the call only as far as scopes were granted.', source: 'epic-cds' },
      {
        text: 'Prefetch may use context.patientId, context.encounterId, context.userId, userPractitionerId and userPractitionerRoleId.',
        source: 'epic-cds',
      },
      {
        text: 'patient-view also stands for other moments of the EHR’s own (an allergy or problem entered, an order begun). Firing at every opening of a chart is advised against.',
        source: 'epic-cds',
      },
      { text: 'Medications that draft orders refer to are further entries of draftOrders (since February 2024).', source: 'epic-cds' },
      { text: 'SMART links of cards must be registered beforehand.', source: 'epic-cds' },
      { text: 'How an indicator (info, warning, critical) is shown is configured on that side.', source: 'epic-cds' },
      { text: 'Feedback goes to the address of the service with /feedback behind it, at once or in batches.', source: 'epic-cds' },
    ],
    tokens: [
      { text: 'Tokens are signed with RS384 unless configured otherwise.', source: 'epic-cds' },
      { text: '`aud`, `iss` and `sub` are typed in by hand.', source: 'epic-cds' },
      { text: '`iss` is the FHIR base of the organisation.', source: 'epic-cds' },
      {
        text: 'The header names its keys in `jku`: an address below `/api/epic/2019/Security/Open/PublicKeys/` of the organisation.',
        source: 'epic-cds',
      },
      {
        text: 'Two different tokens come with a call: the one in the header says who calls, the one in `fhirAuthorization` opens the chart.',
        source: 'epic-cds',
      },
    ],
    cards: [
      { text: 'Of `selectionBehavior` only `any` is known.', source: 'epic-cds' },
      {
        text: 'One action for each suggestion. Its words are the description of the action; the labels of suggestions and links are not used.',
        source: 'epic-cds',
      },
      { text: 'Order details in a suggestion are ignored: its code picks an entry of the preference list.', source: 'epic-cds' },
      { text: 'An override is remembered by `topic.code`.', source: 'epic-cds' },
      { text: '`appContext` of a SMART link reaches the app.', source: 'epic-cds' },
    ],
    reads: [
      { text: 'A search of Observation must have code or category, else it is answered 400.', source: 'epic-search' },
      { text: 'A searchset may hold an OperationOutcome among its entries; an empty one has total 0 and such an entry.', source: 'epic-outcome' },
    ],
    tests: [
      {
        text: 'The public sandbox of the vendor cannot fire hooks: test in a non-production environment of the organisation.',
        source: 'epic-runbook',
      },
      { text: 'A launch alone can be tried with LaunchPad on fhir.epic.com.', source: 'epic-oauth' },
      { text: 'The app is framed and may be open more than once: open two charts at once and look whose patient each shows.', source: 'epic-oauth' },
      { text: 'For the frame there is the Hyperdrive Client Testing Harness (Windows only, an account is needed).', source: 'epic-oauth' },
    ],
  },
};

const cerner: Vendor = {
  id: 'cerner',
  name: 'Oracle Health (Cerner)',
  recognises: /\b(cerner|oracle health|millennium)\b/i,
  fires: { hooks: ['patient-view'], source: 'cerner-cds' },
  carriesAppContext: { is: false, source: 'cerner-cds' },
  assignsClientId: undefined,
  demands: [],
  issuer: 'https://cds-hooks.cerner.com',
  issuerIsFhirBase: false,
  facts: {
    app: [
      {
        text: 'In the code Console: name, type (Provider), access type (Online or Offline), privacy (Public or Confidential), launch URI, redirect URI, products, standard scopes, SMART v1 or v2.',
        source: 'cerner-fhir',
      },
      { text: 'Changes take about 15 minutes.', source: 'cerner-fhir' },
      { text: 'No wildcard scopes, and scopes that are not used must go before review.', source: 'cerner-fhir' },
      { text: 'An app that is registered for one scope version silently loses the scopes that are spelled in the other.', source: 'cerner-scopes' },
      { text: 'For production: a DNS TXT record `cerner-client-id=…`, a certificate of the OV or EV kind, and port 443.', source: 'cerner-fhir' },
    ],
    cds: [
      { text: 'patient-view (version 1.0) is the only hook that is described.', source: 'cerner-cds' },
      {
        text: 'Registration is a form: hook, title, trigger condition, URL, FHIR server, tenants, scopes, allowed links, SMART apps. Discovery is not used.',
        source: 'cerner-cds',
      },
      { text: 'Prefetch is not mentioned: expect that the service reads everything from the FHIR server.', source: 'cerner-cds' },
      { text: 'Links that were not listed are taken off the cards.', source: 'cerner-cds' },
    ],
    tokens: [
      { text: '`iss` is `https://cds-hooks.cerner.com`.', source: 'cerner-cds' },
      { text: 'The `jku` of a token must be in the list that `https://authorization.cerner.com/jwk` serves.', source: 'cerner-cds' },
    ],
    cards: [
      { text: 'critical pops up; other cards stand in a bar at the side, about an eighth of the screen wide, and text wraps.', source: 'cerner-cds' },
      { text: '`appContext` is not supported.', source: 'cerner-cds' },
    ],
    reads: [
      { text: 'Observation: 50 a page unless asked otherwise, at most 200. DocumentReference: 10, at most 100.', source: 'cerner-fhir' },
      { text: 'MedicationRequest has its medication inside; there is no _include.', source: 'cerner-fhir' },
      { text: 'The addresses of further pages are opaque: they are followed as they come.', source: 'cerner-fhir' },
      { text: 'A search of Observation by code looks at the code of the whole, not at its components.', source: 'cerner-fhir' },
    ],
    tests: [
      { text: 'Reviewers open two charts at once and look whether one patient’s data appear in the other.', source: 'cerner-fhir' },
      { text: 'Test in PowerChart, on port 443.', source: 'cerner-fhir' },
      { text: 'Old sites show the app in Internet Explorer, new ones in Edge WebView2: only the latter will do.', source: 'cerner-fhir' },
    ],
  },
};

export const vendors: Readonly<Record<VendorId, Vendor>> = { plain, epic, cerner };

/** By what a server calls itself; `plain` where it says nothing that is known. */
export function guessVendor({ software, publisher }: { readonly software: string | undefined; readonly publisher: string | undefined }): Vendor {
  const said = `${software ?? ''}\n${publisher ?? ''}`;
  return [epic, cerner].find(({ recognises }) => recognises?.test(said)) ?? plain;
}
