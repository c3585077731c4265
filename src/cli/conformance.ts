/** `whycard conformance`: checks any CDS Hooks service over the wire. Knows the words of the command line, not what is checked. */
import { readFile, writeFile } from 'node:fs/promises';
import { systemClock } from '../wire.js';
import { isObject, isWebUrl, type Json } from './conformance/json.js';
import { isLockedOut, type Observed, sightingsOf, statusOf } from './conformance/observed.js';
import { createProbe } from './conformance/probe.js';
import { countResults, renderJson, renderJunit, renderText } from './conformance/report.js';
import { judgeAll, observe, type Target } from './conformance/run.js';
import { type Client, openClient } from './conformance/tokens.js';
import { CommandError } from './ehr.js';
import { inputLines } from './lines.js';

export interface ConformanceOptions {
  readonly json?: boolean;
  readonly junit?: string;
  readonly token?: string;
  readonly key?: string;
  readonly issuer?: string;
  readonly requireJwt?: boolean;
  readonly patient: string;
  readonly fhir?: string;
  readonly request?: string;
  readonly service?: string;
  readonly strict?: boolean;
  readonly timeout: string;
}

/** Nothing could be checked: the address, the options or this program. */
export const unusableCode = 2;

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export async function checkConformance(url: string, options: ConformanceOptions): Promise<void> {
  const output = { out: (text: string) => void process.stdout.write(text), err: (text: string) => void process.stderr.write(text) };
  process.exitCode = await runConformance(url, options, output);
}

/** 0: every must passed. 1: one failed, or with `--strict` a should. 2: nothing could be checked. */
export async function runConformance(url: string, options: ConformanceOptions, { out, err }: Output): Promise<0 | 1 | typeof unusableCode> {
  try {
    return (await run(url, options, out)) ? 0 : 1;
  } catch (error) {
    // A mistake of ours must not look like the verdict 1 either.
    err(error instanceof CommandError ? `${error.message}\n` : `${String(error instanceof Error ? error.stack : error)}\n`);
    return unusableCode;
  }
}

async function run(url: string, options: ConformanceOptions, out: Output['out']): Promise<boolean> {
  const target = await readTarget(url, options);
  const probe = createProbe({ timeoutMs: readTimeout(options.timeout), elapsed: () => performance.now() });
  const seen = await observe(target, { probe, now: systemClock });
  if (seen.discovery.kind === 'silence') throw new CommandError(`${target.base}/cds-services ${seen.discovery.reason}.`);
  if (target.service !== undefined && seen.services.length === 0 && statusOf(seen.discovery) === 200)
    throw new CommandError(`Discovery lists no service "${target.service}".`);
  const results = judgeAll(seen);
  const notes = noteGaps(seen, target);
  const isStrict = options.strict === true;
  if (options.junit !== undefined) await write(options.junit, renderJunit(target.base, results, isStrict));
  out(options.json === true ? renderJson(target.base, results, notes) : renderText(target.base, results, notes));
  const { failedMust, failedShould } = countResults(results);
  return failedMust === 0 && (!isStrict || failedShould === 0);
}

async function readTarget(url: string, options: ConformanceOptions): Promise<Target> {
  return {
    base: toBase(url),
    service: options.service,
    patient: options.patient,
    fhir: options.fhir === undefined ? undefined : toBase(options.fhir),
    request: options.request === undefined ? undefined : await readJson(options.request, '--request'),
    isTokenRequired: options.requireJwt === true,
    token: options.token === '-' ? await firstLine() : options.token,
    client: await readClient(options),
  };
}

function readTimeout(text: string): number {
  const timeoutMs = Number(text);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 600_000) throw new CommandError('--timeout takes milliseconds, 1 to 600000.');
  return timeoutMs;
}

/** The origin, or the address of discovery: both name the same base. */
function toBase(text: string): string {
  if (!isWebUrl(text)) throw new CommandError(`"${text}" is no http address.`);
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname.replace(/\/+$/, '').replace(/\/cds-services$/, '')}`;
}

async function readJson(file: string, option: string): Promise<Json> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new CommandError(`${option}: ${file} could not be read as JSON.`, { cause });
  }
  if (!isObject(value)) throw new CommandError(`${option}: ${file} holds no JSON object.`);
  return value;
}

async function readClient({ key, issuer }: ConformanceOptions): Promise<Client | undefined> {
  if (key === undefined && issuer === undefined) return undefined;
  if (key === undefined || issuer === undefined) throw new CommandError('--key and --issuer go together.');
  const jwk = await readJson(key, '--key');
  try {
    return await openClient(jwk, issuer);
  } catch (cause) {
    throw new CommandError(`--key: ${key} holds no private key as a JWK.`, { cause });
  }
}

async function firstLine(): Promise<string> {
  for await (const line of inputLines()) return line.trim();
  throw new CommandError('--token -: there is no token on standard input.');
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new CommandError(`--junit: ${file} could not be written.`, { cause });
  }
}

/** What a reader of the totals must know: a run that saw little passes easily. */
function noteGaps(seen: Observed, target: Target): readonly string[] {
  const calls = sightingsOf(seen, 'call');
  const notes: string[] = [];
  if (seen.services.length === 0) notes.push('Discovery lists no service: nothing was called.');
  else if (calls.length === 0) notes.push('No service could be called: give a request for its hook with --request.');
  if (calls.some(({ exchange }) => isLockedOut(exchange)))
    notes.push('A service wants a token: its answers were not seen. Give --token, or --key and --issuer.');
  if (calls.some(({ exchange }) => exchange.kind === 'answer' && exchange.status === 412))
    notes.push('A service answered 412: what was sent is not enough for it. Give a request with --request.');
  if (seen.sightings.some(({ exchange }) => statusOf(exchange) === 429))
    notes.push('The service answered 429, too many requests: what it would have answered was not seen.');
  const hook = target.request?.['hook'];
  if (target.request !== undefined && !seen.services.some((service) => isObject(service) && service['hook'] === hook))
    notes.push('The given request was not used: no service has its hook.');
  return notes;
}
