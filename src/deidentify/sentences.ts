/** Splits a clinical note into statements, each with the heading it stands under. Knows punctuation and the usual headings, no medicine. */
import { shorten } from './shorten.js';

const abbreviations =
  /(?:^|[\s(])(?:dr|mr|mrs|ms|prof|st|no|vs|pt|pts|approx|e\.g|i\.e|etc|hx|dx|rx|tx|q|p\.o|b\.i\.d|t\.i\.d|inc|fig|ca|resp|min|max|wt|ht)\.$/i;
/** Raw length: the text filter runs on this, what is shown is cut again afterwards. */
const maxRawLength = 1000;

/** A section goes on over lines and sentences; any other "Colonoscopy: never" is a label of its own sentence only. */
const section =
  /^(?:(?:past|family|social|surgical|medical|birth|obstetric|ob\/?gyn|gyn|sexual|travel|psychiatric|oncologic|interval|allergy) )*(?:history|hx)\b|^(?:(?:pmh?|psh|fh|sh|f|p?soc|pm|ps|fam|soc)hx|pmh|psh|fh|sh|hpi|cc|ros|pe|a\/p|a&p|ap|i\/p|hm|meds?)$|^(?:chief complaint|subjective|objective|review of systems|physical exam\w*|exam\w*|vitals?(?: signs)?|assessment\b.*|impression\b.*|plans?|recommendations?|orders?|(?:current |home |discharge |outpatient |active )*(?:medications?|meds)(?: list)?|allergies|adverse reactions|immuni[sz]ations?|vaccin\w+|health maintenance|preventive care|screening\w*|(?:active |past )?problem(?:s| list)|diagnos[ei]s|procedures?|surger(?:y|ies)|labs?|laborator\w+|results?|imaging|radiology|studies|hospital course|discharge \w+|follow[- ]?up|instructions?|goals?|education|counsell?ing|referrals?|to ?do|due|pending|relatives|advance directives?|functional status|mental status|social determinants|addendum|summary|background|interval \w+|reason for \w+)$/i;
const labelled = /^([A-Z][A-Za-z/&](?:[A-Za-z /&()-]{0,40}[A-Za-z)])?):(?:\s+(.*))?$/;
const shouted = /^[A-Z][A-Z &/]{3,40}$/;

/** At most `limit` statements; long ones are cut, since a model reads the beginning only. */
export function splitSentences(note: string, limit: number): readonly string[] {
  const statements: string[] = [];
  let heading = '';
  /** A blank line between a heading and its text does not end it; one after its text does. */
  let hasText = false;
  const add = (label: string, sentence: string): void => {
    if (/\p{L}{2}/u.test(sentence)) statements.push(shorten(label === '' ? sentence : `${label}: ${sentence}`, maxRawLength));
    hasText = true;
  };
  for (const rawLine of note.split(/\r?\n/)) {
    const line = rawLine.replace(/^(?:[\s\-*•·>#]+|\d{1,2}[.)]\s+)+/, '').trim();
    if (line === '') {
      if (hasText) heading = '';
      continue;
    }
    if (shouted.test(line) && section.test(line)) {
      [heading, hasText] = [toTitle(line), false];
      continue;
    }
    for (const piece of splitLine(line)) {
      if (statements.length >= limit) return statements;
      const [, title = '', rest = ''] = labelled.exec(piece) ?? [];
      if (title === '') add(heading, piece);
      else if (rest === '' || section.test(title)) {
        [heading, hasText] = [title, false];
        if (rest !== '') add(heading, rest);
      } else add(isUnder(heading) ? `${heading}, ${title}` : title, rest);
    }
  }
  return statements;
}

/** Whose history it is and what is only planned stays with a label below it ("Family history, Mother: colon cancer"). */
function isUnder(heading: string): boolean {
  return heading !== '' && section.test(heading);
}

function toTitle(line: string): string {
  return line.charAt(0) + line.slice(1).toLowerCase();
}

function splitLine(line: string): readonly string[] {
  const sentences: string[] = [];
  let current = '';
  for (const piece of line.split(/(?<=[.!?;])\s+/)) {
    current = current === '' ? piece : `${current} ${piece}`;
    if (abbreviations.test(current) || /\b[A-Z]\.$/.test(current)) continue;
    sentences.push(...splitDatedItems(current.trim()));
    current = '';
  }
  if (current.trim() !== '') sentences.push(...splitDatedItems(current.trim()));
  return sentences;
}

const dated = /\b(?:(?:19|20)\d{2}|\d{1,2}\/\d{1,4}|ago|back)\b|['’]\d{2}\b/;
/** Words whose reach may go over a comma: then the items are not on their own. */
const reaching =
  /\b(?:no|not|never|denies|denied|without|neither|nor|if|unless|family|mother|father|mom|dad|brother|sister|son|daughter|aunt|uncle|parents?|grand\w+|cousin|declin\w+|refus\w+|plan\w*|will|schedul\w+|recommend\w*)\b/i;

/** "Colonoscopy 2019, mammogram 2023": each item has its own date, so each is a statement; one date for all would be the earliest. */
function splitDatedItems(sentence: string): readonly string[] {
  const items = sentence.split(/,\s+(?!(?:and|or|then|repeat|next|recall|due)\b)/);
  const hasMonthDay = /\b[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?, (?:19|20)\d{2}/.test(sentence);
  if (items.length < 2 || hasMonthDay || reaching.test(sentence) || !items.every((item) => dated.test(item) && /\p{L}{3}/u.test(item)))
    return [sentence];
  const label = /^([A-Z][A-Za-z /&]{2,40}): /.exec(sentence)?.[0] ?? '';
  return items.map((item, index) => (index === 0 ? item : `${label}${item}`));
}
