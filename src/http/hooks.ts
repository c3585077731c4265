/** The CDS Hooks routes. Knows limits, deadlines and status codes; what a card says is decided elsewhere. */
import { type Request, Router } from 'express';
import type { Logger } from 'pino';
import { type ErrorCode, ServiceError } from '../errors.js';
import type { Caller, Card, Clock, Credentials, Indicator, ServiceDefinition } from '../types.js';
import { createJsonBody } from './body.js';

export interface FeedbackLine {
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  readonly outcomeTimestamp: string | undefined;
  readonly acceptedSuggestions: readonly string[];
  readonly overrideReason: { readonly system?: string; readonly code: string } | undefined;
  readonly hasComment: boolean;
}

export interface HookParts {
  readonly services: readonly ServiceDefinition[];
  readonly discover: (services: readonly ServiceDefinition[]) => object;
  readonly answer: (service: ServiceDefinition, body: unknown, credentials: Credentials, signal: AbortSignal) => Promise<readonly Card[]>;
  readonly verifyCaller: (credentials: Credentials) => Promise<Caller>;
  readonly parseFeedback: (body: unknown) => readonly FeedbackLine[];
  readonly storeFeedback: (service: string, caller: string, lines: readonly FeedbackLine[]) => Promise<unknown>;
  readonly metrics: {
    observeHook(service: string, outcome: string, seconds: number): void;
    observeCards(service: string, indicators: readonly Indicator[]): void;
    observeFeedback(outcome: 'accepted' | 'overridden', count: number): void;
  };
  readonly publicUrl: string;
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A stage stops at the deadline and the rest is short; when this many deadlines have passed, something hangs. */
const hangShare = 4;

export function createHookRoutes(parts: HookParts): Router {
  const { services, metrics } = parts;
  const json = createJsonBody(parts.maxBodyBytes);
  const router = Router();
  router.use(function allowAnyOrigin(request, response, next) {
    // Clients in a browser (the public Sandbox) need it; no cookie is ever involved. `*` does not cover Authorization, so it is listed.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    response.setHeader('Access-Control-Max-Age', '600');
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  });

  const discovery = parts.discover(services);
  router
    .route('/')
    .get((_request, response) => void response.json(discovery))
    .all(refuseMethod('GET'));

  router
    .route('/:id')
    .post(findService, ...json, answerHook)
    .all(findService, refuseMethod('POST'));
  router
    .route('/:id/feedback')
    .post(findService, ...json, takeFeedback)
    .all(findService, refuseMethod('POST'));
  return router;

  function findService(request: Request, _response: unknown, next: () => void): void {
    serviceOf(request);
    next();
  }

  function serviceOf(request: Request): ServiceDefinition {
    const service = services.find(({ id }) => id === request.params['id']);
    if (service === undefined) throw new ServiceError('service-unknown');
    return service;
  }

  async function answerHook(request: Request, response: import('express').Response): Promise<void> {
    const service = serviceOf(request);
    const startedAt = performance.now();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), parts.deadlineMs);
    const hang = createTimeout(parts.deadlineMs * hangShare);
    // Who hung up needs no answer.
    response.once('close', () => deadline.abort());
    let outcome: ErrorCode | 'answered' = 'answered';
    try {
      const credentials = credentialsOf(request, parts.publicUrl, `/cds-services/${service.id}`);
      const cards = await Promise.race([parts.answer(service, request.body, credentials, deadline.signal), hang.promise]);
      metrics.observeCards(
        service.id,
        cards.map((card) => card.indicator),
      );
      response.json({ cards });
    } catch (error) {
      outcome = error instanceof ServiceError ? error.code : 'internal';
      throw error;
    } finally {
      clearTimeout(timer);
      hang.clear();
      const seconds = (performance.now() - startedAt) / 1000;
      metrics.observeHook(service.id, outcome, seconds);
      parts.log.info({ service: service.id, outcome, ms: Math.round(seconds * 1000) }, 'hook');
    }
  }

  async function takeFeedback(request: Request, response: import('express').Response): Promise<void> {
    const service = serviceOf(request);
    const caller = await parts.verifyCaller(credentialsOf(request, parts.publicUrl, `/cds-services/${service.id}/feedback`));
    const lines = parts.parseFeedback(request.body);
    await parts.storeFeedback(service.id, caller.id, lines);
    for (const line of lines) metrics.observeFeedback(line.outcome, 1);
    response.status(200).end();
  }
}

function createTimeout(afterMs: number): { readonly promise: Promise<never>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ServiceError('overloaded')), afterMs);
  });
  return { promise, clear: () => clearTimeout(timer) };
}

function credentialsOf(request: Request, publicUrl: string, path: string): Credentials {
  const address = request.socket.remoteAddress ?? '';
  return { authorization: request.headers.authorization, isLoopback: /^(::ffff:)?127\.|^::1$/.test(address), endpoint: `${publicUrl}${path}` };
}

function refuseMethod(allowed: string) {
  return function methodNotAllowed(_request: Request, response: import('express').Response): never {
    response.setHeader('Allow', `${allowed}, OPTIONS`);
    throw new ServiceError('method-not-allowed');
  };
}
