/** The trust file of production: which EHRs may call, with which keys, for which FHIR servers. Knows nothing of a single call. */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { StartError } from '../errors.js';
import type { TrustedClient } from './caller.js';

const https = z.string().refine((text) => /^https:\/\/\S+$/.test(text) && URL.canParse(text), 'must be an https address');
const publicKey = z
  .looseObject({ kty: z.enum(['EC', 'RSA'], 'must be EC or RSA: symmetric keys are forbidden') })
  .refine((key) => key['d'] === undefined, 'must not be a private key')
  .refine(isUsableKey, 'is no usable public key');
const keySet = z.looseObject({ keys: z.array(publicKey).min(1, 'must hold a key') });

const schema = z.strictObject({
  clients: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be lower-case letters, digits and -'),
        issuer: z.string().min(1),
        audiences: z.array(z.string().min(1)).default([]),
        jwks: keySet.optional(),
        jwksFile: z.string().min(1).optional(),
        jwksUrl: https.optional(),
        jkus: z.array(https).default([]),
        algorithms: z.array(z.enum(['ES384', 'RS384', 'ES256', 'RS256', 'PS384'], 'must be one of ES384, RS384, ES256, RS256, PS384')).default([]),
        fhirBases: z.array(https),
        privateNetwork: z.boolean().default(false),
        vendor: z.enum(['plain', 'epic', 'cerner'], 'must be plain, epic or cerner').default('plain'),
        appClientId: z.string().min(1).max(256).optional(),
        appScopes: z.enum(['v1', 'v2'], 'must be v1 or v2').optional(),
      }),
    )
    .min(1, 'must name at least one EHR'),
});

/** Issuers whose private keys are published with their source: anybody can sign for them. Good for trying out, never in production. */
const publicSigners = ['https://sandbox.cds-hooks.org'];

type ClientRow = z.output<typeof schema>['clients'][number];

/** @throws StartError naming file and field */
export async function loadTrustFile(
  file: string,
  { isProduction = true }: { readonly isProduction?: boolean } = {},
): Promise<readonly TrustedClient[]> {
  const parsed = schema.safeParse(await readJson(file));
  if (!parsed.success) throw new StartError(`${file}: ${describe(parsed.error)}`);
  const clients = await Promise.all(parsed.data.clients.map((row) => toClient(row, file)));
  const issuers = clients.map((client) => client.issuer);
  if (new Set(issuers).size < issuers.length) throw new StartError(`${file}: two clients have the same issuer`);
  if (new Set(clients.map((client) => client.id)).size < clients.length) throw new StartError(`${file}: two clients have the same id`);
  const open = issuers.find((issuer) => publicSigners.includes(issuer.replace(/\/+$/, '')));
  if (isProduction && open !== undefined)
    throw new StartError(`${file}: the private keys of ${open} are public; it may be trusted in sandbox mode only`);
  return clients;
}

async function toClient(
  { jwks, jwksFile, jwksUrl, fhirBases, privateNetwork, appClientId, appScopes, ...client }: ClientRow,
  file: string,
): Promise<TrustedClient> {
  if ([jwks, jwksFile, jwksUrl].filter((source) => source !== undefined).length !== 1) {
    throw new StartError(`${file}: client ${client.id} needs jwks, jwksFile or jwksUrl, one of them`);
  }
  const pinned = jwks ?? (jwksFile === undefined ? undefined : await readKeys(resolve(dirname(file), jwksFile)));
  return {
    ...client,
    isPrivateNetwork: privateNetwork,
    app: { clientId: appClientId, scopes: appScopes },
    keys: pinned === undefined ? new URL(jwksUrl ?? '') : (pinned as JSONWebKeySet),
    fhirBases: fhirBases.map((base) => base.replace(/\/+$/, '')),
  };
}

async function readKeys(file: string): Promise<z.output<typeof keySet>> {
  const parsed = keySet.safeParse(await readJson(file));
  if (!parsed.success) throw new StartError(`${file}: ${describe(parsed.error)}`);
  return parsed.data;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartError(`${file} cannot be read`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StartError(`${file} is not JSON`, { cause });
  }
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()).join('; ');
}

/** Now, not at the first call: then every call of this EHR would be refused without a word. */
function isUsableKey(key: Readonly<Record<string, unknown>>): boolean {
  try {
    createPublicKey({ key, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
