/**
 * What the scopes of a token permit to read of one resource type: both dialects, v1 `patient/*.read` and v2 `patient/Observation.rs?category=…`.
 * What they forbid is not asked for. Knows scopes, nothing of servers. {@link https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html}
 */

/** `part`: only resources that a filter of the scope lets through. */
export type Permission = 'all' | 'part' | 'none';

const resourceScope = /^(?:patient|user|system)\/(\*|[A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)(\?.+)?$/i;

/** `isSearch`: v2 tells reading one resource (r) from searching (s). No scope at all says nothing: the server may have its own rules. */
export function permissionOf(scope: string, type: string, isSearch: boolean): Permission {
  const scopes = scope.split(/\s+/).filter((text) => text !== '');
  if (scopes.length === 0) return 'all';
  const granted = scopes.flatMap((text) => {
    const [, of = '', access = '', filter] = resourceScope.exec(text) ?? [];
    // Epic has been seen to return types capitalised in its own way.
    const isOfType = of === '*' || of.toLowerCase() === type.toLowerCase();
    return isOfType && mayRead(access.toLowerCase(), isSearch) ? [filter === undefined ? 'all' : 'part'] : [];
  });
  if (granted.includes('all')) return 'all';
  return granted.length > 0 ? 'part' : 'none';
}

function mayRead(access: string, isSearch: boolean): boolean {
  return access === '*' || access === 'read' || (access !== 'write' && access.includes(isSearch ? 's' : 'r'));
}
