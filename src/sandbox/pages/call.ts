/** One HTTP call whose answer is JSON, and what went wrong with it in one plain line. Knows nothing of what is called. */
import { operationOutcome } from './wire.js';

export class CallError extends Error {
  override readonly name = 'CallError';
  /** 0: no answer at all. */
  readonly status: number;
  constructor(status: number, line: string, cause?: unknown) {
    super(line, { cause });
    this.status = status;
  }
}

/** @throws CallError */
export async function callJson(url: string, init: RequestInit = {}): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { cache: 'no-store', credentials: 'same-origin', referrerPolicy: 'no-referrer', ...init });
  } catch (cause) {
    throw new CallError(0, 'There was no answer.', cause);
  }
  const text = await response.text();
  const body = parseJson(text);
  if (!response.ok) throw new CallError(response.status, lineOf(response.status, body));
  if (text !== '' && body === undefined) throw new CallError(response.status, 'The answer was not JSON.');
  return body;
}

export function postJson(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  return callJson(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
}

/** Any error as one line for a reader. */
export function lineOfError(error: unknown): string {
  if (error instanceof CallError) return error.message;
  return 'The answer could not be understood.';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const lineOfStatus: Readonly<Record<number, string>> = {
  401: 'The caller was not recognised (401).',
  403: 'It was refused (403).',
  404: 'It was not found (404).',
};

function lineOf(status: number, body: unknown): string {
  const outcome = operationOutcome.safeParse(body);
  const issue = outcome.success ? outcome.data.issue[0] : undefined;
  const words = issue?.details?.text ?? issue?.diagnostics;
  return words === undefined ? (lineOfStatus[status] ?? `It failed (${status}).`) : `${words} (${status})`;
}
