/** The SMART launch, by the field's own library, hardened (`smart.md` §1.4). Knows OAuth, nothing of runs or pages. */
import FHIR from 'fhirclient';
import * as z from 'zod/mini';
import { readRun } from './app-context.js';
import { createState, readCallback } from './callback.js';
import type { AppConfig } from './config.js';
import { findSession, keepSession, type Session, sweepSessions } from './tab-session.js';

/** The library's one well-known place for "the" session mixes up patients; addresses are cleaned here, before the code is sent anywhere. */
FHIR.oauth2.settings.fullSessionStorageSupport = false;
FHIR.oauth2.settings.replaceBrowserHistory = false;

/** The address of the EHR's authorization. PKCE is required: the app has no secret. */
export async function authorizeAddress({ ehrs, scopes, redirectUri }: AppConfig, iss: string, launch: string | undefined): Promise<string> {
  sweepSessions(sessionStorage, Date.now());
  const ehr = ehrs.find((one) => one.iss === iss);
  if (ehr === undefined) throw new TypeError('not a registered EHR');
  const { clientId, dialect = await chooseDialect(iss) } = ehr;
  const scope = scopes[dialect];
  const address = await FHIR.oauth2.authorize({
    clientId,
    scope: launch === undefined ? scope.replace(/(^| )launch(?= |$)/, '$1launch/patient') : scope,
    redirectUri,
    iss,
    pkceMode: 'required',
    completeInTarget: true,
    noRedirect: true,
    stateKey: createState(() => crypto.randomUUID()),
    ...(launch === undefined ? {} : { launch }),
  });
  if (typeof address !== 'string' || !/^https?:$/.test(new URL(address).protocol)) throw new TypeError('no address to go to');
  return address;
}

const discoverySchema = z.object({ capabilities: z.optional(z.array(z.string())) });

/** v2 where the server states it, else the older spelling: the two must not be mixed in one request (`smart.md` §1.1). */
async function chooseDialect(iss: string): Promise<'v1' | 'v2'> {
  const response = await fetch(`${iss}/.well-known/smart-configuration`, { headers: { accept: 'application/json' }, credentials: 'omit' });
  const stated = response.ok ? discoverySchema.safeParse(await response.json()) : undefined;
  return stated?.success === true && stated.data.capabilities?.includes('permission-v2') === true ? 'v2' : 'v1';
}

export type Opened = { readonly kind: 'session'; readonly session: Session } | { readonly kind: 'refused'; readonly why: string };

const notLaunched = 'Access has ended, or this page was not opened from a card. Please open it from the card again.';
const notExchanged = 'The EHR did not give access: the launch was used before or waited too long. Please open it from the card again.';

/** The session of this page: from the EHR's answer in the address, or after a reload from this tab. Only a registered EHR is believed. */
export async function openSession(issuers: readonly string[]): Promise<Opened> {
  const callback = readCallback(location.search);
  sweepSessions(sessionStorage, Date.now());
  if (callback.kind === 'none') {
    const session = findSession(sessionStorage, history.state, Date.now());
    return session !== undefined && issuers.includes(session.iss) ? { kind: 'session', session } : { kind: 'refused', why: notLaunched };
  }
  // Code and state leave the address before anything is asked, so that no reload, bookmark or Referer carries them.
  history.replaceState(null, '', location.pathname);
  if (callback.kind === 'refused') return callback;
  const session = await exchange(callback.code, callback.state, issuers);
  if (session === undefined) return { kind: 'refused', why: notExchanged };
  history.replaceState(
    keepSession(sessionStorage, session, () => crypto.randomUUID()),
    '',
    location.pathname,
  );
  return { kind: 'session', session };
}

const tokenSchema = z.object({
  access_token: z.string().check(z.minLength(1)),
  // The id goes into addresses.
  patient: z.string().check(z.regex(/^(?!\.+$)[A-Za-z0-9\-._~]{1,128}$/)),
  expires_in: z.optional(z.coerce.number()),
  appContext: z.optional(z.unknown()),
});
const defaultSeconds = 3_600;

async function exchange(code: string, state: string, issuers: readonly string[]): Promise<Session | undefined> {
  try {
    // The library puts the code into the form as it is (`smart.md` §1.4).
    const client = await FHIR.oauth2.ready({ code: encodeURIComponent(code), stateKey: state });
    const token = tokenSchema.parse(client.state.tokenResponse);
    const iss = client.state.serverUrl.replace(/\/+$/, '');
    if (!issuers.includes(iss)) return undefined;
    const seconds = token.expires_in !== undefined && token.expires_in > 0 ? token.expires_in : defaultSeconds;
    return { iss, patient: token.patient, accessToken: token.access_token, run: readRun(token.appContext), endsAt: Date.now() + seconds * 1_000 };
  } catch {
    // The library's messages hold addresses and codes: nobody sees them.
    return undefined;
  } finally {
    sessionStorage.removeItem(state);
  }
}
