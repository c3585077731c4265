/** Reading JSON whose shape nobody promised: what is there, and what is null or empty. Knows no rule of CDS Hooks. */

export interface Json {
  readonly [key: string]: unknown;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string that says something. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && /\S/.test(value);
}

/** There and neither null nor empty: what is null or empty is judged once, by the rule about that, and by no other. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && kindOfHole(value) === undefined;
}

export interface Hole {
  readonly path: string;
  readonly kind: 'null' | 'empty';
}

/** Every null and every empty string, list and object, with the path to it. */
export function findHoles(value: unknown, path = ''): readonly Hole[] {
  const kind = kindOfHole(value);
  if (kind !== undefined) return [{ path, kind }];
  if (Array.isArray(value)) return value.flatMap((child, index) => findHoles(child, `${path}[${index}]`));
  if (isObject(value)) return Object.entries(value).flatMap(([key, child]) => findHoles(child, path === '' ? key : `${path}.${key}`));
  return [];
}

function kindOfHole(value: unknown): Hole['kind'] | undefined {
  if (value === null) return 'null';
  if (value === '' || (Array.isArray(value) && value.length === 0)) return 'empty';
  return isObject(value) && Object.keys(value).length === 0 ? 'empty' : undefined;
}

/** A value in a sentence: short, quoted as JSON. */
export function quote(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A value that should be a word; whatever else it is becomes JSON. Not `String`, which throws on `{ toString: {} }`. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value);
}

/** Absolute, and of a kind that a browser loads. */
export function isWebUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
