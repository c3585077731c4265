/** The one error class and the table of its codes. Knows nothing of what went wrong but its code and its place in the knowledge. */
import { randomUUID } from 'node:crypto';

/** Fixed words for each code: never a value from a chart, a token or a URL. */
const texts = {
  'request-malformed': 'The request is not a valid CDS Hooks request.',
  'hook-mismatch': 'The hook of the request is not the hook of this service.',
  'caller-unverified': 'The caller could not be verified.',
  'caller-forbidden': 'The caller may not do this.',
  'service-unknown': 'There is no such CDS service.',
  'not-found': 'There is nothing here.',
  'method-not-allowed': 'This address does not take that method.',
  'data-unavailable': 'Data that this service needs could not be obtained.',
  'patient-mismatch': 'The data belong to another patient than the one in the context.',
  'request-too-large': 'The request is larger or deeper than this service accepts.',
  'media-type-unsupported': 'This address takes application/json.',
  'content-unusable': 'The FHIR content of the request cannot be used.',
  'too-many-requests': 'Too many requests.',
  internal: 'Something went wrong in this service.',
  overloaded: 'The service is not ready to answer.',
} as const;

export type ErrorCode = keyof typeof texts;

/** HTTP status per code: `cds-hooks` status table. The specification defines 200 and 412 and leaves the rest open. */
export const statusOf: Readonly<Record<ErrorCode, number>> = {
  'request-malformed': 400,
  'hook-mismatch': 400,
  'caller-unverified': 401,
  'caller-forbidden': 403,
  'service-unknown': 404,
  'not-found': 404,
  'method-not-allowed': 405,
  'data-unavailable': 412,
  'patient-mismatch': 412,
  'request-too-large': 413,
  'media-type-unsupported': 415,
  'content-unusable': 422,
  'too-many-requests': 429,
  internal: 500,
  overloaded: 503,
};

/** Where it happened, in words of ours: a service, a candidate, a list, a field path of the envelope. Never a value. */
export interface Where {
  readonly service?: string;
  readonly candidate?: string;
  readonly list?: string;
  readonly field?: string;
}

export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** The same id goes to the client and into the log. */
  readonly id: string = randomUUID();
  readonly code: ErrorCode;
  readonly where: Where | undefined;

  constructor(code: ErrorCode, options?: { readonly cause?: unknown; readonly where?: Where }) {
    super(texts[code], { cause: options?.cause });
    this.code = code;
    this.where = options?.where;
  }
}

/** A start that cannot be: said in one line, exit 1. The message is ours and names the setting, file, row or field. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
