/** Reads one public document of a server: JSON, of bounded size, in bounded time, from this very address. Knows nothing of what it says. */
import { quote } from './findings.js';

export interface DocumentLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface DocumentQuestion extends DocumentLimits {
  readonly accept: string;
  /** For a server that wants one even here. */
  readonly token: string | undefined;
  /** Where the app would ask from; its browser needs to be told that it may (CORS). */
  readonly origin: string;
}

export type DocumentAnswer =
  | { readonly kind: 'read'; readonly value: unknown; readonly allowedOrigin: string | undefined }
  | { readonly kind: 'failed'; readonly status: number | undefined; readonly why: string };

type Failed = Extract<DocumentAnswer, { readonly kind: 'failed' }>;

/** `why` goes after the address: "https://… answered 404". */
export async function readDocument(url: string, { accept, token, origin, timeoutMs, maxBytes }: DocumentQuestion): Promise<DocumentAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { accept, origin, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  try {
    // Not followed: a token would go along, and what is registered must be the address that answers.
    const response = await fetch(url, { headers, redirect: 'manual', signal });
    if (response.status >= 300 && response.status < 400) return failed(response.status, await sayRedirect(response));
    const text = await readText(response, maxBytes);
    if (text === undefined) return failed(response.status, `sent more than ${megabytes(maxBytes)} MB, which is more than is read`);
    return understand(response, text);
  } catch (error) {
    if (signal.aborted) return failed(undefined, `did not answer within ${timeoutMs / 1_000} s`);
    return failed(undefined, sayNetworkError(error));
  }
}

const failed = (status: number | undefined, why: string): Failed => ({ kind: 'failed', status, why });
const megabytes = (bytes: number): number => Math.round(bytes / 100_000) / 10;

async function sayRedirect(response: Response): Promise<string> {
  await response.body?.cancel();
  const target = quote(response.headers.get('location') ?? '');
  return `answered ${response.status} and points to ${target === '' ? 'nowhere' : target}, which is not followed: give the address that answers itself`;
}

async function readText(response: Response, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  // Leaving the loop cancels the rest.
  for await (const chunk of response.body ?? []) {
    left -= chunk.byteLength;
    if (left < 0) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function understand(response: Response, text: string): DocumentAnswer {
  const { status } = response;
  // A byte order mark is legal on the wire and not in JSON; for a trim it is white space.
  const body = text.trimStart();
  const value = body.startsWith('<') ? undefined : parseJson(body);
  const words = sayOutcome(value);
  if (!response.ok) return failed(status, `answered ${status}${words === undefined ? '' : `: ${words}`}${sayAccess(status)}`);
  if (body.startsWith('<')) return failed(status, `answered with ${/^<(!doctype html|html)/i.test(body) ? 'an HTML page' : 'XML'} instead of JSON`);
  if (value === undefined) return failed(status, body === '' ? 'answered with nothing' : 'answered with broken JSON');
  if (words !== undefined) return failed(status, `answered with an OperationOutcome: ${words}`);
  return { kind: 'read', value, allowedOrigin: response.headers.get('access-control-allow-origin') ?? undefined };
}

function sayAccess(status: number): string {
  return status === 401 || status === 403 ? ' (it wants a token even for this; see --token)' : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sayOutcome(value: unknown): string | undefined {
  if (!isObject(value) || value['resourceType'] !== 'OperationOutcome') return undefined;
  const issues = Array.isArray(value['issue']) ? value['issue'].filter(isObject) : [];
  const texts = issues.flatMap((issue) => [isObject(issue['details']) ? issue['details']['text'] : undefined, issue['diagnostics'], issue['code']]);
  const first = texts.find((text) => typeof text === 'string' && text.trim() !== '');
  return typeof first === 'string' ? `"${quote(first).replace(/\.$/, '')}"` : 'no reason given';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const wordsOf: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'refused the connection: nothing listens there'],
  ['ENOTFOUND', 'has a host name that nobody knows'],
  ['EAI_AGAIN', 'has a host name that could not be looked up now'],
  ['ECONNRESET', 'closed the connection before it answered'],
  ['UND_ERR_SOCKET', 'closed the connection before the answer was whole'],
  ['ETIMEDOUT', 'did not take the connection in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'did not take the connection in time'],
  ['EHOSTUNREACH', 'cannot be reached from this machine'],
  ['ENETUNREACH', 'cannot be reached from this machine'],
  ['Z_DATA_ERROR', 'sent an answer that cannot be unpacked'],
  ['CERT_HAS_EXPIRED', 'shows a certificate that has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'shows a certificate for another host name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'shows a certificate that it signed itself (NODE_EXTRA_CA_CERTS names further authorities)'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'shows a certificate of an unknown authority (NODE_EXTRA_CA_CERTS names further authorities)'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'shows a certificate of an unknown authority (NODE_EXTRA_CA_CERTS names further authorities)'],
]);

/** The kind of a network error, from its code: its message may hold the address. */
function sayNetworkError(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const codes = [cause, ...(cause instanceof AggregateError ? cause.errors : [])].map((one) => (isCoded(one) ? one.code : ''));
  const known = codes.map((code) => wordsOf.get(code)).find((words) => words !== undefined);
  if (known !== undefined) return known;
  // One release of the library leaves the code of a parser's error away.
  if (cause instanceof Error && cause.name === 'HTTPParserError') return 'did not answer in proper HTTP';
  if (codes.some((code) => /SSL|TLS|CERT/.test(code))) return 'could not agree on a secure connection';
  return 'could not be reached';
}

function isCoded(value: unknown): value is { readonly code: string } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
}
