/** The SMART launch, by the field's own library, hardened (`smart.md` §1.4). Knows OAuth, nothing of runs. */
import FHIR from 'fhirclient';
import * as z from 'zod/mini';
import type { AppConfig } from './config.js';

/** Every launch is kept under its own state, which stays in the address: two tabs with two patients never meet in one well-known place. */
FHIR.oauth2.settings.fullSessionStorageSupport = false;

export interface Session {
  readonly iss: string;
  readonly patient: string;
  readonly accessToken: string;
  readonly appContext: unknown;
}

/** Leaves this page for the EHR's authorization. PKCE is required: the app has no secret. */
export async function authorize({ clientId, scope, redirectUri }: AppConfig, iss: string, launch: string | undefined): Promise<void> {
  const asked = launch === undefined ? `${scope.replace(/\blaunch\b/, 'launch/patient')}` : scope;
  await FHIR.oauth2.authorize({
    clientId,
    scope: asked,
    redirectUri,
    iss,
    pkceMode: 'required',
    completeInTarget: true,
    // The library's own is 16 characters of Math.random.
    stateKey: crypto.randomUUID() + crypto.randomUUID(),
    ...(launch === undefined ? {} : { launch }),
  });
}

const tokenResponse = z.object({ access_token: z.string(), patient: z.string(), appContext: z.optional(z.unknown()) });

/** Undefined: the EHR said no, or this page was not reached through a launch. Only an EHR that is registered is believed. */
export async function openSession(issuers: readonly string[]): Promise<Session | undefined> {
  try {
    const client = await FHIR.oauth2.ready();
    const token = tokenResponse.parse(client.state.tokenResponse);
    const iss = client.state.serverUrl.replace(/\/+$/, '');
    return issuers.includes(iss) ? { iss, patient: token.patient, accessToken: token.access_token, appContext: token.appContext } : undefined;
  } catch {
    // The library's messages hold addresses and codes: nobody sees them.
    return undefined;
  }
}
