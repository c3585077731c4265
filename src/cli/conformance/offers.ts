/** Checks of what a card offers: suggestions and their actions, override reasons, links; and of system actions. CDS Hooks 2.0, "CDS Service Response". */
import { type Check, fieldRuleOn, judgeEach, ruleOn } from './check.js';
import { isObject, isPresent, isText, isWebUrl, type Json, quote, wordOf } from './json.js';
import { answersOf, cardsOf, childrenOf, type Observed, type Placed } from './observed.js';

const attributes = '2.0 Card Attributes';
const suggestions = '2.0 Suggestion';
const actions = '2.0 Action';
const reasons = '2.0 Reasons for rejecting a card';
const links = '2.0 Link';

const suggestionsOf = (seen: Observed): readonly Placed<Json>[] => cardsOf(seen).flatMap((card) => childrenOf(card, 'suggestions'));
const suggestedActionsOf = (seen: Observed): readonly Placed<Json>[] => suggestionsOf(seen).flatMap((one) => childrenOf(one, 'actions'));
const systemActionsOf = (seen: Observed): readonly Placed<Json>[] => answersOf(seen).flatMap((answer) => childrenOf(answer, 'systemActions'));
const actionsOf = (seen: Observed): readonly Placed<Json>[] => [...suggestedActionsOf(seen), ...systemActionsOf(seen)];
const reasonsOf = (seen: Observed): readonly Placed<Json>[] => cardsOf(seen).flatMap((card) => childrenOf(card, 'overrideReasons'));
const linksOf = (seen: Observed): readonly Placed<Json>[] => cardsOf(seen).flatMap((card) => childrenOf(card, 'links'));

const cardField = fieldRuleOn(cardsOf, 'no card has it');
const suggestion = ruleOn(suggestionsOf, 'no card has suggestions');
const suggestionField = fieldRuleOn(suggestionsOf, 'no suggestion has it');
const action = ruleOn(actionsOf, 'no action was returned');
const link = ruleOn(linksOf, 'no card has links');

const textAt =
  (field: string) =>
  (item: Placed<Json>): string | undefined =>
    isText(item.value[field]) ? undefined : `${item.where}.${field} is ${quote(item.value[field])}`;

/** Of an attribute that is a list: it is one, and of objects. */
function isListOfObjects(value: unknown): string | undefined {
  return Array.isArray(value) && value.every(isObject) ? undefined : `is no list of objects: ${quote(value)}`;
}

const choosing: readonly Check[] = [
  cardField(['CH-57c', 'must', 'suggestions is an array of objects', attributes], 'suggestions', isListOfObjects),
  ruleOn((seen) => cardsOf(seen).filter(({ value }) => isPresent(value['suggestions'])), 'no card has suggestions')(
    ['CH-57a', 'must', 'selectionBehavior comes with suggestions', attributes],
    ({ where, value }) => (isPresent(value['selectionBehavior']) ? undefined : `${where} has suggestions and no selectionBehavior`),
  ),
  cardField(['CH-57b', 'must', 'selectionBehavior is at-most-one or any', attributes], 'selectionBehavior', (value) =>
    value === 'at-most-one' || value === 'any' ? undefined : `is ${quote(value)}`,
  ),
  ruleOn((seen) => cardsOf(seen).filter(({ value }) => value['selectionBehavior'] === 'at-most-one'), 'no card has at-most-one')(
    ['CH-58a', 'must', 'with at-most-one, at most one suggestion is recommended', suggestions],
    (card) => {
      const recommended = childrenOf(card, 'suggestions').filter(({ value }) => value['isRecommended'] === true).length;
      return recommended > 1 ? `${card.where} recommends ${recommended}` : undefined;
    },
  ),
  suggestionField(['CH-58b', 'must', 'isRecommended is a boolean', suggestions], 'isRecommended', (value) =>
    typeof value === 'boolean' ? undefined : `is ${quote(value)}`,
  ),
  suggestion(['CH-63a', 'must', 'a suggestion has a label', suggestions], textAt('label')),
  ruleOn((seen) => cardsOf(seen).filter((card) => childrenOf(card, 'suggestions').length > 1), 'no card has several suggestions')(
    ['CH-63b', 'must', 'the uuid of a suggestion is its own', suggestions],
    (card) => {
      const uuids = childrenOf(card, 'suggestions').flatMap(({ value: { uuid } }) => (isText(uuid) ? [uuid] : []));
      return new Set(uuids).size < uuids.length ? `${card.where} has a uuid twice` : undefined;
    },
  ),
  suggestionField(['CH-63c', 'must', 'the actions of a suggestion are an array of objects', suggestions], 'actions', isListOfObjects),
  ruleOn(
    (seen) => cardsOf(seen).filter(({ value }) => isText(value['uuid']) && isPresent(value['suggestions'])),
    'no card has a uuid and suggestions',
  )(
    ['CH-63d', 'should', 'where the card has a uuid, its suggestions have one, so that feedback can name them', '2.0 Suggestion accepted'],
    (card) => childrenOf(card, 'suggestions').find(({ value }) => value['uuid'] === undefined)?.where,
  ),
  suggestion(
    ['CH-64', 'should', 'actionSelectionBehavior of 3.0 is not sent to a client that has not said that it knows it', '3.0 ballot'],
    (item) => ('actionSelectionBehavior' in item.value ? `${item.where} has it` : undefined),
  ),
];

const isKnown = (type: unknown): boolean => type === 'create' || type === 'update' || type === 'delete';

const doing: readonly Check[] = [
  action(['CH-65a', 'must', 'an action is a create, update or delete', actions], ({ where, value: { type } }) =>
    isKnown(type) ? undefined : `${where}.type is ${quote(type)}`,
  ),
  ruleOn(suggestedActionsOf, 'no suggestion has actions')(['CH-65b', 'must', 'a suggested action has a description', actions], textAt('description')),
  ofType(['create', 'update'], ['CH-66a', 'must', 'a create or update holds a resource', actions], ({ where, value: { resource } }) =>
    isObject(resource) && isText(resource['resourceType']) ? undefined : `${where}.resource is ${quote(resource)}`,
  ),
  ofType(['delete'], ['CH-66b', 'must', 'a delete says what it deletes', actions], ({ where, value: { resource, resourceId } }) =>
    isPresent(resourceId) || isPresent(resource) ? undefined : `${where} has no resourceId`,
  ),
  ofType(['delete'], ['CH-66c', 'should', 'a delete says it by resourceId; in resource it is deprecated', actions], ({ where, value }) =>
    isPresent(value['resource']) && !isPresent(value['resourceId']) ? `${where} has resource` : undefined,
  ),
  fieldRuleOn(actionsOf, 'no action has it')(['CH-66d', 'must', 'resourceId is a relative reference', actions], 'resourceId', (value) =>
    isText(value) && /^[A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(value) ? undefined : `is ${quote(value)}`,
  ),
  ofType(['update'], ['CH-66e', 'should', 'the resource of an update has an id', actions], ({ where, value: { resource } }) =>
    !isObject(resource) || isText(resource['id']) ? undefined : `${where}.resource has no id`,
  ),
  fieldRuleOn(answersOf, 'no answer has system actions')(
    ['CH-48a', 'must', 'systemActions is an array of objects', '2.0 System Action'],
    'systemActions',
    isListOfObjects,
  ),
  // The table of actions requires it, the example of a system action leaves it out.
  ruleOn(systemActionsOf, 'no answer has system actions')(['CH-48b', 'should', 'a system action has a description', actions], textAt('description')),
];

function ofType(
  types: readonly string[],
  [id, level, title, source]: readonly [string, Check['level'], string, string],
  faultOf: (action: Placed<Json>) => string | undefined,
): Check {
  return {
    id,
    level,
    title,
    source,
    judge: (seen) =>
      judgeEach(
        actionsOf(seen).filter(({ value }) => types.includes(wordOf(value['type']))),
        faultOf,
        `no ${types.join(' or ')} was returned`,
      ),
  };
}

const overriding: readonly Check[] = [
  cardField(['CH-59a', 'must', 'overrideReasons is an array of objects', attributes], 'overrideReasons', isListOfObjects),
  ruleOn(reasonsOf, 'no card has override reasons')(['CH-59b', 'must', 'an override reason has a display', reasons], textAt('display')),
  ruleOn(reasonsOf, 'no card has override reasons')(
    ['CH-59c', 'must', 'an override reason is a coding with code and system', '2.0 Coding'],
    (item) => textAt('code')(item) ?? textAt('system')(item),
  ),
];

const linking: readonly Check[] = [
  cardField(['CH-60a', 'must', 'links is an array of objects', attributes], 'links', isListOfObjects),
  link(['CH-60b', 'must', 'a link has a label', links], textAt('label')),
  link(['CH-60c', 'must', 'a link is absolute or smart', links], ({ where, value: { type } }) =>
    type === 'absolute' || type === 'smart' ? undefined : `${where}.type is ${quote(type)}`,
  ),
  link(['CH-60d', 'must', 'a link has an absolute url', links], ({ where, value: { url } }) =>
    isWebUrl(url) ? undefined : `${where}.url is ${quote(url)}`,
  ),
  ruleOn((seen) => linksOf(seen).filter(({ value }) => isPresent(value['appContext'])), 'no link has appContext')(
    ['CH-61a', 'must', 'appContext stands on smart links only', links],
    ({ where, value: { type } }) => (type === 'absolute' ? `${where} is absolute and has appContext` : undefined),
  ),
  fieldRuleOn(linksOf, 'no link has appContext')(['CH-61b', 'must', 'appContext is a string', links], 'appContext', (value) =>
    isText(value) ? undefined : `is ${quote(value)}`,
  ),
];

export const offerChecks: readonly Check[] = [...choosing, ...doing, ...overriding, ...linking];
