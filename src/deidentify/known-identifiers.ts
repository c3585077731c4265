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

function walk(value: unknown, key: string, into: Collected): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, key, into);
    return;
  }
  const object = asObject(value);
  if (object === undefined) {
    if (key === 'id') addNumber(value, into);
    if (key === 'reference' && typeof value === 'string') addNumber(value.split('/').at(-1), into);
    return;
  }
  if (key === 'identifier') addNumber(object['value'], into);
  if (key === 'telecom') addText(object['value'], into.contacts);
  if (key === 'address') addAddress(object, into);
  if (key === 'name' || key === 'contact') addName(object, into);
  if (peopleKeys.has(key)) addWords(object['display'], into.names);
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
    addText(part, into.places);
  addText(address['postalCode'], into.numbers);
}

/** Words of a name, and the whole; titles and single letters are no names. */
function addWords(value: unknown, names: Set<string>): void {
  const text = asText(value);
  if (text === undefined) return;
  for (const word of text.split(/[\s,.;()]+/)) {
    if (word.length >= 2 && !/^(dr|mr|mrs|ms|md|do|np|pa|rn|jr|sr|the|of|and|for|hospital|clinic|center|medical|health)$/i.test(word))
      names.add(word.normalize('NFKC'));
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
