/** What a CapabilityStatement says, and what it does not say. Knows no service of ours. {@link https://hl7.org/fhir/R4/capabilitystatement.html} */
import { z } from 'zod';
import type { Stated } from './findings.js';

export interface ResourceCapability {
  /** Undefined: not stated. */
  readonly interactions: ReadonlySet<string> | undefined;
  readonly parameters: ReadonlySet<string> | undefined;
}

export interface Capability {
  readonly fhirVersion: string;
  readonly software: string | undefined;
  readonly publisher: string | undefined;
  /** The address that the server believes to have. */
  readonly url: string | undefined;
  /** Undefined: the statement lists no resource types at all. */
  readonly resources: ReadonlyMap<string, ResourceCapability> | undefined;
  /** Search parameters of every type (`rest.searchParam`). */
  readonly everywhere: ReadonlySet<string>;
  readonly oauth: { readonly authorize: string | undefined; readonly token: string | undefined } | undefined;
  readonly cors: boolean | undefined;
}

export type CapabilityReading =
  | { readonly kind: 'capability'; readonly capability: Capability }
  /** A FHIR server, of a version that is not read here; empty: it does not say which. */
  | { readonly kind: 'other-version'; readonly fhirVersion: string }
  | { readonly kind: 'not-a-capability'; readonly resourceType: string | undefined };

/** A statement is read as far as it can be: one odd element of a megabyte must not hide the others. */
const words = z.string().optional().catch(undefined);
function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(z.unknown()).transform((items) =>
    items.flatMap((one) => {
      const parsed = item.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    }),
  );
}
const maybeListOf = <Item extends z.ZodType>(item: Item) => listOf(item).optional().catch(undefined);

const named = z.object({ name: z.string() });
const resource = z.object({ type: z.string(), interaction: maybeListOf(z.object({ code: z.string() })), searchParam: maybeListOf(named) });
const address = z.object({ url: z.string(), valueUri: words, valueUrl: words });
const extension = z.object({ url: z.string(), extension: maybeListOf(address) });
const rest = z.object({
  mode: words,
  resource: maybeListOf(resource),
  searchParam: maybeListOf(named),
  security: z
    .object({ cors: z.boolean().optional().catch(undefined), extension: maybeListOf(extension) })
    .optional()
    .catch(undefined),
});
const schema = z.object({
  resourceType: z.string(),
  fhirVersion: words,
  publisher: words,
  software: z.object({ name: words }).optional().catch(undefined),
  implementation: z.object({ url: words }).optional().catch(undefined),
  rest: maybeListOf(rest),
});

/** Deprecated by SMART App Launch 2, still the only word of older servers (`smart.md` §1.1, row 3). */
const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';

export function readCapability(value: unknown): CapabilityReading {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { kind: 'not-a-capability', resourceType: undefined };
  const { resourceType, fhirVersion = '', publisher, software, implementation, rest: sides = [] } = parsed.data;
  // DSTU2 called it Conformance.
  if (resourceType === 'Conformance') return { kind: 'other-version', fhirVersion: fhirVersion === '' ? '1.0' : fhirVersion };
  if (resourceType !== 'CapabilityStatement') return { kind: 'not-a-capability', resourceType };
  if (!/^4\.0(\.|$)/.test(fhirVersion)) return { kind: 'other-version', fhirVersion };
  const server = sides.find((side) => side.mode === 'server') ?? sides.find((side) => side.mode === undefined);
  return {
    kind: 'capability',
    capability: {
      fhirVersion,
      software: software?.name,
      publisher,
      url: implementation?.url,
      resources: server?.resource === undefined ? undefined : mergeResources(server.resource),
      everywhere: new Set((server?.searchParam ?? []).map(({ name }) => name)),
      oauth: readOauth(server?.security?.extension ?? []),
      cors: server?.security?.cors,
    },
  };
}

/** A type that is listed twice has what either entry has. */
function mergeResources(listed: readonly z.output<typeof resource>[]): ReadonlyMap<string, ResourceCapability> {
  const merged = new Map<string, ResourceCapability>();
  for (const { type, interaction, searchParam } of listed) {
    const before = merged.get(type);
    merged.set(type, {
      interactions: union(before?.interactions, interaction && new Set(interaction.map(({ code }) => code))),
      parameters: union(before?.parameters, searchParam && new Set(searchParam.map(({ name }) => name))),
    });
  }
  return merged;
}

function union(one: ReadonlySet<string> | undefined, other: ReadonlySet<string> | undefined): ReadonlySet<string> | undefined {
  return one === undefined || other === undefined ? (one ?? other) : new Set([...one, ...other]);
}

function readOauth(extensions: readonly z.output<typeof extension>[]): Capability['oauth'] {
  const parts = extensions.find(({ url }) => url === oauthUris)?.extension;
  if (parts === undefined) return undefined;
  const find = (name: string): string | undefined => {
    const part = parts.find(({ url }) => url === name);
    return part?.valueUri ?? part?.valueUrl;
  };
  return { authorize: find('authorize'), token: find('token') };
}

export function stateOfType({ resources }: Capability, type: string): Stated {
  if (resources === undefined) return 'not stated';
  return resources.has(type) ? 'supported' : 'not supported';
}

export function stateOfInteraction(capability: Capability, type: string, interaction: string): Stated {
  const ofType = stateOfType(capability, type);
  if (ofType !== 'supported') return ofType;
  return stateIn(capability.resources?.get(type)?.interactions, interaction);
}

/** Parameters of the result, such as `_count`: few statements list them, and silence is no refusal. */
export function stateOfParameter(capability: Capability, type: string, name: string): Stated {
  const ofType = stateOfType(capability, type);
  if (ofType !== 'supported') return ofType;
  if (capability.everywhere.has(name)) return 'supported';
  const state = stateIn(capability.resources?.get(type)?.parameters, name);
  return state === 'not supported' && name.startsWith('_') ? 'not stated' : state;
}

/** An empty list names nothing: statements are written that leave it so. */
function stateIn(listed: ReadonlySet<string> | undefined, name: string): Stated {
  if (listed === undefined || listed.size === 0) return 'not stated';
  return listed.has(name) ? 'supported' : 'not supported';
}

const releases: readonly (readonly [RegExp, string])[] = [
  [/^0\.[0-4]\b/, 'DSTU1'],
  [/^(0\.5|1\.0)\b/, 'DSTU2'],
  [/^(1\.[1-9]|3\.0)\b/, 'STU3'],
  [/^4\.[13]\b/, 'R4B'],
  [/^(4\.[2456]|5\.0)\b/, 'R5'],
  [/^6\.0\b/, 'R6'],
];

/** "R5 (5.0.0)" */
export function nameRelease(fhirVersion: string): string {
  const name = releases.find(([form]) => form.test(fhirVersion))?.[1];
  return name === undefined ? `version "${fhirVersion}"` : `${name} (${fhirVersion})`;
}
