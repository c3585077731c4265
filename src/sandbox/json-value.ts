/** Walks JSON of unknown shape without trusting it. Knows nothing of FHIR. */

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All values at a dotted path, arrays flattened on the way: `code.coding` of an Observation gives its codings. */
export function valuesAt(value: unknown, path: string): readonly unknown[] {
  let current: readonly unknown[] = [value];
  for (const key of path.split('.')) {
    current = current.flatMap((item) => (isRecord(item) && Object.hasOwn(item, key) ? flatten(item[key]) : []));
  }
  return current;
}

function flatten(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

export function textAt(value: unknown, path: string): string | undefined {
  return valuesAt(value, path).find((item) => typeof item === 'string');
}

/** Iterative on purpose: a recursive check would overflow on exactly the input that it is there to refuse. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level
      .flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
      .filter((item) => typeof item === 'object');
  }
  return false;
}
