/**
 * SMART scopes of one patient, both dialects, and what they permit. Knows nothing of tokens or HTTP.
 * {@link https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html}
 */
import { createMatcher, type Matcher } from './search-match.js';
import { isSupported, parameterOf, supportedTypes } from './search-parameters.js';

/** Create, read, update, delete, search. */
export type Interaction = 'c' | 'r' | 'u' | 'd' | 's';

interface ResourceScope {
  readonly type: string;
  readonly letters: string;
  readonly filters: readonly { readonly name: string; readonly value: string }[];
}

const versionOneLetters: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };
const contextScopes: readonly string[] = ['launch', 'launch/patient', 'openid', 'fhirUser', 'profile', 'online_access', 'offline_access'];
/** SMART 2.2 expects only simple parameters in a granular scope; one that we cannot enforce is not granted. */
const filterNames: readonly string[] = ['category', 'code', 'status', 'clinical-status', 'type'];

function parseResourceScope(text: string): ResourceScope | undefined {
  const parts = /^patient\/([A-Za-z]+|\*)\.([a-z]+|\*)(?:\?(.+))?$/.exec(text);
  if (parts === null) return undefined;
  const [, type = '', access = '', query] = parts;
  if (type !== '*' && !isSupported(type)) return undefined;
  // Letters out of the order c-r-u-d-s "may be ignored or rejected" (SMART 2.2): not granted.
  const isVersionTwo = /^(?=.)c?r?u?d?s?$/.test(access);
  const letters = isVersionTwo ? access : Object.hasOwn(versionOneLetters, access) ? versionOneLetters[access] : undefined;
  if (letters === undefined || (query !== undefined && !isVersionTwo)) return undefined;
  const filters = [...new URLSearchParams(query ?? '')].map(([name, value]) => ({ name, value }));
  const isEnforceable = filters.every(
    ({ name }) => filterNames.includes(name) && (type === '*' ? supportedTypes : [type]).some((one) => parameterOf(one, name)),
  );
  return isEnforceable ? { type, letters, filters } : undefined;
}

/** Of what was asked, what this server grants; the rest is dropped silently, as EHRs do. */
export function grantScopes(requested: string): readonly string[] {
  const asked = new Set(requested.split(/\s+/).filter((scope) => scope !== ''));
  return [...asked].filter((scope) => contextScopes.includes(scope) || parseResourceScope(scope) !== undefined);
}

export interface Permissions {
  /** Could any resource of this type be permitted? */
  mayEver(interaction: Interaction, type: string): boolean;
  may(interaction: Interaction, resource: { readonly resourceType: string }): boolean;
}

export function createPermissions(scopes: readonly string[], fhirBase: string): Permissions {
  const parsed = scopes.flatMap((text) => parseResourceScope(text) ?? []);
  const covering = (interaction: Interaction, type: string) =>
    parsed.filter((scope) => (scope.type === '*' || scope.type === type) && scope.letters.includes(interaction));
  // The user of the session may always be read by an app that may know who it is.
  const isUser = (interaction: Interaction, type: string) => type === 'Practitioner' && interaction === 'r' && scopes.includes('fhirUser');
  return {
    mayEver: (interaction, type) => isUser(interaction, type) || covering(interaction, type).length > 0,
    may: (interaction, resource) =>
      isUser(interaction, resource.resourceType) ||
      covering(interaction, resource.resourceType).some((scope) =>
        scope.filters.every(({ name, value }) => matcherOf(resource.resourceType, name, value, fhirBase)(resource)),
      ),
  };
}

function matcherOf(type: string, name: string, value: string, fhirBase: string): Matcher {
  const parameter = parameterOf(type, name);
  return parameter === undefined ? () => false : createMatcher(parameter, value, fhirBase);
}
