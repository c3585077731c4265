/** Faults to plant, as data: how the good service is changed, and the one check that must find it. */
import { markup } from '../../../src/cli/conformance/variations.js';
import { type Change, edit, type Incoming, isJson, type Reply, reply } from './fake.js';

export interface Fault extends Change {
  readonly name: string;
  /** The one check that fails. */
  readonly fails: string;
  /** The person who runs the check demands a token. */
  readonly isTokenRequired?: boolean;
}

type Json = Record<string, unknown>;
const clear = (incoming: Incoming, change: (reply: Reply) => Reply, normal: Reply): Reply =>
  incoming.kind === 'service' && normal.status === 200 ? change(normal) : normal;
/** Answers so where the request is such. */
const when = (is: (incoming: Incoming) => boolean, then: Reply | undefined | ((normal: Reply) => Reply)): Pick<Change, 'reply'> => ({
  reply: (incoming, normal) => (is(incoming) ? (typeof then === 'function' ? then(normal) : then) : normal),
});
const isDiscovery = ({ kind, method }: Incoming): boolean => kind === 'discovery' && method === 'GET';
const isCall = (incoming: Incoming): boolean => incoming.kind === 'service' && incoming.method === 'POST';
const isBroken = ({ kind, text }: Incoming): boolean => kind === 'service' && text.startsWith('{') && !isJson(text);
const prefetchOf = ({ json }: Incoming): Json => (json['prefetch'] ?? {}) as Json;
const contextOf = ({ json }: Incoming): Json => (typeof json['context'] === 'object' ? (json['context'] as Json) : {});
const entriesOf = ({ kind, json }: Incoming): readonly Json[] => (kind === 'feedback' && Array.isArray(json['feedback']) ? json['feedback'] : []);
const isPlain = (incoming: Incoming): boolean =>
  isCall(incoming) &&
  'hook' in incoming.json &&
  !('extension' in incoming.json || 'fieldOfALaterVersion' in incoming.json) &&
  incoming.headers['content-type'] === 'application/json' &&
  !incoming.text.includes(markup) &&
  incoming.headers.origin === undefined;
const withHeader = (name: string, value: string) => (normal: Reply) => ({ ...normal, headers: { ...normal.headers, [name]: value } });
const withoutHeader = (name: string) => (normal: Reply) => ({
  ...normal,
  headers: Object.fromEntries(Object.entries(normal.headers).filter(([key]) => key !== name)),
});
const withAnswer = (edits: Readonly<Record<string, unknown>>) => (normal: Reply) => ({
  ...normal,
  body: JSON.stringify(edit(JSON.parse(normal.body), edits)),
});
const template = (text: string): Pick<Change, 'discovery'> => ({ discovery: { 'services/0/prefetch/extra': text } });
const id = '{{context.patientId}}';
const first = 'services/0';
const card = 'cards/0';
const action = 'cards/0/suggestions/0/actions';

const discovery: readonly Fault[] = [
  { name: 'discovery is not there', fails: 'CH-7a', ...when(isDiscovery, reply(404)) },
  { name: 'discovery has moved', fails: 'CH-7a', ...when(isDiscovery, reply(301, '', { location: '/elsewhere' })) },
  { name: 'discovery is declared as text', fails: 'CH-1b', ...when(isDiscovery, withHeader('content-type', 'text/plain')) },
  { name: 'discovery has a trailing comma', fails: 'CH-5a', ...when(isDiscovery, reply(200, '{"services":[],}')) },
  {
    name: 'discovery begins with a byte order mark',
    fails: 'CH-5a',
    ...when(isDiscovery, reply(200, '\ufeff{"services":[]}')),
  },
  { name: 'discovery is a bare array', fails: 'CH-7b', ...when(isDiscovery, reply(200, '[]')) },
  { name: 'services is missing', fails: 'CH-7b', discovery: { services: undefined } },
  { name: 'services is null', fails: 'CH-7b', discovery: { services: null } },
  { name: 'a service is null', fails: 'CH-7b', discovery: { 'services/1': null } },
  { name: 'discovery changes each time', fails: 'CH-7c', discovery: { [`${first}/title`]: () => crypto.randomUUID() } },
  { name: 'a service without hook', fails: 'CH-9a', discovery: { [`${first}/hook`]: undefined } },
  { name: 'an empty hook', fails: 'CH-9a', discovery: { [`${first}/hook`]: '' } },
  { name: 'a hook that nobody has published', fails: 'CH-9b', discovery: { 'services/1/hook': 'view-patient' } },
  { name: 'a hook called constructor', fails: 'CH-9b', discovery: { 'services/1/hook': 'constructor' } },
  { name: 'no title', fails: 'CH-10', discovery: { [`${first}/title`]: undefined } },
  { name: 'a title that is a number', fails: 'CH-10', discovery: { [`${first}/title`]: 7 } },
  { name: 'no description', fails: 'CH-11', discovery: { [`${first}/description`]: undefined } },
  { name: 'a description that is null', fails: 'CH-11', discovery: { [`${first}/description`]: null } },
  { name: 'no id', fails: 'CH-12a', discovery: { 'services/1/id': undefined } },
  { name: 'an id that is a number', fails: 'CH-12a', discovery: { 'services/1/id': 7 } },
  { name: 'an id with a space', fails: 'CH-12b', discovery: { [`${first}/id`]: 'the greeter' } },
  { name: 'an id with a slash', fails: 'CH-12b', discovery: { [`${first}/id`]: 'the/greeter' } },
  {
    name: 'the same service twice',
    fails: 'CH-12c',
    discovery: { 'services/1': (root: Json) => (root['services'] as readonly Json[])[0] },
  },
  { name: 'one id for two hooks', fails: 'CH-17', discovery: { 'services/1/id': 'greeter' } },
  { name: 'prefetch is a list', fails: 'CH-13', discovery: { 'services/1/prefetch': ['Patient/1'] } },
  { name: 'a template is an object', fails: 'CH-13', discovery: { [`${first}/prefetch/extra`]: { url: 'Patient/1' } } },
  { name: 'usageRequirements is a list', fails: 'CH-14', discovery: { [`${first}/usageRequirements`]: ['none'] } },
  { name: 'a template with a leading slash', fails: 'CH-20a', ...template(`/Patient/${id}`) },
  { name: 'an absolute template', fails: 'CH-20a', ...template(`https://ehr.example/Patient/${id}`) },
  { name: 'a template that names the type twice', fails: 'CH-20a', ...template('Practitioner/{{context.userId}}') },
  { name: 'a template that is an operation', fails: 'CH-20a', ...template(`Patient/${id}/$everything`) },
  { name: 'a template for a type that is none', fails: 'CH-20b', ...template(`Patients/${id}`) },
  { name: 'a parameter without value', fails: 'CH-20c', ...template(`Condition?patient=${id}&code`) },
  { name: 'a parameter behind a space', fails: 'CH-20c', ...template(`Condition?patient=${id}& code=x`) },
  { name: 'a token of FHIRPath', fails: 'CH-21', ...template('Condition?recorded-date={{today()}}') },
  { name: 'a token below the first level', fails: 'CH-21', ...template('Condition?patient={{context.patient.id}}') },
  { name: 'a token with spaces', fails: 'CH-21', ...template('Patient/{{ context.patientId }}') },
  { name: 'a token that does not close', fails: 'CH-21', ...template('Patient/{{context.patientId}') },
  { name: 'a token that the hook does not have', fails: 'CH-22', ...template('Condition?_id={{context.selections}}') },
  { name: 'a modifier outside the subset', fails: 'CH-24', ...template(`Condition?patient=${id}&code:not=x`) },
  { name: 'a chained parameter', fails: 'CH-24', ...template('Condition?patient.name=x') },
  { name: 'a prefix outside the subset', fails: 'CH-24', ...template(`Condition?patient=${id}&recorded-date=ne2020-01-01`) },
  { name: 'sort:desc', fails: 'CH-25', ...template(`Observation?patient=${id}&sort:desc=date`) },
  { name: '_include', fails: 'CH-25', ...template(`MedicationRequest?patient=${id}&_include=MedicationRequest:medication`) },
  { name: 'a parameter twice', fails: 'CH-26', ...template(`Observation?patient=${id}&date=ge2020-01-01&date=le2021-01-01`) },
  { name: 'null in discovery', fails: 'CH-2a', discovery: { [`${first}/usageRequirements`]: null } },
  { name: 'an empty string in discovery', fails: 'CH-3a', discovery: { [`${first}/title`]: '' } },
  { name: 'an empty prefetch', fails: 'CH-3a', discovery: { 'services/1/prefetch': {} } },
  { name: 'an extension that is a string', fails: 'CH-98a', discovery: { [`${first}/extension`]: 'x' } },
  { name: 'a misspelt attribute in discovery', fails: 'CH-98c', discovery: { [`${first}/preFetch`]: { a: 'b' } } },
];

const requests: readonly Fault[] = [
  { name: 'calls take two seconds', fails: 'CH-40', tookMs: 2000 },
  {
    name: 'good calls fail',
    fails: 'CH-46a',
    ...when(
      (incoming) => isPlain(incoming) && contextOf(incoming)['userId'] !== undefined && prefetchOf(incoming)['patient'] !== undefined,
      (normal) => (normal.status === 200 ? reply(500) : normal),
    ),
  },
  { name: 'good calls are answered with 204', fails: 'CH-46a', reply: (incoming, normal) => clear(incoming, () => reply(204), normal) },
  {
    name: 'cards are declared as HTML',
    fails: 'CH-46b',
    reply: (incoming, normal) => clear(incoming, withHeader('content-type', 'text/html'), normal),
  },
  {
    name: 'a charset is refused',
    fails: 'CH-28f',
    ...when((incoming) => isCall(incoming) && /charset/.test(incoming.headers['content-type'] ?? ''), reply(415)),
  },
  { name: 'an extension is refused', fails: 'CH-42', ...when((incoming) => isCall(incoming) && 'extension' in incoming.json, reply(400)) },
  {
    name: 'unknown fields are refused',
    fails: 'CH-33b',
    ...when((incoming) => isCall(incoming) && 'fieldOfALaterVersion' in incoming.json, reply(400)),
  },
  {
    name: 'UUIDs in upper case are refused',
    fails: 'CH-30c',
    ...when(({ json }) => /^[0-9A-F-]{36}$/.test(String(json['hookInstance'])), reply(400)),
  },
  {
    name: 'no prefetch is a server error',
    fails: 'CH-38a',
    ...when(
      (incoming) => isCall(incoming) && 'hook' in incoming.json && !('prefetch' in incoming.json) && !('fhirServer' in incoming.json),
      reply(500),
    ),
  },
  { name: 'a dead FHIR server is a server error', fails: 'CH-38b', ...when(({ json }) => 'fhirServer' in json, reply(502)) },
  { name: 'null in prefetch is a server error', fails: 'CH-34a', ...when((incoming) => prefetchOf(incoming)['patient'] === null, reply(500)) },
  { name: 'half of the prefetch is refused', fails: 'CH-34b', ...when((incoming) => Object.keys(prefetchOf(incoming)).length === 1, reply(400)) },
  {
    name: 'an OperationOutcome for a resource is a server error',
    fails: 'CH-35a',
    ...when((incoming) => (prefetchOf(incoming)['patient'] as Json | null)?.['resourceType'] === 'OperationOutcome', reply(500)),
  },
  {
    name: 'an OperationOutcome in a Bundle is a server error',
    fails: 'CH-35b',
    ...when(({ text }) => text.includes('"mode":"outcome"'), reply(500)),
  },
  { name: 'a next page is a server error', fails: 'CH-36', ...when(({ text }) => text.includes('"relation":"next"'), undefined) },
  { name: "another patient's data are used", fails: 'CH-45', lenient: ['patient'] },
  { name: 'a body that is no JSON is answered', fails: 'CH-28a', ...when(isBroken, reply(200, { cards: [] })) },
  { name: 'an empty body is answered', fails: 'CH-28b', lenient: ['empty'] },
  { name: 'an array is answered', fails: 'CH-28c', lenient: ['object'] },
  { name: 'a missing hook is not minded', fails: 'CH-28d', lenient: ['hook'] },
  { name: 'a missing context is not minded', fails: 'CH-28e', lenient: ['context'] },
  { name: 'XML is answered', fails: 'CH-28g', lenient: ['media'] },
  { name: 'GET is answered', fails: 'CH-28h', lenient: ['method'] },
  { name: "another hook's call is answered", fails: 'CH-29', lenient: ['other-hook'] },
  { name: 'a missing hookInstance is not minded', fails: 'CH-30a', lenient: ['instance'] },
  { name: 'a hookInstance of any form is taken', fails: 'CH-30b', lenient: ['instance-form'] },
  { name: 'a token without server is not minded', fails: 'CH-31', lenient: ['server'] },
  { name: 'a missing field of the context is not minded', fails: 'CH-33a', lenient: ['field'] },
  { name: 'an unknown service is a bad request', fails: 'CH-18a', ...when(({ url }) => url.endsWith('/conformance-no-such-service'), reply(400)) },
  {
    name: 'an unknown service is answered',
    fails: 'CH-18a',
    ...when(({ url }) => url.endsWith('/conformance-no-such-service'), reply(200, { cards: [] })),
  },
  { name: 'a broken percent sign is a server error', fails: 'CH-18b', ...when(({ url }) => url.includes('%E0%A4%A'), reply(500)) },
  {
    name: 'broken JSON is a server error',
    fails: 'CH-18c',
    ...when(isBroken, reply(500)),
  },
  {
    name: 'broken JSON breaks the connection',
    fails: 'CH-18c',
    ...when(isBroken, undefined),
  },
  {
    name: 'a missing field is not found',
    fails: 'CH-18d',
    ...when(
      (incoming) => isCall(incoming) && 'hook' in incoming.json && !('userId' in contextOf(incoming)),
      (normal) => (normal.status === 400 ? reply(404) : normal),
    ),
  },
  {
    name: 'a refusal shows the stack',
    fails: 'CH-18e',
    reply: (_incoming, normal) => (normal.status === 400 ? reply(400, 'Error: x\n    at parse (/app/src/a.js:3:9)\n') : normal),
  },
  {
    name: 'a refusal shows a stack in JSON',
    fails: 'CH-18e',
    reply: (_incoming, normal) => (normal.status === 412 ? reply(412, { stack: 'Error\n    at run (/app/x.js:1:1)' }) : normal),
  },
  {
    name: 'the access token comes back',
    fails: 'CH-41',
    ...when(
      ({ json }) => 'fhirServer' in json,
      (normal) => ({ ...normal, headers: { ...normal.headers, 'x-token': 'conformance-check-access-token-4f1d' } }),
    ),
  },
];

const cards: readonly Fault[] = [
  {
    name: 'the answer is cut off',
    fails: 'CH-5b',
    reply: (incoming, normal) => clear(incoming, (good) => ({ ...good, body: good.body.slice(0, -1) }), normal),
  },
  {
    name: 'the answer is not UTF-8',
    fails: 'CH-5b',
    reply: (incoming, normal) => clear(incoming, (good) => ({ ...good, body: `${good.body}\ufeff` }), normal),
  },
  {
    name: 'the answer is a bare array',
    fails: 'CH-46c',
    reply: (incoming, normal) => clear(incoming, (good) => ({ ...good, body: `[${good.body}]` }), normal),
  },
  { name: 'cards is missing', fails: 'CH-46c', answer: { cards: undefined } },
  { name: 'cards is an object', fails: 'CH-46c', answer: { cards: (root: Json) => (root['cards'] as readonly Json[])[0] } },
  { name: 'a card is null', fails: 'CH-46c', answer: { 'cards/1': null } },
  { name: 'no summary', fails: 'CH-50a', answer: { [`${card}/summary`]: undefined } },
  { name: 'a blank summary', fails: 'CH-50a', answer: { [`${card}/summary`]: ' ' } },
  { name: 'a summary that is a number', fails: 'CH-50a', answer: { [`${card}/summary`]: 5 } },
  { name: 'a summary of 140 characters', fails: 'CH-50b', answer: { [`${card}/summary`]: 'x'.repeat(140) } },
  { name: 'a summary of two lines', fails: 'CH-50c', answer: { [`${card}/summary`]: 'one\ntwo' } },
  { name: 'a detail that is an object', fails: 'CH-51', answer: { [`${card}/detail`]: { text: 'x' } } },
  { name: 'no indicator', fails: 'CH-52', answer: { [`${card}/indicator`]: undefined } },
  { name: 'the indicator hard-stop', fails: 'CH-52', answer: { [`${card}/indicator`]: 'hard-stop' } },
  {
    name: 'two cards with one uuid',
    fails: 'CH-49a',
    answer: { 'cards/1/uuid': (root: { readonly cards: readonly Json[] }) => root.cards[0]?.['uuid'] },
  },
  { name: 'the same uuid in every answer', fails: 'CH-49b', answer: { 'cards/1/uuid': '4e0a3a1e-3283-4575-ab82-028d55fe2719' } },
  { name: 'a uuid that is none', fails: 'CH-49c', answer: { 'cards/1/uuid': () => `card-${Math.random()}` } },
  { name: 'no source', fails: 'CH-53', answer: { 'cards/1/source': undefined } },
  { name: 'a source without label', fails: 'CH-53', answer: { [`${card}/source/label`]: undefined } },
  { name: 'a source that is a string', fails: 'CH-53', answer: { 'cards/1/source': 'A guideline' } },
  { name: 'a relative source url', fails: 'CH-54', answer: { [`${card}/source/url`]: '/guideline' } },
  { name: 'an icon that is data', fails: 'CH-55', answer: { [`${card}/source/icon`]: 'data:image/png;base64,AA==' } },
  { name: 'a topic without code', fails: 'CH-56', answer: { [`${card}/source/topic/code`]: undefined } },
  { name: 'a topic that is a string', fails: 'CH-56', answer: { [`${card}/source/topic`]: 'greeting' } },
  { name: 'HTML in a summary', fails: 'CH-69a', answer: { [`${card}/summary`]: 'Due <b>now</b>' } },
  { name: 'a script in a detail', fails: 'CH-69b', answer: { [`${card}/detail`]: 'x <script>alert(1)</script>' } },
  { name: 'a script behind a link of a detail', fails: 'CH-69b', answer: { [`${card}/detail`]: '[more](javascript:alert(1))' } },
  {
    name: 'markup of the chart comes back',
    fails: 'CH-69c',
    ...when(({ kind, text }) => kind === 'service' && text.includes(markup), withAnswer({ [`${card}/detail`]: `Has ${markup}.` })),
  },
  { name: 'null in a card', fails: 'CH-2b', answer: { [`${card}/detail`]: null } },
  { name: 'an empty list in a card', fails: 'CH-3b', answer: { 'cards/1/links': [] } },
  { name: 'an empty list of system actions', fails: 'CH-3b', answer: { systemActions: [] } },
  { name: 'an empty string in a card', fails: 'CH-3b', answer: { 'cards/1/detail': '' } },
  { name: 'an empty extension', fails: 'CH-3b', answer: { [`${card}/extension`]: {} } },
  { name: 'an empty list in an extension', fails: 'CH-3c', answer: { [`${card}/extension/org.example.note`]: { a: [] } } },
  { name: 'an extension of a card that is a list', fails: 'CH-98a', answer: { [`${card}/extension`]: ['x'] } },
  { name: 'an extension key that could be anybody’s', fails: 'CH-98b', answer: { [`${card}/extension`]: { note: 1 } } },
  { name: 'a misspelt attribute of a card', fails: 'CH-98c', answer: { 'cards/1/details': 'x' } },
];

const offers: readonly Fault[] = [
  { name: 'no selectionBehavior', fails: 'CH-57a', answer: { [`${card}/selectionBehavior`]: undefined } },
  { name: 'the selectionBehavior all', fails: 'CH-57b', answer: { [`${card}/selectionBehavior`]: 'all' } },
  { name: 'suggestions is an object', fails: 'CH-57c', answer: { 'cards/1/suggestions': { label: 'x' }, 'cards/1/selectionBehavior': 'any' } },
  { name: 'two recommendations of at most one', fails: 'CH-58a', answer: { [`${card}/suggestions/1/isRecommended`]: true } },
  { name: 'isRecommended is a string', fails: 'CH-58b', answer: { [`${card}/suggestions/0/isRecommended`]: 'yes' } },
  { name: 'a suggestion without label', fails: 'CH-63a', answer: { [`${card}/suggestions/0/label`]: undefined } },
  {
    name: 'two suggestions with one uuid',
    fails: 'CH-63b',
    answer: {
      [`${card}/suggestions/1/uuid`]: (root: { readonly cards: readonly { readonly suggestions: readonly Json[] }[] }) =>
        root.cards[0]?.suggestions[0]?.['uuid'],
    },
  },
  { name: 'actions is an object', fails: 'CH-63c', answer: { [`${card}/suggestions/1/actions`]: { type: 'delete' } } },
  { name: 'a suggestion that feedback cannot name', fails: 'CH-63d', answer: { [`${card}/suggestions/1/uuid`]: undefined } },
  { name: 'actionSelectionBehavior', fails: 'CH-64', answer: { [`${card}/suggestions/0/actionSelectionBehavior`]: 'any' } },
  { name: 'an action of another type', fails: 'CH-65a', answer: { [`${action}/2/type`]: 'remove' } },
  { name: 'an action without description', fails: 'CH-65b', answer: { [`${action}/0/description`]: undefined } },
  { name: 'a create without resource', fails: 'CH-66a', answer: { [`${action}/0/resource`]: undefined } },
  { name: 'an update with a resource without type', fails: 'CH-66a', answer: { [`${action}/1/resource/resourceType`]: undefined } },
  { name: 'a delete of nothing', fails: 'CH-66b', answer: { [`${action}/2/resourceId`]: undefined } },
  {
    name: 'a delete by resource',
    fails: 'CH-66c',
    answer: { [`${action}/2/resourceId`]: undefined, [`${action}/2/resource`]: 'MedicationRequest/r1' },
  },
  { name: 'an absolute resourceId', fails: 'CH-66d', answer: { [`${action}/2/resourceId`]: 'https://ehr.example/MedicationRequest/r1' } },
  { name: 'an update without id', fails: 'CH-66e', answer: { [`${action}/1/resource/id`]: undefined } },
  { name: 'systemActions is an object', fails: 'CH-48a', answer: { systemActions: { type: 'delete' } } },
  { name: 'a system action without description', fails: 'CH-48b', answer: { 'systemActions/0/description': undefined } },
  { name: 'a system action without resource', fails: 'CH-66a', answer: { 'systemActions/0/resource': undefined } },
  { name: 'overrideReasons is a list of strings', fails: 'CH-59a', answer: { [`${card}/overrideReasons`]: ['no'] } },
  { name: 'an override reason without display', fails: 'CH-59b', answer: { [`${card}/overrideReasons/0/display`]: undefined } },
  { name: 'an override reason without system', fails: 'CH-59c', answer: { [`${card}/overrideReasons/0/system`]: undefined } },
  { name: 'links is an object', fails: 'CH-60a', answer: { 'cards/1/links': { label: 'x' } } },
  { name: 'a link without label', fails: 'CH-60b', answer: { [`${card}/links/0/label`]: undefined } },
  { name: 'a link of another type', fails: 'CH-60c', answer: { [`${card}/links/0/type`]: 'relative' } },
  { name: 'a relative link', fails: 'CH-60d', answer: { [`${card}/links/1/url`]: '/launch' } },
  { name: 'appContext on an absolute link', fails: 'CH-61a', answer: { [`${card}/links/0/appContext`]: 'x' } },
  { name: 'appContext is an object', fails: 'CH-61b', answer: { [`${card}/links/1/appContext`]: { run: 1 } } },
];

const isSingle = (incoming: Incoming): boolean => entriesOf(incoming).length === 1 && incoming.isIssued;
const feedback: readonly Fault[] = [
  {
    name: 'acceptance is refused',
    fails: 'CH-72a',
    ...when((incoming) => isSingle(incoming) && 'acceptedSuggestions' in (entriesOf(incoming)[0] ?? {}), reply(400)),
  },
  {
    name: 'a reason is demanded',
    fails: 'CH-72b',
    ...when(
      (incoming) =>
        isSingle(incoming) && ['overrideReason', 'extension', 'acceptedSuggestions'].every((field) => !(field in (entriesOf(incoming)[0] ?? {}))),
      reply(400),
    ),
  },
  { name: 'a reason is refused', fails: 'CH-72c', ...when((incoming) => incoming.text.includes('"overrideReason"'), reply(422)) },
  { name: 'a batch is refused', fails: 'CH-74', ...when((incoming) => entriesOf(incoming).length > 1, reply(400)) },
  {
    name: 'an unknown card is a server error',
    fails: 'CH-78',
    ...when((incoming) => entriesOf(incoming).length === 1 && !incoming.isIssued && 'card' in (entriesOf(incoming)[0] ?? {}), reply(500)),
  },
  {
    name: 'an extension of feedback is refused',
    fails: 'CH-76',
    ...when(({ kind, text }) => kind === 'feedback' && text.includes('"extension"'), reply(400)),
  },
  {
    name: 'feedback that is no JSON is taken',
    fails: 'CH-72d',
    ...when(({ kind, text }) => kind === 'feedback' && text === '{"feedback": [', reply(200)),
  },
  { name: 'feedback without array is taken', fails: 'CH-72e', lenient: ['feedback-array'] },
  { name: 'any outcome is taken', fails: 'CH-73a', lenient: ['feedback-outcome'] },
  { name: 'feedback without card is taken', fails: 'CH-73b', lenient: ['feedback-card'] },
  { name: 'feedback without timestamp is taken', fails: 'CH-73c', lenient: ['feedback-timestamp'] },
  { name: 'acceptance of nothing is taken', fails: 'CH-73d', lenient: ['feedback-suggestions'] },
  {
    name: 'malformed feedback is a server error',
    fails: 'CH-73e',
    reply: (incoming, normal) => (incoming.kind === 'feedback' && normal.status === 400 ? reply(500) : normal),
  },
  {
    name: 'a comment comes back',
    fails: 'CH-77',
    ...when(
      ({ text }) => text.includes('userComment'),
      (normal) => ({ ...normal, body: 'Thanks for conformance-check-comment-9c2e' }),
    ),
  },
];

const tokens: readonly Fault[] = (
  [
    ['a call without token is answered', 'CH-80', 'token-missing'],
    ['feedback without token is taken', 'CH-81', 'token-missing-feedback'],
    ['anything is a token', 'CH-82a', 'token-garbage'],
    ['alg none is let in', 'CH-85a', 'token-none'],
    ['a shared secret is let in', 'CH-85b', 'token-hmac'],
    ['signatures are not verified', 'CH-82b', 'token-signature'],
    ['any issuer is let in', 'CH-86', 'token-issuer'],
    ['expired tokens are let in', 'CH-83b', 'token-expired'],
    ['tokens for others are let in', 'CH-84a', 'token-audience'],
    ['tokens for discovery are let in', 'CH-84b', 'token-sibling'],
    ['tokens of tomorrow are let in', 'CH-88a', 'token-future'],
    ['tokens without jti are let in', 'CH-83c', 'token-jti'],
    ['tokens are let in twice', 'CH-88b', 'token-replay'],
  ] as const
).map(([name, fails, problem]) => ({ name, fails, lenient: [problem], wantsToken: true, isTokenRequired: true }));

const refusals: readonly Fault[] = [
  {
    name: 'right tokens are refused',
    fails: 'CH-83a',
    wantsToken: true,
    isTokenRequired: true,
    ...when((incoming) => isCall(incoming) && incoming.headers.authorization !== undefined, reply(401)),
  },
  {
    name: 'the refused token comes back',
    fails: 'CH-89',
    wantsToken: true,
    isTokenRequired: true,
    reply: (incoming, normal) => (normal.status === 401 ? reply(401, { token: incoming.headers.authorization }) : normal),
  },
];

const isPreflight =
  (kind: Incoming['kind']) =>
  (incoming: Incoming): boolean =>
    incoming.method === 'OPTIONS' && incoming.kind === kind;
const anyPreflight = ({ method }: Incoming): boolean => method === 'OPTIONS';
const cors: readonly Fault[] = [
  { name: 'the preflight of discovery wants a token', fails: 'CH-97a', ...when(isPreflight('discovery'), reply(401)) },
  {
    name: 'the preflight of a service allows nobody',
    fails: 'CH-97b',
    ...when(isPreflight('service'), withoutHeader('access-control-allow-origin')),
  },
  { name: 'the preflight of a service is not there', fails: 'CH-97b', ...when(isPreflight('service'), reply(405)) },
  {
    name: 'the preflight of feedback allows another',
    fails: 'CH-97c',
    ...when(isPreflight('feedback'), withHeader('access-control-allow-origin', 'https://other.example')),
  },
  { name: 'preflights allow GET alone', fails: 'CH-97d', ...when(anyPreflight, withHeader('access-control-allow-methods', 'GET')) },
  {
    name: 'preflights allow any header but not Authorization',
    fails: 'CH-97e',
    ...when(anyPreflight, withHeader('access-control-allow-headers', '*')),
  },
  { name: 'every origin with credentials', fails: 'CH-97f', ...when(anyPreflight, withHeader('access-control-allow-credentials', 'true')) },
  { name: 'answers allow nobody', fails: 'CH-97g', ...when((incoming) => !anyPreflight(incoming), withoutHeader('access-control-allow-origin')) },
];

export const faults: readonly Fault[] = [...discovery, ...requests, ...cards, ...offers, ...feedback, ...tokens, ...refusals, ...cors];
