/**
 * What is said of a mention, and what that is worth where its words are more, or less, than what is asked: a narrower denial, words of two phrases, a piece of a list, what a medicine is for.
 * Knows nothing of negation and plans.
 */
import type { Kind, Mention, Target } from './anchor.js';

/** bare: named and nothing else said ("Colonoscopy.", a medicine without a dose or a word of its use); named: spoken of, but neither affirmed nor denied. */
export type Verdict = 'affirmed' | 'bare' | 'denied' | 'named';

/** What may stand right before a name that is denied as a whole. Anything else makes it narrower: who never had a laparoscopic cholecystectomy may have had an open one. */
const wholeBefore =
  /(?:^|[\s(])(?:any|an?|the|of|for|with|and|or|nor|to|in|on|by|last|receiving|receives?|using|uses?|enrolled|under|followed|prior|previous|past|ever|had|have|having|has|been|undergone|underwent|received|known|history|current|active|evidence|diagnosis|signs|symptoms|no|not|never|denies|denied|without|negative|personal|his|her|their|significant|new|recent|documented|actual|further|underlying|completed|done|getting|taking|got|gotten|yet|actually|is|was|are|diagnosed|absence|lack|free|neither|nil|non)\W*$|[,:;/&-]\s*$|^\W*$/;
const narrowerAfter = /^ (?:with|due to|involving|complicated by|stage|type|grade) (?!(?:symptoms|complaints|concern|concerns|today)\b)/;
const wordsIn = (text: string): number => text.match(/[a-z0-9'/-]+/g)?.length ?? 0;
/** "Blood drawn, urine collected" for blood in the urine: the words of the name stand in two phrases. "Liver disease, chronic" is one; a list of allergies names what it is about once. */
function isScattered({ name, after }: Mention, { content, kind, bound, isAllergy }: Target): boolean {
  if (kind === 'medicine' || bound !== undefined || isAllergy || content.includes(',') || !/[,;|]/.test(name)) return false;
  return wordsIn(name) > wordsIn(content) || !/^\W*(?:$|[,;.()]|(?:and|but|with|for|on|in|since|due|per|status|\d[\w]*)\b)/.test(after);
}
const deniesLess = (mention: Mention, kind: Kind): boolean =>
  kind !== 'medicine' && (!wholeBefore.test(mention.before) || narrowerAfter.test(mention.after));

/** "Write" for "cannot read or write", "banana" for "is allergic to a food such as banana": one word of a list whose other items are longer shares what is said of all. */
const isPiece = (mention: Mention, { kind, bound, phrases }: Target): boolean =>
  kind === 'state' && bound === undefined && phrases[mention.phrase]?.length === 1 && phrases.some((parts) => parts.length > 1);

/** "Pain" for "takes pain medication": what it is for, and no medicine. */
const medicineBehind = /^\W*(?:[\w-]+ )?(?:med|medication|medicine|pill|tab|tablet|drug|rx|agent|aid|therapy|treatment)s?\b/;
const isPurposeAlone = ({ name, after }: Mention, { isPurpose, members }: Target): boolean =>
  isPurpose && !medicineBehind.test(after) && members?.test(name) !== true;

/** What a mention is worth where its words are more, or less, than what is asked. */
export function weakened(said: Verdict, mention: Mention, target: Target): Verdict {
  if (said === 'denied' && (deniesLess(mention, target.kind) || target.members?.test(mention.name) === true)) return 'named';
  if (said !== 'affirmed') return said;
  if (target.isLoose || isScattered(mention, target) || isPurposeAlone(mention, target)) return 'named';
  return isPiece(mention, target) || target.hasReason ? 'bare' : said;
}
