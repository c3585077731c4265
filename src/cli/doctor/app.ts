/** Whether the app behind "Why this card" will open: what it needs of SMART App Launch against what the server states. Asks no server anything. */
import { permissionOf } from '../../wire.js';
import type { Capability } from './capability.js';
import { degraded, type Finding, good, missing, quote, type Verdict } from './findings.js';
import type { Registration } from './registration.js';
import type { SmartConfiguration } from './smart-configuration.js';
import { sources, type Vendor } from './vendors.js';

export type Dialect = 'v1' | 'v2';

export interface AppReport {
  readonly verdict: Verdict;
  readonly why: readonly string[];
  /** How to spell scopes here, and why so. */
  readonly dialect: Dialect;
  readonly dialectWhy: string;
}

export interface AppQuestion {
  readonly smart: SmartConfiguration;
  readonly capability: Capability;
  readonly registration: Registration;
  readonly vendor: Vendor;
}

/** `cost`: what the finding does to the app; absent: nothing. */
interface Weighed {
  readonly finding: Finding;
  readonly cost?: Exclude<Verdict, 'works'>;
}

export function judgeApp(question: AppQuestion): { readonly report: AppReport; readonly findings: readonly Finding[] } {
  const { dialect, why: dialectWhy } = chooseDialect(question.smart);
  const weighed = question.smart.from === 'nowhere' ? [withoutSmart(question.smart)] : weigh(question, dialect);
  const costly = weighed.filter(({ cost }) => cost !== undefined);
  const isLost = costly.some(({ cost }) => cost === 'will not work');
  const verdict: Verdict = isLost ? 'will not work' : costly.length > 0 ? 'degraded' : 'works';
  const report = { verdict, why: costly.map(({ finding }) => finding.text), dialect, dialectWhy };
  return { report, findings: weighed.map(({ finding }) => finding) };
}

/** The two must not be mixed in one request; v2 where it is stated, else the older one (`smart.md` §1.1). */
export function chooseDialect({ capabilities, scopes }: SmartConfiguration): { readonly dialect: Dialect; readonly why: string } {
  if (capabilities?.includes('permission-v2') === true) return { dialect: 'v2', why: 'the server states permission-v2' };
  if (capabilities?.includes('permission-v1') === true) return { dialect: 'v1', why: 'the server states permission-v1 and not permission-v2' };
  const isSpelledV2 = scopes?.some((scope) => /^(?:patient|user|system)\/[^.]+\.c?r?u?d?s?(?:\?|$)/.test(scope)) === true;
  if (isSpelledV2) return { dialect: 'v2', why: 'scopes_supported is spelled so' };
  return { dialect: 'v1', why: 'the server states neither permission-v1 nor permission-v2' };
}

function withoutSmart({ why }: SmartConfiguration): Weighed {
  const text = `No SMART App Launch: .well-known/smart-configuration ${why ?? 'is not there'}, and the CapabilityStatement names no OAuth addresses. Cards come without the app behind "Why this card".`;
  return {
    finding: missing('app', text, 'Ask for the address of the FHIR server that apps are launched from; an open test server has none.'),
    cost: 'will not work',
  };
}

function weigh(question: AppQuestion, dialect: Dialect): readonly Weighed[] {
  const { smart, vendor } = question;
  return [
    weighDiscovery(smart),
    ...weighEndpoints(smart),
    weighChallenge(smart),
    weighLaunch(smart),
    weighStandalone(smart),
    weighContext(smart),
    weighPublicClient(smart),
    weighOpenId(smart),
    weighScope(question, dialect),
    weighOrigin(question),
    ...weighAppContext(vendor),
    ...weighClientId(question),
  ];
}

function weighDiscovery({ from, why }: SmartConfiguration): Weighed {
  if (from === 'smart-configuration') return { finding: good('app', 'SMART App Launch is described at .well-known/smart-configuration.') };
  const text = `.well-known/smart-configuration ${why ?? 'is not there'}; the OAuth addresses are taken from the CapabilityStatement, which says nothing of capabilities.`;
  return { finding: degraded('app', text, 'Ask the vendor for .well-known/smart-configuration below the FHIR base.'), cost: 'degraded' };
}

function weighEndpoints({ authorizationEndpoint, tokenEndpoint }: SmartConfiguration): readonly Weighed[] {
  const named = { 'authorization endpoint': authorizationEndpoint, 'token endpoint': tokenEndpoint };
  return Object.entries(named).map(([name, url]): Weighed => {
    if (url === undefined) return { finding: missing('app', `No ${name} is named.`, 'It is mandatory: ask the vendor.'), cost: 'will not work' };
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      const text = `The ${name} is no absolute address: ${quote(url)}.`;
      return { finding: missing('app', text, 'The specification wants an absolute address; the app does not guess one.'), cost: 'will not work' };
    }
    return { finding: good('app', `The ${name} is ${quote(url)}.`) };
  });
}

/** The app demands it, and its library goes by what is stated. */
function weighChallenge({ challengeMethods }: SmartConfiguration): Weighed {
  if (challengeMethods?.includes('S256') === true) return { finding: good('app', 'PKCE with S256 is stated.') };
  const stated = challengeMethods === undefined ? 'nothing is stated of PKCE' : `PKCE is stated as ${quote(challengeMethods.join(', ') || 'none')}`;
  const text = `The app starts only where PKCE with S256 is stated in .well-known/smart-configuration, and ${stated}.`;
  return { finding: missing('app', text, 'Ask for code_challenge_methods_supported: ["S256"].'), cost: 'will not work' };
}

function weighLaunch({ capabilities }: SmartConfiguration): Weighed {
  if (capabilities === undefined)
    return { finding: degraded('app', 'No SMART capabilities are stated.', 'Try one launch from a card before relying on it.'), cost: 'degraded' };
  if (capabilities.includes('launch-ehr')) return { finding: good('app', 'launch-ehr is stated: the app opens from a card.') };
  const text = 'launch-ehr is not among the capabilities: a card cannot open the app.';
  return { finding: missing('app', text, 'Ask the vendor for EHR launch.'), cost: 'will not work' };
}

/** A card launches from the EHR; the other way is not needed. */
function weighStandalone({ capabilities }: SmartConfiguration): Weighed {
  if (capabilities?.includes('launch-standalone') === true) return { finding: good('app', 'launch-standalone is stated too.') };
  return { finding: good('app', 'launch-standalone is not stated; a card does not need it.') };
}

function weighContext({ capabilities }: SmartConfiguration): Weighed {
  if (capabilities?.includes('context-ehr-patient') === true)
    return { finding: good('app', 'context-ehr-patient is stated: the launch says whose chart it is.') };
  const text = 'context-ehr-patient is not stated, and the app shows nothing without the patient of the launch.';
  return { finding: degraded('app', text, 'Ask whether a launch from a card carries the patient.'), cost: 'degraded' };
}

/** Servers may leave `none` out of the methods: SMART names public clients by a capability. */
function weighPublicClient({ capabilities, authMethods }: SmartConfiguration): Weighed {
  const methods =
    authMethods === undefined
      ? 'the methods of the token endpoint are not stated'
      : `the token endpoint states ${authMethods.length === 0 ? 'no method' : quote(`"${authMethods.join('", "')}"`)}`;
  if (capabilities?.includes('client-public') === true || authMethods?.includes('none') === true)
    return { finding: good('app', `Public clients are taken, which the app is (${methods}).`) };
  const text = `Public clients are not stated, and the app is one: it holds no secret and no key (${methods}).`;
  return { finding: degraded('app', text, 'Ask for a public client with PKCE.'), cost: 'degraded' };
}

function weighOpenId({ capabilities }: SmartConfiguration): Weighed {
  if (capabilities?.includes('sso-openid-connect') === true) return { finding: good('app', 'sso-openid-connect is stated.') };
  const text = 'sso-openid-connect is not stated. The app asks for openid and fhirUser and does without them.';
  return { finding: degraded('app', text, 'Nothing, as long as a scope that is not granted does not fail the launch.') };
}

function weighScope({ registration, smart }: AppQuestion, dialect: Dialect): Weighed {
  const ofResources = smart.scopes?.filter((one) => /^(patient|user|system)\//.test(one)) ?? [];
  if (ofResources.length > 0 && permissionOf(ofResources.join(' '), 'Patient', false) === 'none') {
    const text = 'scopes_supported names no scope that lets the patient be read, and the app shows nothing without.';
    return { finding: degraded('app', text, 'Ask for it: patient/Patient.read, or patient/Patient.rs.'), cost: 'degraded' };
  }
  return { finding: good('app', `The app asks for "${registration.app.scopes[dialect]}".`) };
}

/** The app is a page: its browser reads discovery, the token endpoint and the patient from the EHR. */
function weighOrigin({ smart, capability, registration }: AppQuestion): Weighed {
  const origin = new URL(registration.publicUrl).origin;
  if (smart.allowedOrigin === '*' || smart.allowedOrigin === origin)
    return { finding: good('app', 'Browsers of other origins may read the server (CORS).') };
  const stated = capability.cors === true ? 'the CapabilityStatement says cors, but ' : '';
  const text = `The app runs in a browser, and ${stated}the answer does not let ${origin} read it (no Access-Control-Allow-Origin).`;
  const todo = `Ask that ${origin} be allowed at .well-known/smart-configuration, at the token endpoint and at the FHIR base.`;
  return { finding: degraded('app', text, todo), cost: 'degraded' };
}

function weighAppContext({ carriesAppContext, name }: Vendor): readonly Weighed[] {
  if (carriesAppContext === undefined)
    return [{ finding: good('app', 'Whether appContext of a card reaches the app is in no public document: one launch from a card shows it.') }];
  if (carriesAppContext.is)
    return [{ finding: good('app', `appContext of a card reaches the app at ${name} (${sources[carriesAppContext.source].short}).`) }];
  const text = `${name} does not support appContext (${sources[carriesAppContext.source].short}): the app is not told which card it belongs to, and shows the latest explanation for the patient.`;
  return [{ finding: degraded('app', text, 'Ask the vendor whether appContext has come since.'), cost: 'degraded' }];
}

function weighClientId({ vendor: { assignsClientId, name } }: AppQuestion): readonly Weighed[] {
  if (assignsClientId === undefined) return [];
  const text = `${name} gives the app a client id of its own choice (${sources[assignsClientId].short}): it goes into the TRUST_FILE as appClientId.`;
  return [{ finding: good('app', text) }];
}
