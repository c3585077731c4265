/** The only file that fetches. Knows nothing of what an answer should be; a fault of the network is an observation, never an error. */
import { isDeeperThan } from '../../http/body.js';
import type { Exchange } from './observed.js';

export interface ProbeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Probe = (request: ProbeRequest) => Promise<Exchange>;

export interface ProbeParts {
  readonly timeoutMs: number;
  /** Milliseconds from any start, never going back. */
  readonly elapsed: () => number;
  readonly fetch?: typeof globalThis.fetch;
}

/** Cards are a few kilobytes; what is larger than this is read no further. */
const maxBytes = 5_000_000;
/** FHIR nests to about a dozen; whoever walks a deeper value may run out of stack. */
const maxDepth = 200;

export function createProbe({ timeoutMs, elapsed, fetch = globalThis.fetch }: ProbeParts): Probe {
  return async function probe({ method, url, headers = {}, body }) {
    const startedAt = elapsed();
    try {
      const response = await fetch(url, {
        method,
        headers: { accept: 'application/json', ...headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      });
      const bytes = await readBody(response);
      const ms = elapsed() - startedAt;
      if (bytes === undefined) return { kind: 'silence', method, url, reason: `answered more than ${maxBytes} bytes`, ms };
      const { text, isUtf8 } = decode(bytes);
      if (isDeeperThan(text, maxDepth)) return { kind: 'silence', method, url, reason: `answered with more than ${maxDepth} levels`, ms };
      const json = isUtf8 ? parse(text) : undefined;
      return { kind: 'answer', method, url, status: response.status, headers: Object.fromEntries(response.headers), text, json, ms };
    } catch (cause) {
      return { kind: 'silence', method, url, reason: nameFault(cause, timeoutMs), ms: elapsed() - startedAt };
    }
  };
}

async function readBody(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes: Uint8Array = chunk;
    size += bytes.length;
    // Leaving the loop gives the stream back, which ends the download.
    if (size > maxBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** RFC 8259: UTF-8, no byte order mark, nothing but JSON. */
function decode(bytes: Uint8Array): { readonly text: string; readonly isUtf8: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), isUtf8: true };
  } catch {
    return { text: Buffer.from(bytes).toString('latin1'), isUtf8: false };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nameFault(cause: unknown, timeoutMs: number): string {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return `did not answer within ${timeoutMs} ms`;
  // `fetch` says "fetch failed" and no more; what happened is its cause.
  const inner = cause instanceof Error ? cause.cause : undefined;
  if (!(inner instanceof Error)) return 'did not answer';
  return `did not answer (${'code' in inner ? String(inner.code) : inner.message})`;
}
