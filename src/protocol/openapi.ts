/** The OpenAPI description of the service, made from the schemas that parse and check. Knows addresses and forms, nothing of what a service decides. */
import { z } from 'zod';
import type { ServiceDefinition } from '../types.js';
import { answerSchema } from './card.js';
import { feedbackSchema } from './feedback.js';
import { requestSchema } from './request.js';

type Json = Readonly<Record<string, unknown>>;

const text = z.string();
const discoverySchema = z.object({
  services: z.array(
    z.object({
      hook: text,
      title: text,
      description: text,
      id: text,
      usageRequirements: text,
      version: text,
      hookVersion: text,
      prefetch: z.record(text, text).optional(),
    }),
  ),
});

/** FHIR R4 OperationOutcome, as far as our errors fill it. */
const outcomeSchema = z.object({
  resourceType: z.literal('OperationOutcome'),
  issue: z
    .array(
      z.object({
        severity: z.literal('error'),
        code: text,
        details: z.object({ text, coding: z.array(z.object({ system: text, code: text })) }),
        diagnostics: text,
        expression: z.array(text).optional(),
      }),
    )
    .min(1),
});

/** Of the statuses that a hook or feedback call can have; the specification defines 200 and 412. */
const problems: readonly (readonly [number, string])[] = [
  [400, 'not JSON, or a field of the envelope is missing or of the wrong type'],
  [404, 'there is no such service'],
  [405, 'wrong method'],
  [412, 'the data that the service needs could not be obtained, or are of another patient'],
  [413, 'larger or deeper than is accepted'],
  [415, 'not application/json'],
  [500, 'our fault; the error id stands in the log too'],
  [503, 'not ready'],
];

export function describeOpenApi(
  services: readonly ServiceDefinition[],
  { url, version }: { readonly url: string; readonly version: string },
): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'whycard',
      version,
      summary: 'A CDS Hooks 2.0 service whose cards say why',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    paths: {
      '/cds-services': { get: { operationId: 'discover', summary: 'Which services there are', responses: { 200: ok('services', 'Discovery') } } },
      ...Object.fromEntries(services.flatMap((service) => [hookPath(service), feedbackPath(service)])),
    },
    components: {
      securitySchemes: {
        client: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'CDS client token, https://cds-hooks.hl7.org/2.0/#trusting-cds-clients',
        },
      },
      schemas: {
        Discovery: toSchema(discoverySchema),
        Answer: toSchema(answerSchema),
        Feedback: toSchema(feedbackSchema),
        OperationOutcome: toSchema(outcomeSchema),
        ...Object.fromEntries(services.map(({ hook }) => [`Request-${hook}`, toSchema(requestSchema(hook))])),
      },
    },
  };
}

function hookPath({ id, hook, title, description }: ServiceDefinition): readonly [string, Json] {
  const post = {
    operationId: id,
    summary: title,
    description,
    security,
    requestBody: body(`Request-${hook}`),
    responses: { 200: ok('cards', 'Answer'), ...refusals() },
  };
  return [`/cds-services/${id}`, { post }];
}

function feedbackPath({ id, title }: ServiceDefinition): readonly [string, Json] {
  const responses = { 200: { description: 'stored' }, ...refusals() };
  return [
    `/cds-services/${id}/feedback`,
    { post: { operationId: `${id}-feedback`, summary: `Feedback: ${title}`, security, requestBody: body('Feedback'), responses } },
  ];
}

/** Without a token: sandbox mode, from the same machine. */
const security = [{ client: [] }, {}];

function refusals(): Json {
  const described = problems.map(([status, description]) => [status, { description, content: content('OperationOutcome') }] as const);
  return { ...Object.fromEntries(described), 401: { description: 'the client could not be verified; no reason is given' } };
}

const content = (schema: string): Json => ({ 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } });
const ok = (description: string, schema: string): Json => ({ description, content: content(schema) });
const body = (schema: string): Json => ({ required: true, content: content(schema) });

function toSchema(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
