/**
 * The ways in which other EHRs differ, played by this one: what a FHIR client must live with. Knows requests and answers on the wire, no store.
 * Sources: Epic's and Oracle Health's documentation as gathered in the project's design pages (`smart.md` §2, §4; `cds-hooks.md` §4, §5).
 */
import type express from 'express';
import type { VendorName } from '../types.js';
import { readQuery } from './form.js';
import { Refusal } from './refusal.js';

export const profileNames = ['plain', 'epic-like', 'cerner-like', 'slow', 'busy', 'revoked'] as const;
export type ProfileName = (typeof profileNames)[number];

export interface Profiles {
  readonly current: () => ProfileName;
  set(name: ProfileName): void;
  /** Before the FHIR routes. */
  readonly play: express.RequestHandler;
}

/** As the service is to know this EHR while it plays so. */
export function vendorOf(profile: ProfileName): VendorName {
  return profile === 'epic-like' ? 'epic' : profile === 'cerner-like' ? 'cerner' : 'plain';
}

type Json = Record<string, unknown>;

const slowMs = 3_000;
const busySeconds = 30;
/** Small, so that an invented chart has more than one page. */
const cernerPage = 5;

export function createProfiles(): Profiles {
  let name: ProfileName = 'plain';
  return {
    current: () => name,
    set(next) {
      name = next;
    },
    play(request, response, next) {
      if (isPublic(request.path)) next();
      else players[name](request, response, next);
    },
  };
}

/** Discovery answers as ever: a client that cannot find the server learns nothing. */
function isPublic(path: string): boolean {
  return path === '/metadata' || path.startsWith('/.well-known/');
}

const players: Readonly<Record<ProfileName, express.RequestHandler>> = {
  plain: (_request, _response, next) => next(),
  slow: (request, _response, next) => {
    const timer = setTimeout(next, slowMs);
    request.once('close', () => clearTimeout(timer));
  },
  busy: () => {
    throw new Refusal(429, 'throttled', 'Too many requests.', { 'Retry-After': String(busySeconds) });
  },
  revoked: () => {
    throw new Refusal(401, 'login', 'The access token was revoked.', { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
  },
  'epic-like': (request, response, next) => {
    const query = readQuery(request);
    // Epic: "Must have either code or category."
    if (request.method === 'GET' && request.path === '/Observation' && !query.has('code') && !query.has('category')) {
      throw new Refusal(400, 'required', 'Must have either code or category.');
    }
    rewrite(response, (body) => (body['resourceType'] === 'Bundle' ? withOutcomeEntry(body) : body));
    next();
  },
  'cerner-like': (request, response, next) => {
    const query = readQuery(request);
    if (request.method === 'GET' && !request.path.slice(1).includes('/') && !query.has('_cursor')) {
      query.set('_count', String(Math.min(cernerPage, Number(query.get('_count') ?? cernerPage))));
      request.originalUrl = `${request.originalUrl.split('?')[0]}?${query}`;
    }
    rewrite(response, (body) => (body['resourceType'] === 'Bundle' ? withoutTotal(body) : body));
    next();
  },
};

/** Changes what the routes are about to send. */
function rewrite(response: express.Response, change: (body: Json) => Json): void {
  const send = response.send.bind(response);
  response.send = (body: unknown) => send(typeof body === 'string' && body.startsWith('{') ? JSON.stringify(change(JSON.parse(body) as Json)) : body);
}

/** Epic puts an OperationOutcome among the matches (mode `outcome`, code 4119), writes references absolute and a lone category as an object. */
function withOutcomeEntry(bundle: Json): Json {
  const outcome = {
    search: { mode: 'outcome' },
    resource: {
      resourceType: 'OperationOutcome',
      issue: [
        { severity: 'warning', code: 'informational', details: { coding: [{ system: 'urn:oid:1.2.840.114350.1.13.0.1.7.2.657369', code: '4119' }] } },
      ],
    },
  };
  const entries = Array.isArray(bundle['entry']) ? (bundle['entry'] as readonly Json[]) : [];
  return {
    ...bundle,
    entry: [...entries.map((entry) => ({ ...entry, resource: asEpicWrites(entry['resource'] as Json, String(entry['fullUrl'] ?? '')) })), outcome],
  };
}

function asEpicWrites(resource: Json, fullUrl: string): Json {
  const base = fullUrl.split('/').slice(0, -2).join('/');
  const absolute = (value: unknown): unknown => {
    const reference = typeof value === 'object' && value !== null && 'reference' in value ? value.reference : undefined;
    return typeof reference === 'string' && base !== '' && !reference.includes('://')
      ? { ...(value as Json), reference: `${base}/${reference}` }
      : value;
  };
  const { subject, patient, category } = resource;
  const lone = Array.isArray(category) && category.length === 1 ? category[0] : category;
  return {
    ...resource,
    ...(subject === undefined ? {} : { subject: absolute(subject) }),
    ...(patient === undefined ? {} : { patient: absolute(patient) }),
    ...(lone === undefined ? {} : { category: lone }),
  };
}

function withoutTotal({ total: _total, ...bundle }: Json): Json {
  return bundle;
}
