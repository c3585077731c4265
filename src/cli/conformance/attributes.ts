/** Checks of every attribute alike: nothing null, nothing empty, nothing of an unknown name, extensions as they should be. CDS Hooks 2.0, "Use of JSON", "Extensions". */
import { type Check, judgeEach, ruleOn } from './check.js';
import { servicesOf } from './discovery.js';
import { findHoles, type Hole, isObject, isPresent, isText, type Json, quote } from './json.js';
import { answersOf, cardsOf, childrenOf, type Observed, type Placed } from './observed.js';

const emptiness = '2.0 Null and empty JSON elements';

/** May be empty by the specification, or is required: then a check of its own says that it is missing. */
const judgedElsewhere = new RegExp(
  `^(${[
    // The whole body, where it is `{}`.
    '',
    'services(\\[\\d+\\](\\.(hook|description|id))?)?',
    'cards(\\[\\d+\\](\\.(summary|indicator|source|selectionBehavior))?)?',
    'cards\\[\\d+\\]\\.source\\.(label|topic\\.(code|system))',
    'cards\\[\\d+\\]\\.links\\[\\d+\\](\\.(label|url|type))?',
    'cards\\[\\d+\\]\\.overrideReasons\\[\\d+\\](\\.(code|system|display))?',
    'cards\\[\\d+\\]\\.suggestions\\[\\d+\\](\\.label|\\.actions\\[\\d+\\](\\.(type|description|resource|resourceId))?)?',
    'systemActions\\[\\d+\\](\\.(type|description|resource|resourceId))?',
  ].join('|')})$`,
);
/** What an extension holds is agreed on by its two parties. */
const inExtension = /(^|\.)extension\./;
/** FHIR JSON aligns lists of primitives with null ("JSON representation of resources"). */
const inResource = /\.resource\b.*\[\d+\]$/;

interface Body {
  readonly where: string;
  readonly holes: readonly Hole[];
}

function discoveryOf({ discovery }: Observed): readonly Body[] {
  return discovery.kind === 'answer' && discovery.status === 200 && isObject(discovery.json) ? [{ where: '', holes: holesOf(discovery.json) }] : [];
}

function callsOf(seen: Observed): readonly Body[] {
  return answersOf(seen).map(({ where, value }) => ({ where, holes: holesOf(value) }));
}

function holesOf(value: Json): readonly Hole[] {
  return findHoles(value).filter(({ path, kind }) => !judgedElsewhere.test(path) && !(kind === 'null' && inResource.test(path)));
}

function noHole(kind: Hole['kind'], isJudged: (path: string) => boolean) {
  return ({ where, holes }: Body): string | undefined => {
    const found = holes.filter((hole) => hole.kind === kind && isJudged(hole.path));
    return found[0] === undefined ? undefined : `${where}${found[0].path}${found.length > 1 ? ` and ${found.length - 1} more` : ''}`;
  };
}

const isOutside = (path: string): boolean => !inExtension.test(path);
const isInside = (path: string): boolean => inExtension.test(path);
const everywhere = (): boolean => true;

const holes: readonly Check[] = [
  ruleOn(discoveryOf, 'discovery was not read')(['CH-2a', 'must', 'nothing in discovery is null', emptiness], noHole('null', everywhere)),
  ruleOn(callsOf, 'no call was answered')(['CH-2b', 'must', 'nothing in an answer is null', emptiness], noHole('null', everywhere)),
  ruleOn(discoveryOf, 'discovery was not read')(
    ['CH-3a', 'must', 'nothing in discovery is empty but services', emptiness],
    noHole('empty', isOutside),
  ),
  ruleOn(callsOf, 'no call was answered')(['CH-3b', 'must', 'nothing in an answer is empty but cards', emptiness], noHole('empty', isOutside)),
  ruleOn((seen) => [...discoveryOf(seen), ...callsOf(seen)], 'nothing was answered')(
    ['CH-3c', 'should', 'nothing inside an extension is empty', emptiness],
    noHole('empty', isInside),
  ),
];

/** Every object that may carry an extension. */
function extensiblesOf(seen: Observed): readonly Placed<Json>[] {
  const cards = cardsOf(seen);
  const parts = cards.flatMap((card) => [...childrenOf(card, 'suggestions'), ...childrenOf(card, 'links')]);
  return [...servicesOf(seen), ...answersOf(seen), ...cards, ...parts];
}
const extended = (seen: Observed): readonly Placed<Json>[] => extensiblesOf(seen).filter(({ value }) => isPresent(value['extension']));

const extensions: readonly Check[] = [
  ruleOn(extended, 'nothing has an extension')(
    ['CH-98a', 'must', 'an extension is an object', '2.0 Extensions'],
    ({ where, value: { extension } }) => (isObject(extension) ? undefined : `${where}: it is ${quote(extension)}`),
  ),
  ruleOn(extended, 'nothing has an extension')(
    ['CH-98b', 'should', 'the keys of an extension are in reverse domain notation', '2.0 Extensions (by its examples)'],
    ({ where, value: { extension } }) => {
      const key = isObject(extension) ? Object.keys(extension).find((name) => !/^[\w-]+(\.[\w-]+)+$/.test(name)) : undefined;
      return key === undefined ? undefined : `${where}: ${quote(key)}`;
    },
  ),
];

/** Of 2.0, and of the ballot of 3.0, which clients of 2.0 pass over. */
const known = {
  service: ['hook', 'title', 'description', 'id', 'prefetch', 'usageRequirements', 'extension', 'version', 'hookVersion'],
  answer: ['cards', 'systemActions', 'extension'],
  card: ['uuid', 'summary', 'detail', 'indicator', 'source', 'suggestions', 'selectionBehavior', 'overrideReasons', 'links', 'extension'],
  source: ['label', 'url', 'icon', 'topic', 'extension'],
  suggestion: ['label', 'uuid', 'isRecommended', 'actions', 'extension', 'actionSelectionBehavior'],
  action: ['type', 'description', 'resource', 'resourceId', 'extension'],
  link: ['label', 'url', 'type', 'appContext', 'autolaunchable', 'extension'],
  reason: ['code', 'system', 'display', 'extension'],
} as const;

function strangers(placed: readonly Placed<Json>[], kind: keyof typeof known): readonly string[] {
  const names: readonly string[] = known[kind];
  return placed.flatMap(({ where, value }) =>
    Object.keys(value)
      .filter((name) => !names.includes(name))
      .map((name) => `${where}: ${quote(name)}`),
  );
}

const names: Check = {
  id: 'CH-98c',
  level: 'should',
  title: 'what the specification does not define stands in an extension',
  source: '2.0 Extensions',
  judge(seen) {
    const answers = answersOf(seen);
    const cards = cardsOf(seen);
    const suggestions = cards.flatMap((card) => childrenOf(card, 'suggestions'));
    const actions = [...suggestions.flatMap((one) => childrenOf(one, 'actions')), ...answers.flatMap((one) => childrenOf(one, 'systemActions'))];
    const sources = cards.flatMap(({ where, value }) => (isObject(value['source']) ? [{ where: `${where}.source`, value: value['source'] }] : []));
    const found = [
      ...strangers(servicesOf(seen), 'service'),
      ...strangers(answers, 'answer'),
      ...strangers(cards, 'card'),
      ...strangers(sources, 'source'),
      ...strangers(suggestions, 'suggestion'),
      ...strangers(actions, 'action'),
      ...strangers(
        cards.flatMap((card) => childrenOf(card, 'links')),
        'link',
      ),
      ...strangers(
        cards.flatMap((card) => childrenOf(card, 'overrideReasons')),
        'reason',
      ),
    ];
    const judged = found.length > 0 || (servicesOf(seen).length === 0 && answers.length === 0) ? found : [''];
    return judgeEach(judged, (name) => (isText(name) ? name : undefined), 'nothing was answered');
  },
};

export const attributeChecks: readonly Check[] = [...holes, ...extensions, names];
