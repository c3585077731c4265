/** What the embedded EHR remembers in memory about sessions, launches and tokens. Knows nothing of HTTP or of charts. */
import { randomUUID } from 'node:crypto';
import { createVault, type Vault } from './vault.js';

/** The invented clinician who is always signed in. */
export const sandboxUser = 'Practitioner/sandbox-clinician';

/** What an access token stands for. `family`: all tokens that came from one authorization, revoked together. */
export interface Grant {
  readonly family: string;
  readonly client: string;
  readonly patient: string;
  readonly scopes: readonly string[];
}

/** A prepared EHR launch: opaque to the app, single use. */
export interface Launch {
  readonly patient: string;
  readonly appContext: string | undefined;
}

export interface AuthorizeRequest {
  readonly client: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly scopes: readonly string[];
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
}

export interface Authorization {
  readonly request: AuthorizeRequest;
  readonly launch: Launch;
  readonly family: string;
}

interface Refreshable {
  readonly grant: Grant;
  readonly nonce: string | undefined;
}

export interface Sessions {
  readonly launches: Vault<Launch>;
  /** Standalone launches that wait for the choice of a patient. */
  readonly pending: Vault<AuthorizeRequest>;
  readonly codes: Vault<Authorization>;
  readonly accessTokens: Vault<Grant>;
  readonly refreshTokens: Vault<Refreshable>;
  issueAccess(grant: Omit<Grant, 'family'>): string;
  revokeFamily(family: string): void;
}

export const accessTokenSeconds = 3_600;

export function createSessions(clock: () => Date): Sessions {
  const accessTokens = createVault<Grant>({ clock, lifetimeSeconds: accessTokenSeconds });
  const refreshTokens = createVault<Refreshable>({ clock, lifetimeSeconds: 8 * 3_600 });
  return {
    launches: createVault<Launch>({ clock, lifetimeSeconds: 300 }),
    pending: createVault<AuthorizeRequest>({ clock, lifetimeSeconds: 300 }),
    codes: createVault<Authorization>({ clock, lifetimeSeconds: 60 }),
    accessTokens,
    refreshTokens,
    issueAccess: (grant) => accessTokens.issue({ ...grant, family: randomUUID() }),
    revokeFamily(family) {
      accessTokens.revoke((grant) => grant.family === family);
      refreshTokens.revoke(({ grant }) => grant.family === family);
    },
  };
}
