/** The Express application: which route leads to which part, with which headers. Knows no domain rule. */
import { join } from 'node:path';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import { ServiceError } from '../errors.js';
import type { RunDocument } from '../types.js';
import { createJsonBody } from './body.js';
import { feedbackPage, type RateRow } from './feedback-page.js';
import { createHookRoutes, type HookParts } from './hooks.js';
import { createProblemHandler } from './problem.js';

export interface RunAccess {
  readonly iss: string;
  readonly patient: string;
  readonly accessToken: string;
  /** Absent: the EHR did not carry it. */
  readonly run: string | undefined;
}

export interface AppParts extends Omit<HookParts, 'metrics'> {
  readonly metrics: HookParts['metrics'] & { readonly contentType: string; text(rates: readonly RateRow[]): Promise<string> };
  readonly readRates: () => Promise<readonly RateRow[]>;
  readonly isReady: () => Promise<Readonly<Record<string, boolean>>>;
  /** Folder of the built app; absent pages answer 404. */
  readonly appDir: string;
  readonly app: {
    readonly config: object;
    /** Undefined: there is no such run for this patient, or the token does not open the patient. */
    readonly openRun: (access: RunAccess) => Promise<RunDocument | undefined>;
  };
  readonly manifest: object;
  /** OpenAPI 3.1. */
  readonly description: object;
  readonly sandbox: Router | undefined;
}

export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(createHelmet());
  app.use('/cds-services', createHookRoutes(parts));
  app.use(createOperatorRoutes(parts));
  app.use(createAppRoutes(parts));
  if (parts.sandbox !== undefined) app.use('/ehr', parts.sandbox);
  app.get('/', (_request, response) => void response.type('html').send(homePage(parts.sandbox !== undefined)));
  app.use(() => {
    throw new ServiceError('not-found');
  });
  app.use(createProblemHandler(parts.log));
  return app;
}

/** The app must open inside an EHR's frame: no X-Frame-Options, no frame-ancestors (smart.md §2.2); everything else stays closed. */
function createHelmet() {
  return helmet({
    frameguard: false,
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    strictTransportSecurity: { maxAge: 31_536_000 },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        // connect-src: the app talks to the EHR that launched it, whose address is configuration.
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", 'https:', 'http://127.0.0.1:*', 'http://localhost:*'],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
      },
    },
  });
}

function createOperatorRoutes(parts: AppParts): Router {
  const { isReady, metrics, manifest, readRates } = parts;
  const router = express.Router();
  router.get('/openapi.json', (_request, response) => void response.json(parts.description));
  router.get('/health', (_request, response) => void response.json({ status: 'live' }));
  router.get('/ready', async (_request, response) => {
    const checks = await isReady();
    const ready = Object.values(checks).every(Boolean);
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', checks });
  });
  // A store that does not answer takes its own counts away, not all the others.
  router.get(
    '/metrics',
    async (_request, response) => void response.type(metrics.contentType).send(await metrics.text(await readRates().catch(() => []))),
  );
  router.get('/feedback', async (_request, response) => void response.type('html').send(feedbackPage(await readRates())));
  router.get(['/smart-manifest.json', '/.well-known/smart/manifest.json'], (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cache-Control', 'max-age=300');
    response.json(manifest);
  });
  return router;
}

function createAppRoutes({ app, appDir }: AppParts): Router {
  const router = express.Router();
  const page = (name: string) => (_request: express.Request, response: express.Response, next: express.NextFunction) =>
    response
      .setHeader('Cache-Control', 'no-store')
      .sendFile(name, { root: appDir }, (error) => (error ? next(new ServiceError('not-found')) : undefined));
  router.get('/launch', page('launch.html'));
  router.get('/app/config.json', (_request, response) => void response.json(app.config));
  router.post('/app/api/run', ...createJsonBody(16_384), async (request, response) => {
    const access = readAccess(request);
    const document = access === undefined ? undefined : await app.openRun(access);
    if (document === undefined) throw new ServiceError('not-found');
    response.setHeader('Cache-Control', 'no-store').json(document);
  });
  router.get(['/app', '/app/'], page('index.html'));
  router.use('/app/assets', express.static(join(appDir, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false }));
  return router;
}

/** Undefined: what is named could not be a run. */
function readAccess(request: express.Request): RunAccess | undefined {
  const accessToken = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (accessToken === undefined) throw new ServiceError('caller-unverified');
  const body: unknown = request.body;
  const sent = (name: string): unknown =>
    typeof body === 'object' && body !== null ? Object.getOwnPropertyDescriptor(body, name)?.value : undefined;
  const field = (name: string): string => {
    const value = sent(name);
    if (typeof value !== 'string' || value === '' || value.length > 2048) throw new ServiceError('request-malformed', { where: { field: name } });
    return value;
  };
  const iss = field('iss').replace(/\/+$/, '');
  const patient = field('patient');
  const run = sent('run') === undefined ? undefined : field('run');
  return run === undefined || /^[\w-]{1,64}$/.test(run) ? { accessToken, iss, patient, run } : undefined;
}

function homePage(isSandbox: boolean): string {
  const links = [...(isSandbox ? ['/ehr/'] : []), '/cds-services', '/ready', '/metrics', '/feedback', '/openapi.json', '/smart-manifest.json'];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>whycard</title>
<style>:root{color-scheme:light dark;font:1rem/1.5 system-ui}body{max-width:40rem;margin:2rem auto;padding:0 1rem}</style>
<h1>whycard</h1><p>Clinical decision support that says why. No medical device${isSandbox ? '; the patients of this sandbox are invented' : ''}.</p>
<ul>${links.map((link) => `<li><a href="${link}">${link}</a></li>`).join('')}</ul></html>`;
}
