/** Answers refusals as OperationOutcome; what is no refusal goes on to the service's own error handler. Knows nothing of what was refused. */
import type express from 'express';
import { ServiceError } from '../errors.js';
import { outcomeOf, refusalFrom } from './refusal.js';

// Express tells an error handler by its four parameters.
export function sendRefusals(error: unknown, _request: express.Request, response: express.Response, next: express.NextFunction): void {
  const refusal = refusalFrom(error);
  if (refusal === undefined || response.headersSent) {
    next(error instanceof ServiceError ? error : new ServiceError('internal', { cause: error }));
    return;
  }
  response
    .status(refusal.status)
    .set(refusal.headers)
    .type('application/fhir+json')
    .send(JSON.stringify(outcomeOf(refusal)));
}
