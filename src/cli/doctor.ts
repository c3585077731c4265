/** `whycard doctor`: what a FHIR server offers, what of ours will work there, and what to register. Knows how to ask and print, none of the rules. */
import { StartError } from '../errors.js';
import { loadServices } from '../wire.js';
import { examine } from './doctor/examine.js';
import type { Verdict } from './doctor/findings.js';
import { cleanAddress, createRegistration } from './doctor/registration.js';
import { renderReport } from './doctor/report.js';
import { type VendorId, vendorIds } from './doctor/vendors.js';
import { CommandError } from './ehr.js';
import { inputLines } from './lines.js';

export interface DoctorOptions {
  readonly fhir: string;
  readonly publicUrl?: string;
  readonly vendor?: string;
  readonly token?: boolean;
  readonly timeout: string;
  readonly json?: boolean;
}

/** 2: nothing can be said. Another program tells by it whether 1 is a verdict or a mistake. */
export const unreadableCode = 2;
const codeOf: Readonly<Record<Verdict, number>> = { works: 0, degraded: 1, 'will not work': 1 };

export async function doctor(options: DoctorOptions): Promise<void> {
  try {
    const { text, code } = await consult(options);
    process.stdout.write(text);
    process.exitCode = code;
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = unreadableCode;
  }
}

/** @throws CommandError, StartError: one sentence */
export async function consult(options: DoctorOptions): Promise<{ readonly text: string; readonly code: number }> {
  // What people copy is often the address of the statement itself.
  const base = cleanAddress(options.fhir, 'the FHIR base of a server').replace(/\/+metadata$/, '');
  const timeoutMs = toMilliseconds(options.timeout);
  const vendor = toVendor(options.vendor);
  const services = await loadServices();
  const registration = createRegistration(options.publicUrl ?? publicUrlSetting(), services);
  const token = options.token === true ? await readToken() : undefined;
  const diagnosis = await examine({ base, services, registration, vendor, token, timeoutMs });
  return { text: options.json === true ? `${JSON.stringify(diagnosis, null, 2)}\n` : renderReport(diagnosis), code: codeOf[diagnosis.verdict] };
}

/** As for the service: an empty setting is an unset one. */
export function publicUrlSetting(): string | undefined {
  const setting = process.env['PUBLIC_URL'];
  return setting === '' ? undefined : setting;
}

const longestSeconds = 120;

function toMilliseconds(text: string): number {
  const seconds = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0 || seconds > longestSeconds) throw new CommandError(`--timeout must be seconds, more than 0 and at most ${longestSeconds}.`);
  return seconds * 1_000;
}

function toVendor(text: string | undefined): VendorId | undefined {
  const known = vendorIds.find((id) => id === text);
  if (text !== undefined && known === undefined) throw new CommandError(`--vendor must be one of ${vendorIds.join(', ')}.`);
  return known;
}

/** From standard input: what stands on a command line is seen by every process of the machine. */
async function readToken(): Promise<string> {
  for await (const line of inputLines()) {
    const token = line.trim().replace(/^Bearer +/i, '');
    if (/^[\x21-\x7e]+$/.test(token)) return token;
    break;
  }
  throw new CommandError('--token: the first line of standard input is no access token.');
}
