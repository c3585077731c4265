/** The whole examination of one server: two documents in, one diagnosis out. Knows the order of it, none of the rules. */
import type { ServiceDefinition } from '../../types.js';
import { CommandError } from '../ehr.js';
import { type AppReport, judgeApp } from './app.js';
import { type Capability, nameRelease, readCapability } from './capability.js';
import { type DocumentAnswer, readDocument } from './document.js';
import { degraded, type Finding, good, quote, type Verdict, worst } from './findings.js';
import { createTrustEntry, isPlainHttp, isThisMachine, type Registration } from './registration.js';
import { judgeServices, type ServiceReport } from './services.js';
import { readSmartConfiguration } from './smart-configuration.js';
import { type Fact, guessVendor, type VendorId, vendors } from './vendors.js';

export interface Examination {
  /** The FHIR base, without a slash at its end. */
  readonly base: string;
  readonly services: readonly ServiceDefinition[];
  readonly registration: Registration;
  /** Undefined: guessed from what the server calls itself. */
  readonly vendor: VendorId | undefined;
  readonly token: string | undefined;
  readonly timeoutMs: number;
}

export interface Diagnosis {
  readonly fhir: string;
  readonly verdict: Verdict;
  readonly server: { readonly fhirVersion: string; readonly software: string | null; readonly publisher: string | null };
  readonly vendor: { readonly id: VendorId; readonly name: string; readonly by: 'option' | 'guess' };
  readonly services: readonly ServiceReport[];
  readonly app: AppReport;
  readonly findings: readonly Finding[];
  /** What else is known of the vendor's server. */
  readonly known: readonly Fact[];
  readonly register: Registration;
  /** For the TRUST_FILE. */
  readonly trust: object;
}

/** Real statements have a few megabytes. */
const maxCapabilityBytes = 20_000_000;
const maxConfigurationBytes = 1_000_000;

/** @throws CommandError, one sentence: why nothing can be said of this server */
export async function examine({ base, services, registration, vendor: wanted, token, timeoutMs }: Examination): Promise<Diagnosis> {
  const question = { token, timeoutMs, origin: new URL(registration.publicUrl).origin };
  const [metadata, configuration] = await Promise.all([
    readDocument(`${base}/metadata`, { ...question, accept: 'application/fhir+json', maxBytes: maxCapabilityBytes }),
    readDocument(`${base}/.well-known/smart-configuration`, { ...question, accept: 'application/json', maxBytes: maxConfigurationBytes }),
  ]);
  const capability = understandMetadata(metadata, base);
  const smart = readSmartConfiguration(configuration, capability);
  const vendor = wanted === undefined ? guessVendor(capability) : vendors[wanted];
  const judged = judgeServices(services, { capability, scopes: smart.scopes, vendor });
  const app = judgeApp({ smart, capability, registration, vendor });
  return {
    fhir: base,
    verdict: worst([...judged.services.map(({ verdict }) => verdict), app.report.verdict]),
    server: { fhirVersion: capability.fhirVersion, software: orNull(capability.software), publisher: orNull(capability.publisher) },
    vendor: { id: vendor.id, name: vendor.name, by: wanted === undefined ? 'guess' : 'option' },
    services: judged.services,
    app: app.report,
    findings: [...addressFindings(base, registration, capability), ...judged.findings, ...app.findings],
    known: [...vendor.facts.reads, ...vendor.facts.cards],
    register: registration,
    trust: createTrustEntry(vendor, registration, base),
  };
}

const orNull = (text: string | undefined): string | null => (text === undefined ? null : quote(text));

function understandMetadata(answer: DocumentAnswer, base: string): Capability {
  const address = `${base}/metadata`;
  if (answer.kind === 'failed') {
    const hint = answer.status === 404 ? ' Is this the FHIR base? It often ends in /fhir, /r4 or /R4.' : '';
    throw new CommandError(`${address} ${answer.why}.${hint}`);
  }
  const reading = readCapability(answer.value);
  if (reading.kind === 'capability') return reading.capability;
  if (reading.kind === 'not-a-capability') {
    const found = reading.resourceType === undefined ? 'JSON that is no FHIR resource' : `a resource of type ${quote(reading.resourceType)}`;
    throw new CommandError(`${address} answered with ${found} instead of a CapabilityStatement.`);
  }
  const said = reading.fhirVersion === '' ? 'does not say which version of FHIR it speaks' : `speaks FHIR ${quote(nameRelease(reading.fhirVersion))}`;
  throw new CommandError(`${address} ${said}, and whycard reads R4 (4.0.x): ask for the address of the server's R4 base.`);
}

function addressFindings(base: string, { publicUrl }: Registration, { fhirVersion, url }: Capability): readonly Finding[] {
  const findings = [good('server', `FHIR R4 (${quote(fhirVersion)}).`)];
  if (isPlainHttp(base)) {
    const text = 'The address is http, and a TRUST_FILE takes https only: good for whycard try, not for production.';
    findings.push(degraded('server', text, 'Ask for the https address.'));
  } else if (isThisMachine(new URL(base).hostname)) {
    findings.push(good('server', 'It stands on this machine: good for trying out; no other machine finds it under this address.'));
  }
  if (isPlainHttp(publicUrl)) {
    const text = `whycard would stand at ${publicUrl}, and does not start in production without https.`;
    findings.push(degraded('whycard', text, 'Put it behind TLS, and give that address.'));
  }
  if (url !== undefined && url.replace(/\/+$/, '') !== base) {
    const todo = 'Look what stands as fhirServer in a call and as iss in a launch: fhirBases of the TRUST_FILE must hold that.';
    findings.push(degraded('server', `The server calls itself ${quote(url)}.`, todo));
  }
  return findings;
}
