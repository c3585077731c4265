/** Patterns of contacts, numbers, dates, places and names. Knows how identifiers look in English text, nothing of any patient. */
import { givenNames } from './given-names.js';

export type SpanKind = 'name' | 'number' | 'contact' | 'date' | 'place' | 'age';

export interface Pattern {
  readonly kind: SpanKind;
  readonly pattern: RegExp;
  /** The part that is the identifier; the rest is its cue and stays. */
  readonly group?: number;
}

const month =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const word = "[\\p{Lu}][\\p{L}'’-]+";
/** Not all capitals: those are abbreviations in notes ("Mother: CAD"). */
const nameWord =
  "(?!(?:The|He|She|They|Patient|Pt|This|It|His|Her|Who|Denies|Reports|Has|Had|With|And|Also)\\b)\\p{Lu}[\\p{L}'’-]*\\p{Ll}[\\p{L}'’-]*";
const fullName = `${nameWord}(?:\\s+(?:\\p{Lu}(?!\\p{L})\\.?|${nameWord}|van|von|de|der|da|di|la|el|bin)){0,4}(?<!\\s(?:van|von|de|der|da|di|la|el|bin))`;
const street =
  '(?:street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|drive|dr|court|ct|way|place|pl|square|sq|terrace|circle|cir|highway|hwy|parkway|pkwy|trail|crescent|close|row)';
const unit = '(?:apt|apartment|suite|ste|unit|flat|room|rm|#)\\.?\\s*#?\\s*(?:\\d+[A-Za-z]?|[A-Z])\\b';
const states =
  'AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC';

const contacts: readonly Pattern[] = [
  { kind: 'contact', pattern: /[\p{L}\p{N}_.+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu },
  { kind: 'contact', pattern: /\b(?:https?:\/\/|ftp:\/\/|www\.)\S+/giu },
  { kind: 'contact', pattern: /\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|mil|info|io|co\.uk)\b(?:\/\S*)?/giu },
  { kind: 'contact', pattern: /\b\d{1,3}(?:\.\d{1,3}){3}\b/gu },
  { kind: 'contact', pattern: /\b(?:[0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}\b/giu },
  // Telephone numbers: national and international, grouped by spaces, dots, dashes or brackets, at least seven digits.
  { kind: 'contact', pattern: /(?:(?:\+|\b00)\d{1,3}[ .-]?)?(?:\(\d{2,5}\)|\b\d{3,4})[ .-]?\d{3}[ .-]\d{3,4}(?:\s*(?:x|ext\.?)\s*\d+)?\b/giu },
  { kind: 'contact', pattern: /(?:\+|\b00)\d[\d ().-]{6,}\d(?:\s*(?:x|ext\.?)\s*\d+)?/giu },
  { kind: 'contact', pattern: /\b\d{3}[.-]\d{4}\b/gu },
  { kind: 'contact', pattern: /(?:\(0?\d{1,4}\)|\b0\d{1,4})[ -]\d{2,4}(?:[ -]?\d{2,4}){1,3}\b/gu },
  { kind: 'contact', pattern: /\b\d{2}(?:[.-]\d{2}){3,4}\b/gu },
  {
    kind: 'contact',
    pattern:
      /\b(?:phone|tel|telephone|cell|mobile|fax|pager|call(?: \w+)? at|reached? (?:\w+ )?at)\s*(?:no\.?|number|#)?\s*(?:is|:|at)?\s*(\(?\+?\d[\d ().-]{4,}\d)/giu,
    group: 1,
  },
];

const numbers: readonly Pattern[] = [
  { kind: 'number', pattern: /\b\d{3}[- ]\d{2}[- ]\d{4}\b/gu },
  {
    kind: 'number',
    pattern:
      /\b(?:mrn|medical record(?: number)?|account|acct|ssn|social security(?: number)?|policy|member id|insurance id|patient id|chart|case|encounter|visit|specimen|accession|licen[cs]e|passport|iban|card|serial|dea|npi)\s*(?:no\.?|number|#|id)?\s*(?:is\s+)?[:#]?\s*#?((?=[\w-]*\d{3})[A-Z\d][\w-]{2,})/giu,
    group: 1,
  },
  { kind: 'number', pattern: /\b[A-Z]{1,4}-?\d{5,}[A-Z0-9]*\b/gu },
  { kind: 'number', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/giu },
  { kind: 'number', pattern: /\b(?:\d{4}[ -]){2,4}\d{1,4}\b/gu },
  { kind: 'number', pattern: /\b\d{6,}[A-Z]?\b/gu },
];

const dates: readonly Pattern[] = [
  { kind: 'date', pattern: /\b\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[T ]\d{1,2}:\d{2}[\d:.Z+-]*)?\b/gu },
  { kind: 'date', pattern: /\b\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})\b/gu },
  { kind: 'date', pattern: /\b\d{1,2}\/(?:19|20)\d{2}\b/gu },
  { kind: 'date', pattern: /\b(?:on|since|until|dated?|seen|dob:?|born)\s+((?:0?[1-9]|1[0-2])\/(?:[12]\d|3[01]|0?[1-9]))\b(?![/%\d])/giu, group: 1 },
  { kind: 'date', pattern: new RegExp(`\\b${month}\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+(?:19|20)\\d{2})?\\b(?!\\s*(?:mg|mcg|ml|%|/))`, 'giu') },
  { kind: 'date', pattern: new RegExp(`\\b(?:\\d{1,2}(?:st|nd|rd|th)?[\\s-]+)?${month}\\.?,?[\\s-]+(?:19|20)\\d{2}\\b`, 'giu') },
  {
    kind: 'date',
    pattern: new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?[\\s-]+(?:of\\s+)?${month}\\b(?!\\s+(?:be|have|need|cause|also|not|take|repeat|use)\\b)`, 'giu'),
  },
];

const places: readonly Pattern[] = [
  {
    kind: 'place',
    pattern: new RegExp(`\\b\\d{1,6}[A-Z]?,?\\s+(?:(?:[\\p{Lu}\\d][\\p{L}\\d'’.-]*)\\s+){1,4}${street}\\b\\.?(?:,?\\s*${unit})?`, 'gu'),
  },
  // "St" and "Dr" in any case, where the street's name is capitalised ("12 Elm st").
  {
    kind: 'place',
    pattern: new RegExp(
      `\\b\\d{1,6}[A-Z]?,?\\s+(?:\\p{Lu}[\\p{L}\\d'’.-]*\\s+){1,4}${street.replaceAll(/\b[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)}\\b\\.?(?:,?\\s*${unit})?`,
      'gu',
    ),
  },
  // With an apartment any words between the numbers are a street's; city and code follow it.
  {
    kind: 'place',
    pattern:
      /\b\d{1,6}\s+(?:[\p{L}\d'’.-]+\s+){1,6}?(?:apt|suite|flat)\.?\s*#?\d+[a-z]?(?:[\s,]+\p{L}[\p{L}'’.-]*){0,8}?(?:[\s,]+\d{4,6}(?:-\d{4})?)?(?=$|[.;!?]|\s*\n\s*\n)/giu,
  },
  { kind: 'place', pattern: /\b(?:Apt|Apartment|Suite|Ste|Flat)\.?\s*#?\s*\d+[A-Za-z]?\b/giu },
  { kind: 'place', pattern: /\bP\.?\s?O\.?\s+Box\s+\d+\b/giu },
  { kind: 'place', pattern: new RegExp(`(?:${word}(?:\\s+${word}){0,2},?\\s+)?\\b(?:${states})\\s+\\d{5}(?:-\\d{4})?\\b`, 'gu') },
  {
    kind: 'place',
    pattern: /\b(?:zip|zip ?code|post ?code|postal code)\s*(?:is|:)?\s*(\d{4,5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})\b/giu,
    group: 1,
  },
  {
    kind: 'place',
    pattern: new RegExp(
      `\\b(?:lives? in|living in|lived in|resides? in|residing in|moved (?:from|to)|born in|grew up in|travel(?:l?ed)? to|visiting from|from the (?:city|town) of|address(?: is)?:?)\\s+((?:the\\s+)?${word}(?:[ ,]+${word}){0,3})`,
      'gu',
    ),
    group: 1,
  },
  // Institutions, by what they call themselves.
  {
    kind: 'place',
    pattern: new RegExp(
      `(?<!^)(?<![.:]\\s)\\b(?:${word}\\s+){1,3}(?:Hospital|Medical Center|Clinic|Health System|University|College|High School|Elementary|Nursing Home|Hospice)\\b`,
      'gu',
    ),
  },
  { kind: 'place', pattern: new RegExp(`\\b(?:${word}\\s+){1,3}(?:Inc|Ltd|LLC|L\\.L\\.C|Corp|Corporation|Company|GmbH)\\b\\.?`, 'gu') },
];

const relation =
  '(?:wife|husband|spouse|daughter|son|mother|father|mom|dad|sister|brother|partner|friend|neighbou?r|caregiver|aunt|uncle|niece|nephew|cousin|girlfriend|boyfriend|fianc[eé]e?|grand(?:mother|father|son|daughter))';

const people: readonly Pattern[] = [
  {
    kind: 'name',
    pattern: new RegExp(
      `\\b(?:[Dd]r|DR|[Dd]octor|[Mm]r|MR|[Mm]rs|MRS|[Mm]s|Miss|Mx|[Pp]rof|[Pp]rofessor|[Nn]urse|Sister|Rev|Sir|Madam)\\b\\.?\\s+(${word}(?:\\s+(?:\\p{Lu}(?!\\p{L})\\.?|${nameWord})){0,2})`,
      'gu',
    ),
    group: 1,
  },
  { kind: 'name', pattern: /\b(?:dr|mr|mrs|ms)\.\s+(\p{L}[\p{L}'’-]+)/giu, group: 1 },
  {
    kind: 'name',
    pattern: new RegExp(
      `\\b(?:[Nn]ame(?:d| is)?|[Cc]alled|[Aa]ttending|[Pp]rovider|[Ss]igned(?: by)?|[Rr]eferred by|[Pp]atient|PCP|[Cc]c|[Dd]ictated by|[Ss]een by|[Ss]urgeon|[Cc]ontact)\\s*:\\s*(${fullName})`,
      'gu',
    ),
    group: 1,
  },
  {
    kind: 'name',
    pattern: new RegExp(
      `\\b(?:named|[Mm]y name is|[Nn]ame is|I am|I'm|[Cc]alled|[Dd]ear|[Hh]ello|[Hh]i|[Tt]hanks|[Ss]igned by|[Dd]ictated by|[Ss]incerely,?|[Rr]egards,?)\\s+(${fullName})`,
      'gu',
    ),
    group: 1,
  },
  { kind: 'name', pattern: new RegExp(`\\b${relation},?\\s+(${nameWord})\\b(?!\\s*:)`, 'gu'), group: 1 },
  // "Martha Collins is a 50-year-old", "Andrew Perez, 62 y/o"; not "Colonoscopy 10 years ago".
  {
    kind: 'name',
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(${fullName})(?=,?\\s+(?:is\\s+|was\\s+)?(?:an?\\s+)?(?:\\p{Ll}+\\s+)?\\d{1,3}[ -]?(?:(?:years?|yrs?|months?)[ -]?(?:old|of age)|y/o|yo)\\b)`,
      'gu',
    ),
    group: 1,
  },
  // Credentials follow people: "Jane Poe, MD".
  {
    kind: 'name',
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(${fullName}),?\\s+(?:M\\.?D\\.?|D\\.?O\\.?|R\\.?N\\.?|N\\.?P\\.?|P\\.?A\\.?-?C?|Ph\\.?D\\.?|FNP|DDS)(?![\\p{L}])`,
      'gu',
    ),
    group: 1,
  },
  {
    kind: 'name',
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(?:${givenNames.join('|')})(?:(?:\\s+\\p{Lu}\\.?)?\\s+(?!(?:Disease|Syndrome|Test|Sign)\\b)${nameWord}){0,2}(?![\\p{L}\\p{N}])(?!['’]s\\s+(?:disease|syndrome|sign|test))`,
      'gu',
    ),
  },
];

const olderThan89 = '(?:9\\d|1[0-4]\\d)';
const ninety =
  '(?:ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a) hundred(?: and (?:one|two|three|four|five|six|seven|eight|nine|ten))?)';
const ages: readonly Pattern[] = [
  {
    kind: 'age',
    pattern: new RegExp(
      `\\b(?:${olderThan89}|${ninety})(?=[ -]?(?:years?[ -]old|years? of age|yrs?[ -]old|yrs?\\b|y\\/?o\\b|y\\.o\\.|yo\\b|year-old|(?:M|F)\\b))`,
      'giu',
    ),
  },
  { kind: 'age', pattern: new RegExp(`(?<=\\bage[ds]?(?: of| is)?:? )(?:${olderThan89}|${ninety})\\b`, 'giu') },
];

export const patterns: readonly Pattern[] = [...contacts, ...numbers, ...dates, ...places, ...people, ...ages];
