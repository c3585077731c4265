/** The values to paste: what is registered at the EHR, and what of the EHR is registered here. Knows addresses, nothing of what a server offers. */
import { z } from 'zod';
import type { Hook, ServiceDefinition } from '../../types.js';
import { appClientId, describeApp } from '../../wire.js';
import { CommandError } from '../ehr.js';
import type { Vendor } from './vendors.js';

export interface ServiceRegistration {
  readonly id: string;
  readonly hook: Hook;
  readonly title: string;
  readonly endpoint: string;
  readonly feedback: string;
  readonly prefetch: Readonly<Record<string, string>>;
  readonly scopes: { readonly v1: string; readonly v2: string };
}

export interface Registration {
  readonly publicUrl: string;
  /** Nobody has said where whycard will stand. */
  readonly isPlaceholder: boolean;
  readonly discovery: string;
  readonly app: {
    readonly clientId: string;
    readonly launchUrl: string;
    readonly redirectUris: readonly string[];
    readonly authMethod: string;
    /** Null: the app holds no key, and a field for one stays empty. */
    readonly jwksUrl: string | null;
    readonly manifest: string;
    /** The app writes one of them, as the server states or the TRUST_FILE says. */
    readonly scopes: { readonly v1: string; readonly v2: string };
  };
  readonly services: readonly ServiceRegistration[];
}

export const placeholderUrl = 'https://your.whycard.example';

const manifestSchema = z.object({
  launch_url: z.string(),
  redirect_uris: z.array(z.string()),
  token_endpoint_auth_method: z.string(),
  jwks_uri: z.string().optional(),
  smart: z.object({ scope_v1: z.string(), scope_v2: z.string() }),
});

/** `given`: the option, else the setting PUBLIC_URL, else nothing. @throws CommandError */
export function createRegistration(given: string | undefined, services: readonly ServiceDefinition[]): Registration {
  const publicUrl = given === undefined ? placeholderUrl : cleanAddress(given, 'the public address of whycard');
  const manifest = manifestSchema.parse(describeApp(publicUrl));
  return {
    publicUrl,
    isPlaceholder: given === undefined,
    discovery: `${publicUrl}/cds-services`,
    app: {
      clientId: appClientId,
      launchUrl: manifest.launch_url,
      redirectUris: manifest.redirect_uris,
      authMethod: manifest.token_endpoint_auth_method,
      jwksUrl: manifest.jwks_uri ?? null,
      manifest: `${publicUrl}/smart-manifest.json`,
      scopes: { v1: manifest.smart.scope_v1, v2: manifest.smart.scope_v2 },
    },
    services: services.map(({ id, hook, title, prefetch, scopes }) => {
      const endpoint = `${publicUrl}/cds-services/${id}`;
      const spelled = { v1: scopes.map(toV1).join(' '), v2: scopes.join(' ') };
      return { id, hook, title, endpoint, feedback: `${endpoint}/feedback`, prefetch: { ...prefetch }, scopes: spelled };
    }),
  };
}

/** SMART 2: `.read` is `.rs`; v1 has no filters and no single letters. */
function toV1(scope: string): string {
  return scope.replace(/\.(?:rs?|s)(?:\?.*)?$/, '.read');
}

/** An absolute http(s) address to which paths can be added, without a slash at its end. @throws CommandError */
export function cleanAddress(text: string, what: string): string {
  const url = URL.canParse(text) && !/[\s\p{C}]/u.test(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new CommandError(`"${text.replaceAll(/\p{C}/gu, ' ')}" is no http(s) address: ${what} is wanted.`);
  if (url.username !== '' || url.password !== '')
    throw new CommandError(`${url.origin} was given with a name or password in the address: leave them out.`);
  if (url.search !== '' || url.hash !== '' || text.endsWith('?') || text.endsWith('#'))
    throw new CommandError(`${url.origin}${url.pathname} was given with something after ? or #: leave it out.`);
  return text.replace(/\/+$/, '');
}

/** Good for trying out: production takes https only. */
export function isPlainHttp(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !isThisMachine(hostname);
}

export function isThisMachine(hostname: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname);
}

/** Does not start a service as long as it stands there: an address is demanded in its place. */
const fillIn = (what: string): string => `FILL IN: ${what}`;

/** The entry of the TRUST_FILE for this EHR (`docs/trust.md`). Of `audiences` the first is what to type where the EHR's analyst types `aud`. */
export function createTrustEntry(vendor: Vendor, { publicUrl }: Registration, fhirBase: string | undefined): object {
  const base = fhirBase ?? fillIn('the FHIR R4 base of the organisation, https://…');
  return {
    id: vendor.id === 'plain' ? 'hospital' : `hospital-${vendor.id}`,
    vendor: vendor.id,
    issuer: vendor.issuer ?? (vendor.issuerIsFhirBase ? base : fillIn('iss of its tokens, character by character')),
    audiences: [publicUrl],
    jwksUrl: fillIn('the address of its public keys: jku in the header of its tokens, https://…'),
    fhirBases: [base],
    ...(vendor.assignsClientId === undefined ? {} : { appClientId: fillIn('the client id that the console gave the app') }),
  };
}
