/** Checks of discovery: its address and the description of each service. CDS Hooks 2.0, "Discovery". Prefetch templates: templates.ts. */
import { type Check, failed, fieldRuleOn, judgeEach, notApplicable, passed, ruleOn, type Verdict } from './check.js';
import { hookShapes } from './hooks.js';
import { isObject, isPresent, isText, type Json, quote, wordOf } from './json.js';
import { type Answer, describeExchange, isJsonType, isLockedOut, type Observed, type Placed, sightingsOf } from './observed.js';

const section = '2.0 Discovery';

const address: readonly Check[] = [
  {
    id: 'CH-1a',
    level: 'should',
    title: 'the address is https',
    source: '2.0 Security and Safety (production)',
    judge({ base }) {
      const { protocol, hostname } = new URL(base);
      if (/^(localhost|127\..*|\[::1\])$/.test(hostname)) return notApplicable('the service runs on this machine');
      return protocol === 'https:' ? passed : failed(`${protocol}// carries patient data in the clear`);
    },
  },
  {
    id: 'CH-7a',
    level: 'must',
    title: 'discovery is at {base}/cds-services and answers 200',
    source: section,
    judge: ({ discovery, isTokenWanted }) => {
      if (discovery.kind === 'answer' && discovery.status === 200) return passed;
      if (isTokenWanted && isLockedOut(discovery)) return notApplicable('discovery wants a token that was not given');
      return failed(describeExchange(discovery));
    },
  },
  discoveryRule('CH-1b', 'the answer of discovery is declared as JSON', '2.0 Use of JSON', (answer) =>
    isJsonType(answer) ? undefined : `content-type is ${answer.headers['content-type'] ?? 'missing'}`,
  ),
  discoveryRule('CH-5a', 'the answer of discovery is JSON and nothing else', '2.0 Use of JSON', ({ json, text }) =>
    json === undefined ? `the body does not parse as JSON: ${quote(text)}` : undefined,
  ),
  discoveryRule('CH-7b', 'the answer of discovery is an object with an array of services', section, ({ json }) => {
    if (json === undefined) return undefined;
    if (!isObject(json)) return `it is ${quote(json)}`;
    if (!Array.isArray(json['services'])) return `services is ${quote(json['services'])}`;
    return json['services'].every(isObject) ? undefined : 'an entry of services is no object';
  }),
  {
    id: 'CH-7c',
    level: 'should',
    title: 'discovery is stable: asked twice, it says the same',
    source: section,
    judge(seen) {
      const [again] = sightingsOf(seen, 'discovery-again');
      if (again === undefined || again.exchange.kind === 'silence' || seen.discovery.kind === 'silence') return notApplicable('not asked twice');
      return JSON.stringify(again.exchange.json) === JSON.stringify(seen.discovery.json)
        ? passed
        : failed('the second answer differs from the first');
    },
  },
];

/** A must about an answer of 200; what else discovery may answer is CH-7a's. */
function discoveryRule(id: string, title: string, source: string, faultOf: (answer: Answer) => string | undefined): Check {
  const judge = ({ discovery }: Observed): Verdict =>
    judgeEach(discovery.kind === 'answer' && discovery.status === 200 ? [discovery] : [], faultOf, 'discovery did not answer 200');
  return { id, level: 'must', title, source, judge };
}

/** Each described service, under its id where it has one. */
export function servicesOf({ services }: Observed): readonly Placed<Json>[] {
  return services.flatMap((value, index) => (isObject(value) ? [{ where: isText(value['id']) ? value['id'] : `services[${index}]`, value }] : []));
}

const service = ruleOn(servicesOf, 'no service is listed');
const serviceField = fieldRuleOn(servicesOf, 'no service has it');

/** Path segments by RFC 3986; a lone dot or two would be steps up the path. */
const segment = /^(?!\.{1,2}$)[A-Za-z0-9\-._~!$&'()*+,;=:@]+$/;
/** "noun-verb", or reverse domain notation where the hook is an organisation's own. */
const ownHook = /^[a-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

const description: readonly Check[] = [
  service(['CH-9a', 'must', 'each service has a hook', section], ({ where, value }) => missing(where, 'hook', value)),
  service(['CH-9b', 'should', 'the hook is a published one, or in reverse domain notation', '2.0 Hook Definition Format'], ({ where, value }) => {
    const hook = value['hook'];
    return !isText(hook) || Object.hasOwn(hookShapes, hook) || ownHook.test(hook) ? undefined : `${where}: ${quote(hook)} is neither`;
  }),
  service(['CH-10', 'should', 'each service has a title', section], ({ where, value }) =>
    value['title'] === undefined || (isPresent(value['title']) && !isText(value['title']))
      ? `${where}: title is ${quote(value['title'])}`
      : undefined,
  ),
  service(['CH-11', 'must', 'each service has a description', section], ({ where, value }) => missing(where, 'description', value)),
  service(['CH-12a', 'must', 'each service has an id', section], ({ where, value }) => missing(where, 'id', value)),
  service(['CH-12b', 'must', 'the id can stand in an address as it is', section], ({ value: { id } }) =>
    !isText(id) || segment.test(id) ? undefined : `${quote(id)} is no path segment`,
  ),
  uniqueIds(['CH-12c', 'must', 'no id occurs twice for one hook', section], ({ id, hook }) => `${wordOf(id)} for ${wordOf(hook)}`),
  {
    ...uniqueIds(
      ['CH-17', 'should', 'no id serves several hooks', 'practice: clients that know a service by its address call one of them'],
      ({ id }) => wordOf(id),
    ),
    judge(seen) {
      // The same id for the same hook is CH-12c's.
      const pairs = [...new Map(servicesOf(seen).map(({ value }) => [`${wordOf(value['hook'])} ${wordOf(value['id'])}`, value])).values()];
      return judgeUnique(pairs, ({ id }) => wordOf(id));
    },
  },
  serviceField(['CH-13', 'must', 'prefetch is an object of strings', section], 'prefetch', (prefetch) => {
    if (!isObject(prefetch)) return `is ${quote(prefetch)}`;
    const wrong = Object.entries(prefetch).find(([, template]) => isPresent(template) && !isText(template));
    return wrong === undefined ? undefined : `has ${quote(wrong[1])} at ${quote(wrong[0])}`;
  }),
  serviceField(['CH-14', 'must', 'usageRequirements is a string', section], 'usageRequirements', (value) =>
    isText(value) ? undefined : `is ${quote(value)}`,
  ),
];

function missing(where: string, field: string, value: Json): string | undefined {
  return isText(value[field]) ? undefined : `${where}: ${field} is ${quote(value[field])}`;
}

function uniqueIds([id, level, title, source]: readonly [string, Check['level'], string, string], keyOf: (service: Json) => string): Check {
  const judge = (seen: Observed): Verdict =>
    judgeUnique(
      servicesOf(seen).map(({ value }) => value),
      keyOf,
    );
  return { id, level, title, source, judge };
}

function judgeUnique(services: readonly Json[], keyOf: (service: Json) => string): Verdict {
  const keys = services.filter(({ id }) => isText(id)).map(keyOf);
  return judgeEach(keys, (key) => (keys.indexOf(key) === keys.lastIndexOf(key) ? undefined : `${key} is listed twice`), 'no service is listed');
}

export const discoveryChecks: readonly Check[] = [...address, ...description];
