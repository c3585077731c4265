/** What the chart itself says could name somebody: names, numbers, contacts, places, ids. Knows where FHIR keeps them, not what texts say. */
import type { Chart } from '../types.js';
import { asObject, asText, type Loose } from './loose.js';

export interface KnownIdentifiers {
  readonly names: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  readonly contacts: ReadonlySet<string>;
  readonly places: ReadonlySet<string>;
}

export const nothingKnown: KnownIdentifiers = { names: new Set(), numbers: new Set(), contacts: new Set(), places: new Set() };

/** Data types that an extension may carry what identifies in (birth place, mother's maiden name). */
const sameAs: ReadonlyMap<string, string> = new Map([
  ['valueHumanName', 'name'],
  ['valueAddress', 'address'],
  ['valueContactPoint', 'telecom'],
  ['valueIdentifier', 'identifier'],
  ['masterIdentifier', 'identifier'],
  ['groupIdentifier', 'identifier'],
  ['authorReference', 'author'],
]);
const personReference = /(?:^|\/)(?:Patient|Practitioner|PractitionerRole|RelatedPerson|Person|Organization|Location|CareTeam)\//;

/** Where a reference's `display` names a person or an organisation; elsewhere it names a drug or a disease. */
const peopleKeys = new Set([
  'performer',
  'actor',
  'recorder',
  'asserter',
  'author',
  'requester',
  'informationSource',
  'enterer',
  'custodian',
  'subject',
  'patient',
  'participant',
  'individual',
  'generalPractitioner',
  'managingOrganization',
  'authenticator',
  'serviceProvider',
  'location',
  'organization',
  'practitioner',
  'dispenser',
  'receiver',
  'link',
  'other',
  'onBehalfOf',
]);

interface Collected {
  readonly names: Set<string>;
  readonly numbers: Set<string>;
  readonly contacts: Set<string>;
  readonly places: Set<string>;
}

export function collectIdentifiers(chart: Chart): KnownIdentifiers {
  const into: Collected = { names: new Set(), numbers: new Set(), contacts: new Set(), places: new Set() };
  walk(chart.patient, '', into);
  for (const { resource } of chart.entries) walk(resource, '', into);
  return into;
}

function walk(value: unknown, rawKey: string, into: Collected): void {
  const key = sameAs.get(rawKey) ?? rawKey;
  if (Array.isArray(value)) {
    for (const item of value) walk(item, key, into);
    return;
  }
  const object = asObject(value);
  if (object === undefined) {
    if (key === 'id') addNumber(value, into);
    if (key === 'authorString') addWords(value, into.names);
    if (key === 'reference' && typeof value === 'string') addNumber(value.split('/').at(-1), into);
    return;
  }
  if (key === 'identifier') addNumber(object['value'], into);
  if (key === 'telecom') addText(object['value'], into.contacts);
  if (key === 'address') addAddress(object, into);
  if (key === 'name' || key === 'contact') addName(object, into);
  // Organization.name is a string of its own; Coding and Medication have none.
  if (asText(object['resourceType']) === 'Organization' || asText(object['resourceType']) === 'Location') addText(object['name'], into.places);
  if (asText(object['url'])?.endsWith('mothersMaidenName') === true) addWords(object['valueString'], into.names);
  if (peopleKeys.has(key) || personReference.test(asText(object['reference']) ?? '')) addWords(object['display'], into.names);
  for (const [childKey, child] of Object.entries(object)) walk(child, childKey, into);
}

function addName(name: Loose, into: Collected): void {
  for (const part of [name['family'], name['text'], ...(Array.isArray(name['given']) ? name['given'] : [name['given']])]) addWords(part, into.names);
}

function addAddress(address: Loose, into: Collected): void {
  for (const part of [
    address['text'],
    address['city'],
    address['district'],
    ...(Array.isArray(address['line']) ? address['line'] : [address['line']]),
  ])
    for (const line of asText(part)?.split(/[\n,]/) ?? []) addText(line, into.places);
  addText(address['postalCode'], into.numbers);
}

/** Titles, and the words of which names of institutions are made: "general" is in every note. */
const isTitle =
  /^(dr|mr|mrs|ms|miss|prof|md|do|np|pa|rn|phd|jr|sr|ii|iii|the|of|and|for|at|in|de|la|hospital|clinic|center|centre|medical|health|healthcare|care|primary|family|internal|medicine|general|community|regional|university|college|department|practice|group|associates|physicians?|surgery|surgical|emergency|urgent|outpatient|inpatient|system|services?|laborator(?:y|ies)|lab|labs|pharmacy|heart|cancer|women|womens|children|childrens|north|south|east|west|new|city|county|state|unit|team|office|patient)$/i;

/** Words of a name; titles and single letters are no names. */
function addWords(value: unknown, names: Set<string>): void {
  const text = asText(value);
  if (text === undefined) return;
  for (const word of text.normalize('NFKC').split(/[\s,.;()/]+/)) {
    // Test servers number their names ("Adrian111"), couples join them.
    for (const part of [word, word.replace(/\d+$/, ''), ...word.split('-')]) {
      if (part.length >= 2 && /\p{L}/u.test(part) && !isTitle.test(part)) names.add(part);
    }
  }
}

function addText(value: unknown, into: Set<string>): void {
  const text = asText(value)?.normalize('NFKC').trim();
  if (text !== undefined && text.length >= 3) into.add(text);
}

/** Short ids ("1", "p2") would match everywhere and identify nobody. */
function addNumber(value: unknown, into: Collected): void {
  const text = asText(value)?.normalize('NFKC').trim();
  if (text !== undefined && text.length >= 5 && /\d/.test(text)) into.numbers.add(text);
}
