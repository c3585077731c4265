/** Checks of what a card says. CDS Hooks 2.0, "CDS Service Response", "Card Attributes", "Source". What it offers to do: offers.ts. */
import { type Check, fieldRuleOn, judgeEach, notApplicable, ruleOn } from './check.js';
import { isObject, isText, isWebUrl, type Json, quote, wordOf } from './json.js';
import { type Answer, cardsOf, type Observed, type Placed, sightingsOf, wellFormed } from './observed.js';
import { markup } from './variations.js';

const response = '2.0 CDS Service Response';
const attributes = '2.0 Card Attributes';
const source = '2.0 Source';
const safeText = 'practice: the text of a chart is not to be trusted';

/** The answers of 200 as they came, whatever is in them. */
function rawAnswersOf(seen: Observed): readonly (Answer & { readonly service: string })[] {
  return sightingsOf(seen, ...wellFormed).flatMap(({ service = '', exchange }) =>
    exchange.kind === 'answer' && exchange.status === 200 ? [{ ...exchange, service }] : [],
  );
}

const answer = ruleOn(rawAnswersOf, 'no call was answered with 200');
const card = ruleOn(cardsOf, 'no card was returned');
const cardField = fieldRuleOn(cardsOf, 'no card has it');

const envelope: readonly Check[] = [
  answer(['CH-5b', 'must', 'the answer to a call is JSON and nothing else', '2.0 Use of JSON'], ({ service, json, text }) =>
    json === undefined ? `${service}: the body does not parse as JSON: ${quote(text)}` : undefined,
  ),
  answer(['CH-46c', 'must', 'the answer to a call is an object with an array of cards', response], ({ service, json }) => {
    if (json === undefined) return undefined;
    if (!isObject(json)) return `${service}: it is ${quote(json)}`;
    const { cards } = json;
    if (!Array.isArray(cards)) return `${service}: cards is ${quote(cards)}`;
    return cards.every(isObject) ? undefined : `${service}: an entry of cards is no object`;
  }),
];

const words: readonly Check[] = [
  card(['CH-50a', 'must', 'a card has a summary', attributes], ({ where, value: { summary } }) =>
    isText(summary) ? undefined : `${where}.summary is ${quote(summary)}`,
  ),
  cardField(['CH-50b', 'must', 'a summary has fewer than 140 characters', attributes], 'summary', (summary) => {
    // Characters, not UTF-16 units: a letter outside the basic plane is one.
    const length = isText(summary) ? [...summary].length : 0;
    return length < 140 ? undefined : `has ${length}`;
  }),
  cardField(['CH-50c', 'should', 'a summary is one line', `${attributes} ("one-sentence")`], 'summary', (summary) =>
    isText(summary) && /[\r\n]/.test(summary) ? 'has a line break' : undefined,
  ),
  cardField(['CH-51', 'must', 'detail is a string', attributes], 'detail', (detail) => (isText(detail) ? undefined : `is ${quote(detail)}`)),
  card(['CH-52', 'must', 'the indicator is info, warning or critical', attributes], ({ where, value: { indicator } }) =>
    ['info', 'warning', 'critical'].includes(wordOf(indicator)) ? undefined : `${where}.indicator is ${quote(indicator)}`,
  ),
];

const identity: readonly Check[] = [
  {
    id: 'CH-49a',
    level: 'must',
    title: 'the uuid of a card is its own among the cards of an answer',
    source: attributes,
    judge(seen) {
      const lists = rawAnswersOf(seen).map(({ service, json }) => ({ service, uuids: uuidsIn(json) }));
      const withUuids = lists.filter(({ uuids }) => uuids.length > 0);
      return judgeEach(
        withUuids,
        ({ service, uuids }) => (new Set(uuids).size < uuids.length ? `${service}: ${twice(uuids)} occurs twice` : undefined),
        'no card has a uuid',
      );
    },
  },
  {
    id: 'CH-49b',
    level: 'should',
    title: 'the uuid of a card is new in every answer, so that feedback finds it',
    source: attributes,
    judge(seen) {
      const all = rawAnswersOf(seen).map(({ json }) => [...new Set(uuidsIn(json))]);
      if (all.filter((uuids) => uuids.length > 0).length < 2) return notApplicable('fewer than two answers have cards with a uuid');
      const repeated = twice(all.flat());
      return judgeEach([repeated], (uuid) => (uuid === undefined ? undefined : `${uuid} came in several answers`), '');
    },
  },
  cardField(['CH-49c', 'should', 'the uuid of a card is a UUID', attributes], 'uuid', (uuid) =>
    isText(uuid) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid) ? undefined : `is ${quote(uuid)}`,
  ),
];

function uuidsIn(json: unknown): readonly string[] {
  const cards: readonly unknown[] = isObject(json) && Array.isArray(json['cards']) ? json['cards'] : [];
  return cards.flatMap((one) => (isObject(one) && isText(one['uuid']) ? [one['uuid']] : []));
}

function twice(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) < index);
}

function sourcesOf(seen: Observed): readonly Placed<Json>[] {
  return cardsOf(seen).flatMap(({ where, value }) => (isObject(value['source']) ? [{ where: `${where}.source`, value: value['source'] }] : []));
}
const sourceField = fieldRuleOn(sourcesOf, 'no source has it');

const origin: readonly Check[] = [
  card(['CH-53', 'must', 'a card has a source with a label', source], ({ where, value }) => {
    const label = isObject(value['source']) ? value['source']['label'] : undefined;
    return isText(label) ? undefined : `${where}.source.label is ${quote(label)}`;
  }),
  sourceField(['CH-54', 'must', 'the url of a source is absolute', source], 'url', (url) => (isWebUrl(url) ? undefined : `is ${quote(url)}`)),
  sourceField(['CH-55', 'must', 'the icon of a source is an absolute url', source], 'icon', (icon) =>
    isWebUrl(icon) ? undefined : `is ${quote(icon)}`,
  ),
  sourceField(['CH-56', 'must', 'the topic of a source is a coding with code and system', '2.0 Coding'], 'topic', (topic) =>
    isObject(topic) && isText(topic['code']) && isText(topic['system']) ? undefined : `is ${quote(topic)}`,
  ),
];

/** Tags as a browser reads them; a bare `<` before a number is text. */
const tag = /<\/?[a-z][^>]*>|<!--|&#x?[0-9a-f]+;?</i;
/** What runs or loads: of the HTML that Markdown lets through. Behind a backslash it is text. */
const active =
  /(?<!\\)<\s*(script|iframe|object|embed|form|style|link|meta|svg|base)\b|(?<!\\)<[a-z][^>]*\son\w+\s*=|\]\(\s*(javascript|data|vbscript):|\b(href|src)\s*=\s*["']?\s*javascript:/i;

const safety: readonly Check[] = [
  cardField(['CH-69a', 'should', 'a summary holds no HTML', safeText], 'summary', (summary) =>
    isText(summary) && tag.test(summary) && !summary.includes(markup) ? `is ${quote(summary)}` : undefined,
  ),
  cardField(['CH-69b', 'should', 'a detail holds nothing that a browser would run', safeText], 'detail', (detail) => {
    const found = isText(detail) ? active.exec(detail.replaceAll(markup, '')) : null;
    return found === null ? undefined : `holds ${quote(found[0])}`;
  }),
  ruleOn(
    (seen) => sightingsOf(seen, 'call-marked-up').filter(({ exchange }) => exchange.kind === 'answer' && exchange.status === 200),
    'no call with markup was answered',
  )(['CH-69c', 'should', 'markup in the text of a chart does not come back as markup', safeText], ({ service, exchange }) => {
    const cards = exchange.kind === 'answer' && isObject(exchange.json) ? exchange.json['cards'] : undefined;
    const spoken = (Array.isArray(cards) ? cards : []).flatMap((one: unknown) => (isObject(one) ? [one['summary'], one['detail']] : []));
    // In Markdown a backslash before it makes it text.
    return spoken.some((text) => isText(text) && text.replaceAll(`\\${markup}`, '').includes(markup))
      ? `${service}: ${markup} is repeated as it was sent`
      : undefined;
  }),
];

export const cardChecks: readonly Check[] = [...envelope, ...words, ...identity, ...origin, ...safety];
