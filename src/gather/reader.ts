/** Reads one address of a FHIR server, safely. Knows limits and refusals, nothing of what is read. */
import { setTimeout as delay } from 'node:timers/promises';
import { type WhyNot, whyNot } from './unavailability.js';

export type Page = { readonly ok: true; readonly value: object } | { readonly ok: false; readonly why: WhyNot };
export type ReadPage = (url: string, signal: AbortSignal) => Promise<Page>;

/** Of all that one request reads, however many lists it reads side by side. */
export interface ReaderLimits {
  readonly maxBytes: number;
  readonly maxPages: number;
  readonly budgetMs: number;
}

interface Budget {
  bytes: number;
  pages: number;
}

const busyStatuses = [429, 503];

const statusWhy: Readonly<Record<number, WhyNot>> = {
  401: whyNot.forbidden,
  403: whyNot.forbidden,
  404: whyNot.notOffered,
  410: whyNot.notOffered,
  400: whyNot.notOffered,
};

/** FHIR goes a dozen levels deep. What is far deeper is no chart, and would exhaust the stack of whoever walks it. */
const maxDepth = 64;

/** Redirects are not followed: the token would go where the caller did not say. */
export function createPageReader(fetch: typeof globalThis.fetch, accessToken: string | undefined, limits: ReaderLimits): ReadPage {
  const headers = { accept: 'application/fhir+json', ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }) };
  const budget: Budget = { bytes: limits.maxBytes, pages: limits.maxPages };
  const ask = async (url: string, signal: AbortSignal): Promise<Response> => fetch(url, { headers, redirect: 'manual', signal });
  return async function readPage(url, signal) {
    if (budget.pages <= 0) return refuse(whyNot.truncated);
    budget.pages -= 1;
    try {
      let response = await ask(url, signal);
      const waitMs = waitOf(response, limits.budgetMs);
      if (waitMs !== undefined) {
        await response.body?.cancel();
        await delay(waitMs, undefined, { signal });
        response = await ask(url, signal);
      }
      if (!response.ok) {
        await response.body?.cancel();
        if (busyStatuses.includes(response.status)) return refuse(whyNot.busy);
        return refuse(response.status >= 300 && response.status < 400 ? whyNot.elsewhere : (statusWhy[response.status] ?? whyNot.failed));
      }
      if (!/[/+]json\b/i.test(response.headers.get('content-type') ?? '')) {
        await response.body?.cancel();
        return refuse(whyNot.unreadable);
      }
      const text = await readText(response, budget);
      if (text === undefined) return refuse(whyNot.truncated);
      // A byte order mark is legal on the wire and not in JSON.
      const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
      if (isDeeper(value, maxDepth)) return refuse(whyNot.unreadable);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ok: true, value } : refuse(whyNot.unreadable);
    } catch (error) {
      // The message of a fetch error holds the address: only its kind is used.
      if (signal.aborted) return refuse(whyNot.slow);
      return refuse(error instanceof SyntaxError ? whyNot.unreadable : whyNot.failed);
    }
  };
}

const refuse = (why: WhyNot): Page => ({ ok: false, why });

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}

/** How long the server asks to wait, where that can be done in time: `Retry-After` in seconds, and no more than half of what there is. */
function waitOf(response: Response, budgetMs: number): number | undefined {
  const seconds = /^\d{1,4}$/.exec(response.headers.get('retry-after') ?? '')?.[0];
  if (!busyStatuses.includes(response.status) || seconds === undefined) return undefined;
  const waitMs = Number(seconds) * 1000;
  return waitMs <= budgetMs / 2 ? waitMs : undefined;
}

async function readText(response: Response, budget: Budget): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) {
    budget.bytes -= chunk.byteLength;
    if (budget.bytes < 0) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
