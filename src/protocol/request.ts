/**
 * The hook request on the wire and what it must hold. Strict about the envelope, lenient about the FHIR inside it.
 * Knows nothing of what a service does with it. {@link https://cds-hooks.hl7.org/2.0/#calling-a-cds-service}
 */
import type { FhirResource } from 'fhir/r4.js';
import { z } from 'zod';
import { ServiceError } from '../errors.js';
import type { Hook, HookRequest, ServiceDefinition } from '../types.js';

/** FHIR R4 `id`. The patient's id becomes part of URLs: nothing else may stand in it, and no step up the path. */
const fhirId = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/);
/** Any version and case: Epic's documented sample is a version 1 UUID. */
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i);
/** A base, to which paths are added: with a query or a fragment they would end up in it. */
const baseUrl = z
  .string()
  .max(2048)
  .regex(/^[^\s?#\\]+$/)
  .refine((text) => URL.canParse(text) && isPlainBase(new URL(text)));
/** A clinician signs a handful; a session with more than this is a mistake or an attack. */
const maxDrafts = 200;

const resource = z.looseObject({ resourceType: z.string().regex(/^[A-Za-z]{1,64}$/) });
const draftOrders = z.looseObject({
  resourceType: z.literal('Bundle'),
  entry: z.array(z.looseObject({ resource })).max(maxDrafts).optional(),
});

const patientContext = z.looseObject({ userId: z.string().min(1).max(256), patientId: fhirId, encounterId: fhirId.nullish() });
const orderContext = patientContext.extend({
  draftOrders: draftOrders.optional(),
  selections: z.array(z.string().max(256)).min(1).max(maxDrafts).optional(),
});
/** Beyond user and patient. {@link https://cds-hooks.hl7.org/hooks/} */
const requiredBy: Readonly<Record<Hook, readonly ('draftOrders' | 'selections')[]>> = {
  'patient-view': [],
  'order-sign': ['draftOrders'],
  'order-select': ['draftOrders', 'selections'],
};

const authorization = z.looseObject({
  // What a header can hold.
  access_token: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .max(16_384),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  scope: z.string().max(16_384).optional(),
  subject: z.string().optional(),
  patient: z.string().nullish(),
});

const envelope = z.looseObject({
  hook: z.string().max(128),
  hookInstance: uuid,
  context: z.looseObject({}),
  prefetch: z.record(z.string(), z.unknown()).nullish(),
  fhirServer: baseUrl.nullish(),
  fhirAuthorization: authorization.nullish(),
});

/** What a request to a service of this hook must hold, from the schemas that parse it. */
export function requestSchema(hook: Hook): z.ZodType {
  const required = Object.fromEntries(requiredBy[hook].map((field) => [field, orderContext.shape[field].unwrap()]));
  return envelope.extend({ hook: z.literal(hook), context: patientContext.extend(required) });
}

/** @throws ServiceError `request-malformed` with the path of the first field that is wrong, `hook-mismatch`, `patient-mismatch` */
export function parseRequest(service: ServiceDefinition, body: unknown): HookRequest {
  const parsed = parse(envelope, body, '');
  if (parsed.hook !== service.hook) throw new ServiceError('hook-mismatch', { where: { service: service.id, field: 'hook' } });
  const context = parseContext(service.hook, parsed.context);
  const granted = parsed.fhirAuthorization ?? undefined;
  const base = parsed.fhirServer ?? undefined;
  if (granted !== undefined && base === undefined) throw new ServiceError('request-malformed', { where: { field: 'fhirServer' } });
  // The token says whose data it opens; a context about somebody else is a mix-up in the EHR.
  if (typeof granted?.patient === 'string' && granted.patient !== context.patientId) {
    throw new ServiceError('patient-mismatch', { where: { field: 'fhirAuthorization.patient' } });
  }
  return {
    hook: service.hook,
    hookInstance: parsed.hookInstance,
    patientId: context.patientId,
    userId: context.userId,
    encounterId: context.encounterId ?? undefined,
    draftOrders: (context.draftOrders?.entry ?? []).map((entry) => toResource(entry.resource)),
    selections: context.selections ?? [],
    prefetch: parsed.prefetch ?? {},
    fhir: base === undefined ? undefined : { base: base.replace(/\/+$/, ''), accessToken: granted?.access_token, scope: granted?.scope ?? '' },
  };
}

function parseContext(hook: Hook, value: object): z.output<typeof orderContext> {
  // Fields that another hook defines mean nothing here and are not looked at.
  const context = parse(
    orderContext,
    { ...value, ...(hook === 'patient-view' ? { draftOrders: undefined } : {}), ...(hook === 'order-select' ? {} : { selections: undefined }) },
    'context',
  );
  for (const field of requiredBy[hook]) {
    if (context[field] === undefined) throw new ServiceError('request-malformed', { where: { field: `context.${field}` } });
  }
  return context;
}

/** The one cast of this border: the shape beyond `resourceType` is checked where each field is read. */
function toResource(value: z.output<typeof resource>): FhirResource {
  return value as unknown as FhirResource;
}

function isPlainBase({ protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function parse<S extends z.ZodType>(schema: S, value: unknown, at: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path ?? [];
  // Only names of the specification go out: a key that the caller chose could be anything.
  const field = [at, ...path.map((key) => (typeof key === 'number' ? String(key) : safeName(String(key))))].filter((part) => part !== '').join('.');
  throw new ServiceError('request-malformed', { where: field === '' ? {} : { field } });
}

const specified = new Set([
  'hook',
  'hookInstance',
  'context',
  'prefetch',
  'fhirServer',
  'fhirAuthorization',
  'access_token',
  'token_type',
  'scope',
  'subject',
  'patient',
  'userId',
  'patientId',
  'encounterId',
  'draftOrders',
  'selections',
  'entry',
  'resource',
  'resourceType',
]);

function safeName(key: string): string {
  return specified.has(key) ? key : '…';
}
