/** Errors as OperationOutcome: the only place where an error becomes an answer. Knows codes, never messages of others. */
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type ErrorCode, ServiceError, statusOf } from '../errors.js';

/** FHIR issue types. {@link https://hl7.org/fhir/R4/valueset-issue-type.html} */
const issueOf: Readonly<Record<ErrorCode, string>> = {
  'request-malformed': 'invalid',
  'hook-mismatch': 'invalid',
  'caller-unverified': 'login',
  'caller-forbidden': 'forbidden',
  'service-unknown': 'not-found',
  'not-found': 'not-found',
  'method-not-allowed': 'not-supported',
  'data-unavailable': 'incomplete',
  'patient-mismatch': 'conflict',
  'request-too-large': 'too-long',
  'media-type-unsupported': 'not-supported',
  'content-unusable': 'processing',
  'too-many-requests': 'throttled',
  internal: 'exception',
  overloaded: 'transient',
};

/** What body-parser calls its errors. */
const codeOfParser: Readonly<Record<string, ErrorCode>> = {
  'entity.too.large': 'request-too-large',
  'encoding.unsupported': 'media-type-unsupported',
  'charset.unsupported': 'media-type-unsupported',
  'request.aborted': 'request-malformed',
  'request.size.invalid': 'request-malformed',
  'stream.encoding.set': 'internal',
};

export function createProblemHandler(log: Logger): ErrorRequestHandler {
  return function handleProblem(error, _request, response, _next) {
    const problem = toServiceError(error);
    const status = statusOf[problem.code];
    // 5xx: a person must act. Names and codes only: messages of others hold URLs and bodies.
    log[status >= 500 && status !== 503 ? 'error' : 'info'](
      { error: problem.id, code: problem.code, status, where: problem.where, cause: nameCause(problem.cause) },
      'request failed',
    );
    // Half an answer cannot become another one; Express's own handler would print the message.
    if (response.headersSent) response.destroy();
    else answerProblem(response, problem);
  };
}

export function answerProblem(response: Response, problem: ServiceError): void {
  const status = statusOf[problem.code];
  response.status(status);
  if (status === 503) response.setHeader('Retry-After', '2');
  if (status === 401) {
    // Best practice of CDS Hooks: no word about why.
    response.setHeader('WWW-Authenticate', 'Bearer').end();
    return;
  }
  response.json({
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        code: issueOf[problem.code],
        details: { coding: [{ system: 'https://whycard.org/error', code: problem.code }], text: withPlace(problem) },
        diagnostics: `error ${problem.id}`,
        ...(problem.where?.field === undefined ? {} : { expression: [problem.where.field] }),
      },
    ],
  });
}

function withPlace({ message, where }: ServiceError): string {
  if (where?.list !== undefined) return `${message} What is missing: ${where.list}.`;
  if (where?.field !== undefined) return `${message} Look at: ${where.field}.`;
  return message;
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  const code = codeOfParser[type];
  if (code !== undefined) return new ServiceError(code, { cause: error });
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  // Express and body-parser mark what the client did wrong (bad percent-encoding, broken gzip) with a 4xx.
  return new ServiceError(status >= 400 && status < 500 ? 'request-malformed' : 'internal', { cause: error });
}

/** Class and code of an error and where in our code it was thrown; never its message. */
function nameCause(cause: unknown): object | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  // The stack begins with the message, and a line of that may look like a place.
  const stack = cause.stack ?? '';
  const at = stack
    .slice(stack.indexOf(cause.message) + cause.message.length)
    .split('\n')
    .filter((line) => line.trim().startsWith('at '))
    .slice(0, 4)
    .map((line) => line.trim().replace(/\(?(file:\/\/)?\/.*\/(src|dist|node_modules)\//, '('));
  return { name: cause.name, code, at };
}
