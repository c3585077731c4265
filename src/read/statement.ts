/**
 * Cuts one statement into clauses that can be judged one by one.
 * Knows nothing of criteria and nothing of models; sees text only.
 */
import { correct } from './spelling.js';
import { writeNumbers } from './spoken-numbers.js';

export interface Clause {
  /** Normalised: lower case, abbreviations written out. */
  readonly text: string;
  /** The sentence's earlier clauses, for a subject that is carried over ("mother had colon cancer and has diabetes"). */
  readonly before: string;
  /** The sentence's later clauses ("…, stopped last year"). */
  readonly after: string;
  readonly isQuestion: boolean;
}

export interface Statement {
  readonly clauses: readonly Clause[];
  /** The heading that stands before everything ("plan: …"), or ''. */
  readonly heading: string;
  readonly normalised: string;
}

/** Shorthand of clinical English, written out so that each rule is needed once. Longer ones first. */
const shorthand: readonly (readonly [RegExp, string])[] = [
  [/\bs\/p\b/g, 'status post'],
  [/\bh\/o\b/g, 'history of'],
  [/\br\/o\b/g, 'rule out'],
  [/\bw\/o(?:ut)?\b/g, 'without'],
  // "PE: RRR": the physical examination, not an embolus.
  [
    /(^|[.;] ?)pe: (?=(?:gen|rrr|lungs?|cta|abd|heent|heart|chest|neck|ext|alert|nad|well|wdwn|vs|bp|vitals|unremarkable|normal|wnl|afebrile|a&o)\b)/g,
    '$1exam: ',
  ],
  // "?goiter": a guess, not the end of a question.
  [/(^|[\s(,;:])\?\s?(?=[a-z])/g, '$1possible '],
  [/\bw\//g, 'with '],
  [/\bb\/c\b/g, 'because'],
  [/\bf\/u\b/g, 'follow up'],
  [/\bn\/a\b/g, 'not applicable'],
  [/\b(?:d\/c'?e?d|dc'?e?d|d\/c)\b/g, 'discontinued'],
  [/\b(?:fhx|famhx|fam(?:ily)? hx|f\/h|fh)\b/g, 'family history'],
  [/\b(?:pmhx|pmh)\b/g, 'past medical history'],
  [/\b(?:pshx|psh)\b/g, 'past surgical history'],
  [/\bhx\b/g, 'history'],
  [/\b(?:dx'd|dx'ed|dxed|dx)\b/g, 'diagnosed'],
  [/\bpts?\b/g, 'patient'],
  [/\byrs?\b/g, 'years'],
  [/\bmos\b/g, 'months'],
  [/\b(?:nver|neer|nevr|nevre|neever|nevver|enver)\b/g, 'never'],
  [/\butd\b/g, 'up to date'],
  [/\bd\. of\b/g, 'died of'],
  [/\(-\) ?(?=[a-z])/g, 'no '],
  [/ \(-\)/g, ' negative'],
  [/\bneg for\b|\bneg(?:ative)? ros for\b/g, 'negative for'],
  [/\bposs\./g, 'possible'],
  [/\b(ros|uds|history|exam)[:,]? neg(?:ative)?:? (?!for\b|with\b|in\b|since\b|exam|result|test|at\b)(?=[a-z])/g, '$1 negative for '],
  [/\b(?:code stroke|stroke (?:code|alert))\b/g, 'alert'],
  [/\bddx\b/g, 'differential'],
  [/\bdc (?=[a-z]{5})/g, 'discontinued '],
  [/\bsched\b/g, 'scheduled'],
  [/\bcan't\b/g, 'can not'],
  [/\bcannot\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\b([a-z]+)n't\b/g, '$1 not'],
  [/\b(she|he|they|i|we)'d\b/g, '$1 had'],
  [/\b(she|he|they|i|we|patient)'ve\b/g, '$1 have'],
  [/\b(she|he|they|i|we)'ll\b/g, '$1 will'],
  [/\b(?:dr|mr|mrs|ms|st|approx|vs|e\.g|i\.e|no)\.(?=\s+\S)/g, ''],
];

/** Words that turn a sentence around: written wrongly they must turn it still. */
const turning = [
  'denies',
  'denied',
  'without',
  'negative',
  'excluded',
  'screening',
  'family',
  'mother',
  'father',
  'brother',
  'sister',
  'declined',
  'refused',
  'stopped',
  'discontinued',
  'scheduled',
  'possible',
  'overdue',
  'ordered',
  'interested',
];

export function normalise(text: string): string {
  let result = text
    .normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g, '')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u2010-\u2015]/g, '-')
    .toLowerCase();
  for (const [pattern, words] of shorthand) result = result.replace(pattern, words);
  return writeNumbers(
    result
      .replace(/[ \t]+/g, ' ')
      .replace(/(^|[\s(=<>:/])\.(?=\d)/g, '$10.')
      .trim(),
  );
}

/** What a new predicate may begin with. A comma or "and" before one of these ends the reach of what came before. */
const predicate =
  '(?:(?:she|he|they|i|we|(?:the )?patient|who|which|it|also|then|now|currently|today|recently|later|since|so|still|just|is|was) )*' +
  '(?:had|has|have|having had|underwent|received|completed|takes|took|taking|is|was|were|are|will|would|did|does|do|declin\\w+|refus\\w+|denies|denied|reports?|reported|states?|' +
  'plans?|wants?|agree[sd]?|started|stopped|restarted|resumed|continues?|never|not|no|without|last|next|repeat|recall|status post|due|overdue|scheduled|ordered|recommend\\w*|' +
  "advised|offered|referred|family history|(?:his|her|their|the patient's )?(?:mother|father|brother|sister|son|daughter|wife|husband)|needs?|needed|uses|lives|" +
  'prefers?|feels?|says|said|unsure|pending|awaiting|on|history of|remains|in remission|resolved)\\b';

const contrast =
  /\s*[,-]?\s*\b(?:but|however|although|though|whereas|while|except|apart from|aside from|yet (?=(?:he|she|they|patient)\b))\b\s*|\s+-{1,2}\s+|\s*\|\s*/;
const listBreak = new RegExp(`\\s*,\\s*(?:and |or |so )?(?=${predicate})|\\s+and (?=${predicate})|\\s+so (?=(?:she|he|they|patient|i) )`);
/** "had one 3 years ago repeat in 5": what comes next is another event, comma or not. */
const nextEvent = /\s+(?=(?:repeat|recall|next(?: one)?) (?:in|due|at|recommended|scheduled|planned|after|every)\b)/;

function splitBy(parts: readonly string[], pattern: RegExp): readonly string[] {
  return parts
    .flatMap((part) => part.split(pattern))
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const headingPattern = /^([a-z][a-z &/-]{1,40}):\s/;

export function parseStatement(text: string): Statement {
  // A question with its answer is one assertion: "colonoscopy? never."
  const normalised = correct(normalise(text), turning).replace(/\?\s*(?=(?:no|never|none|yes|done|completed|denies)\b)/g, ': ');
  const sentences = normalised.match(/[^.!?;\n\r]+(?:\.(?=\d)[^.!?;\n\r]+)*[.!?;]?/g) ?? [];
  const clauses: Clause[] = [];
  for (const sentence of sentences) {
    const isQuestion = sentence.endsWith('?');
    const parts = splitBy(splitBy(splitBy([sentence.replace(/[.!?;]+$/, '')], contrast), listBreak), nextEvent);
    parts.forEach((text, at) => {
      clauses.push({ text, before: parts.slice(0, at).join(' '), after: parts.slice(at + 1).join(', '), isQuestion });
    });
  }
  return { clauses, heading: headingPattern.exec(normalised)?.[1] ?? '', normalised };
}
