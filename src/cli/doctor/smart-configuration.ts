/** What a server says of SMART App Launch. Knows nothing of what the app needs. {@link https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html} */
import { z } from 'zod';
import type { Capability } from './capability.js';
import type { DocumentAnswer } from './document.js';

export interface SmartConfiguration {
  readonly from: 'smart-configuration' | 'capability-statement' | 'nowhere';
  /** Why `.well-known/smart-configuration` was not used. */
  readonly why: string | undefined;
  readonly authorizationEndpoint: string | undefined;
  readonly tokenEndpoint: string | undefined;
  /** Undefined: not stated. */
  readonly capabilities: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly authMethods: readonly string[] | undefined;
  readonly challengeMethods: readonly string[] | undefined;
  /** `Access-Control-Allow-Origin` of the answer. */
  readonly allowedOrigin: string | undefined;
}

const words = z.string().min(1).optional().catch(undefined);
/** Null and what is no list say nothing; of a list what is no text is passed over. */
const list = z
  .array(z.unknown())
  .transform((items) => items.filter((item) => typeof item === 'string'))
  .optional()
  .catch(undefined);
const schema = z.object({
  authorization_endpoint: words,
  token_endpoint: words,
  capabilities: list,
  scopes_supported: list,
  token_endpoint_auth_methods_supported: list,
  code_challenge_methods_supported: list,
});

const silent = {
  authorizationEndpoint: undefined,
  tokenEndpoint: undefined,
  capabilities: undefined,
  scopes: undefined,
  authMethods: undefined,
  challengeMethods: undefined,
  allowedOrigin: undefined,
} as const;

export function readSmartConfiguration(answer: DocumentAnswer, capability: Capability): SmartConfiguration {
  const parsed = answer.kind === 'read' ? schema.safeParse(answer.value) : undefined;
  if (answer.kind === 'failed' || parsed?.data === undefined)
    return fallBack(answer.kind === 'failed' ? answer.why : 'is no JSON object', capability);
  const { data } = parsed;
  if (data.authorization_endpoint === undefined && data.token_endpoint === undefined && capability.oauth !== undefined)
    return fallBack('names no endpoint', capability);
  return {
    from: 'smart-configuration',
    why: undefined,
    authorizationEndpoint: data.authorization_endpoint,
    tokenEndpoint: data.token_endpoint,
    capabilities: data.capabilities,
    scopes: data.scopes_supported,
    authMethods: data.token_endpoint_auth_methods_supported,
    challengeMethods: data.code_challenge_methods_supported,
    allowedOrigin: answer.kind === 'read' ? answer.allowedOrigin : undefined,
  };
}

/** The extension names two addresses and nothing else. */
function fallBack(why: string, { oauth }: Capability): SmartConfiguration {
  if (oauth === undefined) return { ...silent, from: 'nowhere', why };
  return { ...silent, from: 'capability-statement', why, authorizationEndpoint: oauth.authorize, tokenEndpoint: oauth.token };
}
