/** Checks of prefetch templates. CDS Hooks 2.0, "Prefetch Template". */
import { type Check, ruleOn } from './check.js';
import { servicesOf } from './discovery.js';
import { hookShapes, userTokens } from './hooks.js';
import { isObject, isText, wordOf } from './json.js';
import type { Observed } from './observed.js';
import { isResourceType } from './resource-types.js';

interface Template {
  readonly where: string;
  readonly hook: string;
  readonly text: string;
}

function templatesOf(seen: Observed): readonly Template[] {
  return servicesOf(seen).flatMap(({ where, value: { hook, prefetch } }) =>
    isObject(prefetch)
      ? Object.entries(prefetch).flatMap(([key, text]) => (isText(text) ? [{ where: `${where}.prefetch.${key}`, hook: wordOf(hook), text }] : []))
      : [],
  );
}

const rule = ruleOn(templatesOf, 'no service asks for prefetch');
const tokens = '2.0 Prefetch tokens';
const restrictions = '2.0 Prefetch query restrictions';

/** As a client would fill it in: `userId` brings its type along, every other token is a bare id. */
function resolve(text: string): string {
  return text.replaceAll(/\{\{\s*context\.userId\s*\}\}/g, 'Practitioner/x').replaceAll(/\{\{.*?\}\}/g, 'x');
}

function tokensOf(text: string): readonly string[] {
  // Not trimmed: "MUST contain only the qualified path".
  return [...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, token = '']) => token);
}

/** Braces beside those of whole tokens: CH-21 says so, and the rest of the template cannot be read. */
function hasLooseBraces(text: string): boolean {
  return /[{}]/.test(text.replaceAll(/\{\{.*?\}\}/g, ''));
}

interface Query {
  readonly type: string;
  readonly parameters: readonly (readonly [name: string, value: string | undefined])[];
}

/** Undefined where it is neither a read nor a type-level search. */
function parse(text: string): Query | undefined {
  if (hasLooseBraces(text)) return undefined;
  const [path = '', ...rest] = resolve(text).split('?');
  if (rest.length === 0) {
    const type = /^([A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}$/.exec(path)?.[1];
    return type === undefined ? undefined : { type, parameters: [] };
  }
  if (!/^[A-Za-z]+$/.test(path)) return undefined;
  const parameters = rest
    .join('?')
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? ([pair, undefined] as const) : ([pair.slice(0, at), pair.slice(at + 1)] as const);
    });
  return { type: path, parameters };
}

/** `name`, `name:modifier`, `_name`, and chains `a.b`, `a:Type.b`. */
const parameterName = /^_?[A-Za-z][\w-]*(:[A-Za-z-]+)?(\.[\w-]+(:[A-Za-z-]+)?)*$|^_has:\w+:[\w-]+:[\w-]+$/;

const syntax: readonly Check[] = [
  rule(['CH-20a', 'must', 'a template is a relative read or type-level search', '2.0 Prefetch Template'], ({ where, text }) =>
    parse(text) === undefined && !hasLooseBraces(text) ? `${where}: ${text}` : undefined,
  ),
  rule(['CH-20b', 'should', 'a template names a resource type of FHIR', '2.0 Prefetch Template'], ({ where, text }) => {
    const type = parse(text)?.type;
    return type === undefined || isResourceType(type) ? undefined : `${where}: ${type} is none`;
  }),
  rule(['CH-20c', 'must', 'the parameters of a template are well-formed', '2.0 Prefetch Template'], ({ where, text }) => {
    const wrong = parse(text)?.parameters.find(([name, value]) => !parameterName.test(name) || !value || /[\s"<>\\^`#?]/.test(value));
    return wrong === undefined ? undefined : `${where}: ${wrong.join('=')}`;
  }),
  rule(['CH-21', 'must', 'a token holds a field of the context, or one of the user ids', tokens], ({ where, text }) => {
    if (hasLooseBraces(text)) return `${where}: braces do not match`;
    const wrong = tokensOf(text).find((token) => !/^context\.\w+$/.test(token) && !userTokens.includes(token));
    return wrong === undefined ? undefined : `${where}: {{${wrong}}}`;
  }),
  rule(['CH-22', 'must', 'a token is one that the hook allows', tokens], ({ where, hook, text }) => {
    const allowed = Object.hasOwn(hookShapes, hook) ? hookShapes[hook]?.tokens : undefined;
    const fields = tokensOf(text).flatMap((token) => /^context\.(\w+)$/.exec(token)?.[1] ?? []);
    const wrong = allowed === undefined ? undefined : fields.find((field) => !allowed.includes(field));
    return wrong === undefined ? undefined : `${where}: ${hook} has no token context.${wrong}`;
  }),
];

/** Of the parameters that every type has, those that the subset leaves out; `_include` is CH-25's. */
const outsideSubset = new Set(
  '_revinclude _has _filter _query _text _content _list _summary _elements _contained _containedType _total _format _maxresults'.split(' '),
);

const subset: readonly Check[] = [
  rule(['CH-24', 'should', 'a template stays within the recommended subset of search', restrictions], ({ where, text }) => {
    const wrong = parse(text)?.parameters.find(([name, value = '']) => {
      const [plain = '', modifier] = name.split(':');
      if (plain === 'sort' || plain === '_include') return false;
      // `ne`, `sa`, `eb` and `ap` before a year: comparisons of a date that the subset leaves out.
      if (/^(ne|sa|eb|ap)\d{4}/.test(value)) return true;
      return name.includes('.') || (modifier !== undefined && modifier !== 'in') || outsideSubset.has(plain);
    });
    return wrong === undefined ? undefined : `${where}: ${wrong.join('=')}`;
  }),
  rule(['CH-25', 'should', 'no template has sort:desc (FHIR has _sort=-x) or _include', 'practice: FHIR search'], ({ where, text }) => {
    const wrong = parse(text)?.parameters.find(([name]) => /^(sort|_include)(:|$)/.test(name));
    return wrong === undefined ? undefined : `${where}: ${wrong.join('=')}`;
  }),
  rule(['CH-26', 'should', 'no template has a parameter twice', 'practice: a client in wide use turns it into OR'], ({ where, text }) => {
    const names = parse(text)?.parameters.map(([name]) => name) ?? [];
    const twice = names.find((name, index) => names.indexOf(name) < index);
    return twice === undefined ? undefined : `${where}: ${twice}`;
  }),
];

export const templateChecks: readonly Check[] = [...syntax, ...subset];
