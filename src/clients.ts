/** The EHRs that this service knows: those of the trust file, and the embedded one. Knows where each reads and how the app presents itself there, verifies nobody. */
import type { TrustedClient } from './authenticate/caller.js';
import { loadTrustFile } from './authenticate/trust-file.js';
import type { Config } from './config.js';
import type { Sandbox } from './sandbox/sandbox.js';
import type { Caller, HookRequest } from './types.js';

/** What the app is called where an EHR does not call it otherwise (`appClientId` in the trust file). */
export const appClientId = 'whycard-app';

export function privateHostsOf(trust: readonly TrustedClient[]): ReadonlySet<string> {
  return new Set(
    trust
      .filter((client) => client.isPrivateNetwork === true)
      .flatMap((client) => [
        ...client.fhirBases.map((base) => new URL(base).hostname),
        ...(client.keys instanceof URL ? [client.keys.hostname] : []),
      ]),
  );
}

export async function trustOf(config: Config, sandbox: Sandbox | undefined): Promise<readonly TrustedClient[]> {
  const listed = config.trustFile === undefined ? [] : await loadTrustFile(config.trustFile, { isProduction: config.mode === 'production' });
  const own =
    sandbox === undefined
      ? []
      : [
          {
            id: 'sandbox',
            issuer: sandbox.issuer,
            audiences: [],
            keys: sandbox.jwks,
            jkus: [`${sandbox.issuer}/jwks.json`],
            fhirBases: [sandbox.fhirBase],
            isPrivateNetwork: false,
            vendor: sandbox.vendor,
          },
        ];
  return [...listed, ...own];
}

/** For the app: where it may be launched from, and how it presents itself there. */
export function toAppEhrs({ fhirBases, app }: TrustedClient): readonly object[] {
  return fhirBases.map((iss) => ({
    iss,
    clientId: app?.clientId ?? appClientId,
    ...(app?.scopes === undefined ? {} : { dialect: app.scopes }),
  }));
}

/** The server whose patient it is: the request's, if its caller may speak for it; else the one that the caller is bound to. */
export function baseOf(caller: Caller, { fhir }: HookRequest, sandboxBase: string | undefined): string {
  if (caller.fhirBases === 'loopback') return fhir?.base ?? sandboxBase ?? caller.id;
  if (fhir !== undefined && caller.fhirBases.includes(fhir.base)) return fhir.base;
  return caller.fhirBases[0] ?? caller.id;
}
