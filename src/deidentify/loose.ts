/** Reads FHIR that may be malformed: a wrong shape is an absent value. Knows JSON, no clinical meaning. */

export type Loose = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): Loose | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : undefined;
}

/** FHIR lists; a single object where a list belongs is a list of one (Epic and the Sandbox send `category` so). */
export function asObjects(value: unknown): readonly Loose[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map(asObject).filter((item) => item !== undefined);
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
