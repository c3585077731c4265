/** Discovery: what each service is and which prefetch it wants. Knows nothing of how a service answers. */
import { StartError } from '../errors.js';
import type { Hook, ServiceDefinition } from '../types.js';

/** The version of the specification that we implement; 3.0 ballot field, harmless to 2.x clients. */
const specificationVersion = '2.0.1';
/** As published in the hooks' metadata tables; 3.0 ballot field. */
const hookVersion = '1.0';

export function discover(services: readonly ServiceDefinition[]): { readonly services: readonly object[] } {
  return {
    services: services.map(({ id, hook, title, description, usageRequirements, prefetch }) => ({
      hook,
      title,
      description,
      id,
      ...(Object.keys(prefetch).length === 0 ? {} : { prefetch }),
      usageRequirements,
      version: specificationVersion,
      hookVersion,
    })),
  };
}

/** First-level primitive context fields that a hook marks as prefetch tokens (CDS Hooks 2.0, hook pages). */
const tokensOf: Readonly<Record<Hook, readonly string[]>> = {
  'patient-view': ['userId', 'patientId', 'encounterId'],
  'order-sign': ['userId', 'patientId', 'encounterId'],
  'order-select': ['userId', 'patientId', 'encounterId'],
};

/**
 * Checks the templates that we publish: a read or a type-level search, relative, legal tokens, no parameter twice
 * (the public Sandbox turns a repeated one into OR). @throws StartError naming service and key
 */
export function lintPrefetch(services: readonly ServiceDefinition[]): void {
  for (const service of services) {
    for (const [key, template] of Object.entries(service.prefetch)) {
      const problem = lintTemplate(template, tokensOf[service.hook]);
      if (problem !== undefined) throw new StartError(`service ${service.id}, prefetch ${key}: ${problem}`);
    }
  }
}

function lintTemplate(template: string, tokens: readonly string[]): string | undefined {
  for (const [, token = ''] of template.matchAll(/\{\{(.*?)\}\}/g)) {
    const field = /^context\.(\w+)$/.exec(token)?.[1];
    if (field === undefined || !tokens.includes(field))
      return `the token {{${token}}} is not one of ${tokens.map((name) => `context.${name}`).join(', ')}`;
  }
  const plain = template.replaceAll(/\{\{.*?\}\}/g, 'x');
  if (/[{}]/.test(plain)) return 'has a brace that closes nothing';
  if (!/^[A-Z][A-Za-z]+(\/[A-Za-z0-9\-.]+|\?[^\s#]+)$/.test(plain)) return 'must be a relative read or a type-level search';
  const names = [...new URLSearchParams(plain.split('?')[1] ?? '').keys()];
  if (new Set(names).size < names.length) return 'must not repeat a parameter';
  return undefined;
}
