/**
 * Decides what one clause says of a criterion it names: affirmed, denied, or named without saying either.
 * Rules, not learning: nothing here is trained. Knows nothing of the model.
 */
import type { Kind, Mention, Target } from './anchor.js';
import { findMentions } from './anchor.js';
import * as cue from './cues.js';
import { isInstruction } from './instruction.js';
import { findBarePressure } from './measured.js';
import type { Clause, Statement } from './statement.js';
import { meetsBound } from './threshold.js';
import { type Verdict, weakened } from './verdict.js';
import { isBeforeWindow, isDated } from './window.js';

export interface Assertion {
  readonly verdict: Verdict;
  /** The clause that decided, the mention in the criterion's own words ("cscope" → "colonoscopy", which the model knows): what is compared with the criterion. */
  readonly clause: string;
  /** Two numbers were compared. */
  readonly isMeasured: boolean;
}

/** Phrases in which a word of place or cause does not end the reach of a negation. */
const transparent =
  /\b(?:(?:personal |past |prior |previous |known |documented |significant |medical |surgical |any |a |clear |active |current |further )*(?:history|evidence|diagnosis|diagnoses|signs?|symptoms?|use|mention) of|(?:formally |ever |been |previously )*diagnosed with|known to have|in (?:her|his|their) (?:entire |whole )?(?:life|lifetime)|in the past|enrolled in|admitted to|any (?:kind|type|form) of|a candidate)\b/g;
const breaker =
  /\b(?:of|from|with|to|since|by|per|on|at|in|during|after|due|despite|because|for|until|before|showed|shows|underwent|status|except|missed|miss|stopped|stop|offered|referred|scheduled|recommended|discussed)\b/;
const timeLimited =
  /^\W*(?:(?:done|performed|completed|obtained)\s+)?(?:since|in (?:the )?(?:last|past|over|more than|about|almost|nearly)|in \d+|in (?:a|one|two|three|five|ten|several|many|some) |for (?:\d+|over|many|several|years|the last|the past|more than|a|some|two|three|five|ten)|over the (?:last|past)|this year|until|before|recently|lately|within|during|in (?:years|months|decades|[12]\d{3})|so far this|last year|\d+ years)/;
const ownEvidence =
  /\b(?:[12]\d{3}|ago|normal|negative|unremarkable|showed|shows|done|performed|completed|revealed|last (?:year|month|week))\b|\d+\/\d+/;
const auxiliaries =
  '(?:had|has|have|having|undergone|undergoing|undergo|underwent|received|receive|gotten|get|got|completed|complete|done|been|being|taken|taking|take|takes|took|using|use|used|known|followed|in|on|obtained|performed|started|prescribed|put|needed|tried|a|an|any|her|his|actually|yet|ever|previously|currently|actively|presently|enrolled|diagnosed|diabetic|under|receiving|getting|with|¤)';
const negations: readonly { readonly pattern: RegExp; readonly isList: boolean }[] = [
  {
    pattern: new RegExp(
      `\\b(?:never|not)\\b(?= (?:yet |ever |previously |currently |actually |presently )*${auxiliaries})([^,]*|[^;]*(?:,|\\b(?:or|nor)) (?:any |other |an? |the )*¤)$`,
    ),
    isList: false,
  },
  { pattern: /\b(?:denies|denied|denying|negative for|free of|absence of|lacks?|lack of|neither|nor)\b(.*)$/, isList: true },
  {
    pattern:
      /\b(?:no|without|zero|non|nil)\b(?! (?:longer|show|change|changes|further|new|increase|problems?|issues?|difficult\w+|complications?|one|doubt|only))(?![-])(.*)$/,
    isList: true,
  },
];
const negatedAfter =
  /^\W*(?:(?:was|were|has|have|had|is|are|screening|status|history)\s+)*(?:(?:been|ever|yet)\s+)*(?:never|none\b|no\b(?! (?:polyp|evidence|abnormal|lesion|finding|mass|sign|recurrence|complication|concern|change|show|significant|malignan|cancer|suspicious|acute|bleeding|problem|issue|further|new))|not (?:yet )?(?:been )?(?:done|performed|completed|had|obtained|undergone|taken|taking|present|started|diagnosed)|denie[sd]\b)/;
const stateNegatedAfter =
  /^\W*(?:(?:was|were|has|have|had|is|are|been)\s+)*(?:ruled out|excluded|unlikely|absent|not (?:present|found|seen|identified|confirmed|diagnosed|likely)|negative\b)/;

/** "Chlamydia probe neg", "HCV ab nonreactive": the test of the state itself. */
const resultNegative = /^\W{0,2}(?:[\w-]+ ){1,3}(?:neg|negative|non-?reactive|not detected)\b(?! (?:for|in|until|since))/;

/** "Not on warfarin, apixaban or any blood thinner": a list of names goes on to its "or"; "not on warfarin, lisinopril 10 mg daily or as directed" is none. */
const isListed = (reach: string, after: string): boolean => /\b(?:or|nor)\b/.test(reach) || /^(?:,(?: [a-z-]+){1,3}){0,4},? (?:or|nor)\b/.test(after);

function isNegated({ before, after }: Mention, kind: Kind): boolean {
  if (/\b(?:insurance|insurer|payer|plan|coverage|medicare|medicaid) (?:has |had )?denied\b/.test(before)) return false;
  if (/^\W*included\b/.test(after) && /\b(?:never|no|not|nothing|none)\b/.test(before)) return true;
  if (negatedAfter.test(after)) return !timeLimited.test(after.replace(negatedAfter, ''));
  if (kind === 'state' && stateNegatedAfter.test(after)) return true;
  if (/^\s*(?:0\s*\/\s*\d|n(?=[,;.]|$))/.test(after)) return true;
  for (const { pattern, isList } of negations) {
    // The mention stands in for itself so that "not ¤" is found too.
    const found = pattern.exec(`${before}¤`);
    if (found === null) continue;
    if (!isList && found[1]?.includes(',') && !isListed(found[1], after)) continue;
    const reach = (found[1] ?? '').replace('¤', '').replace(transparent, ' ');
    const words = isList
      ? reach.replace(/\b(?:having|had|has|being|been|ever|taking|use)\b/g, ' ')
      : reach
          .replace(/^ (?:ever )?underwent\b/, ' ')
          .replace(/^(?: (?:currently|actually|presently|been|being|enrolled|yet))* (?:on|in|with)\b/, ' ');
    if (breaker.test(words) || (isList && /\b(?:had|underwent)\b/.test(reach) && !/denie|nor/.test(found[0]))) continue;
    if (isList && /,|\b(?:and|or)\b/.test(reach) && ownEvidence.test(after)) continue;
    if (/\bnot (?:well|only|completely|fully|adequately|optimally|at goal)\b/.test(found[0])) continue;
    if (kind === 'event' && timeLimited.test(after)) continue;
    return true;
  }
  return false;
}

/** "no colonoscopy in 10 years", "has not had one since": says neither that it was done in time nor that it never was. */
const negationWord = /\b(?:no|not|never|denies|denied|without|neither|nor|none)\b/;

function isOfAnother(clause: Clause, { before, after }: Mention): boolean {
  if (cue.familyAfter.test(after) && !cue.informant.test(after)) return true;
  const carried = `${clause.before} ${before}`;
  const told = carried.replace(new RegExp(cue.informant, 'g'), ' ');
  const someone = cue.relative.exec(told);
  if (someone === null) return false;
  const since = told.slice(someone.index + someone[0].length);
  if (cue.patientAgain.test(since)) return false;
  if (cue.familyPossessive.test(told.slice(someone.index))) return true;
  if (cue.woman.test(someone[0]) && /\b(?:he|his|him)\b/.test(since)) return false;
  return !(cue.man.test(someone[0]) && /\b(?:she|her|hers)\b/.test(since));
}

const planHeading =
  /^(?:(?:assessment (?:and|&|\/) )?plans?|a\/p|orders?|to ?do|recommendations?|health maintenance due|due|referrals?|pending|follow[- ]?up|goals?|education|discussed|counsell?ing)$/;
const familyHeading = /family|^relatives$/;

/** The item of a list that stands next to a mention: the last one before it (-1), the first one behind it (0). */
const near = (text: string, at: 0 | -1): string => text.split(',').at(at) ?? '';

/** In a list ("colonoscopy 4 years ago, pap refused") an item with its own date or result stands for itself. */
function ownSegment(mention: Mention): Mention {
  const after = near(mention.after, 0);
  return ownEvidence.test(after) ? { ...mention, before: near(mention.before, -1), after } : mention;
}

function judgeEvent(mention: Mention, target: Target, heading: string, clause: Clause): Verdict {
  const { before, after } = mention;
  if (cue.uncertain.test(before) || cue.uncertain.test(after)) return 'named';
  if (isNegated(mention, 'event')) return cue.plan.test(before) && !/\b(?:never|not|denie[sd])\b/.test(before) ? 'named' : plannedOnly(after);
  if (/\b(?:never|not|no|without|denies|denied)\b/.test(before) && (timeLimited.test(after) || cue.plan.test(before) || cue.plan.test(after)))
    return 'named';
  if (
    cue.done.test(before) &&
    !/\b(?:here|due|scheduled?|plan\w*|set|booked|refer\w*|order\w*)\s+(?:\w+ )?(?:on|at|after|following)\s*$/.test(before)
  ) {
    if (cue.notDoneAfterAll.test(after)) return 'named';
    if (!/\b(?:on|at|after|since|during|following)\b[^,]*$/.test(before) || !cue.plan.test(before)) return 'affirmed';
  }
  const own = ownSegment(mention);
  if (planHeading.test(heading) || cue.plan.test(own.before) || cue.plan.test(own.after) || cue.fetchReport.test(before)) return 'named';
  if (negationWord.test(before) && !/\bno\b.*\b(?:on|at|from|during|after|by|with|of|since)\b/.test(before)) return 'named';
  if (cue.evidenceBefore.test(before) || cue.evidenceAfter.test(after) || cue.evidenceAfter.test(before)) return 'affirmed';
  const isEntry =
    clause.before === '' &&
    clause.after === '' &&
    /^[\W\d]*(?:(?:a|the|screening|diagnostic|procedure|bilateral|total|routine|surveillance)\b\W*)*$/.test(before) &&
    /^\W*$/.test(after);
  // Nothing speaks for it and nothing against: "lobar pneumonia, amoxicillin only".
  const isOpen = /\b(?:due|indicated|prep)\b/.test(after) || cue.plan.test(clause.after);
  return isEntry || (!isOpen && judgeState(mention, target, clause.after) === 'affirmed') ? 'bare' : 'named';
}

/** "no colonoscopy scheduled" denies the plan, not the event. */
function plannedOnly(after: string): Verdict {
  return /^\W*(?:was |is |has been |been |currently |yet )*(?:scheduled|ordered|planned|needed|due|indicated|recommended|required|necessary|report|results?|records?|available|on (?:file|record))\b/.test(
    after,
  )
    ? 'named'
    : 'denied';
}

function judgeMedicine(mention: Mention, target: Target, following: string): Verdict {
  const { before, after } = mention;
  if (!target.isAllergy && (cue.allergy.test(before) || cue.allergy.test(after))) return 'named';
  if (cue.uncertain.test(before) || cue.uncertain.test(after)) return 'named';
  if ((cue.restarted.test(after) && !negationWord.test(after)) || cue.restartedFollowing.test(following)) return 'affirmed';
  if (cue.medicinePlan.test(before) && cue.endedAnywhere.test(before) && !cue.takes.test(before)) return 'named';
  if (/\b(?:never|not|do not|does not) (?:to )?(?:stop|discontinue|hold)\w*\b/.test(before)) return 'named';
  if (cue.endedBefore.test(before) || cue.endedAfter.test(after) || cue.endedFollowing.test(following)) return 'denied';
  if (/^\W*(?:\d[\w./% ]{0,12})?in (?:19|20)\d\d\b/.test(after) && !cue.takes.test(before) && !/\bsince\b/.test(after)) return 'named';
  if (cue.paper.test(near(before, -1)) || cue.paper.test(near(after, 0))) return 'named';
  if (cue.wasTaking.test(before)) return /\buntil\b/.test(after) ? 'denied' : 'named';
  if (isNegated(mention, 'medicine')) return /\b(?:candidate|indicated|appropriate)\b/.test(before) ? 'named' : 'denied';
  if (/\b(?:not|never|stopped|isn't) (?:been |actually )?(?:taking|using|started|filled|on) ?(?:it|this|them)?\b/.test(after)) return 'denied';
  if (isSpokenOf(mention, target) || cue.noneFollowing.test(following)) return 'named';
  if (cue.takes.test(before) && !cue.notReallyTakes.test(before)) return 'affirmed';
  if (cue.switchedTo.test(before)) return 'affirmed';
  if ((cue.endedAnywhere.test(before) || cue.endedAnywhere.test(after)) && !isApart(mention)) return 'named';
  if (cue.medicinePlan.test(before) || cue.medicinePlan.test(after) || cue.statePlanAfter.test(after) || cue.notReallyTakes.test(before))
    return 'named';
  const isEntry = /^\W*$/.test(before) && cue.nameAlone.test(after) && following === '';
  return isEntry || cue.useBefore.test(before) || cue.useAfter.test(after) ? 'affirmed' : 'bare';
}

/** "Lisinopril 10 only, spironolactone stopped": the item has its own dose, and what ended stands in another one. */
function isApart({ before, after }: Mention): boolean {
  const [own, next] = [near(before, -1), near(after, 0)];
  return cue.useAfter.test(next) && !cue.endedAnywhere.test(own) && !cue.endedAnywhere.test(next) && !cue.wholeList.test(`${before} ¤ ${after}`);
}

/** Named for another reason than that it is taken: gone, given once, measured, on paper, on the skin. */
function isSpokenOf({ before, name, after }: Mention, { content }: Target): boolean {
  if (cue.gone.test(after) || cue.goneBefore.test(before) || cue.reactedBefore.test(before)) return true;
  if (cue.justWritten.test(after) || cue.levelOf.test(after)) return true;
  if (cue.givenOnce.test(near(before, -1)) || cue.givenOnce.test(near(after, 0))) return true;
  if (cue.substance.test(name) && (cue.substanceMeasured.test(after) || /\b(?:serum|low|high|coronary)\W*$/.test(before))) return true;
  return cue.onTheSkin.test(after) && !/\b(?:cream|gel|lotion|topical|ointment|foam|skin|steroid)\b/.test(content);
}

function judgeState(mention: Mention, { kind, isCurrent }: Target, following: string): Verdict {
  const { before, after } = mention;
  if (kind === 'state' && /^\W{0,2}neg\b(?! (?:for|in|until|since)\b)/.test(after)) return 'denied';
  if (/\bneg $/.test(before)) return 'named';
  if (resultNegative.test(after) && !/\b(?:ordered|pending|if)\b/.test(before)) return 'denied';
  if (cue.otherHeadOfState.test(after) || /^(?: [\w/-]+){1,3} screening (?:over)?due\b/.test(after)) return 'named';
  if (isNegated(mention, 'state')) return /\bno change|\bnot (?:ready|interested|appropriate|eligible|a candidate)/.test(before) ? 'named' : 'denied';
  if (cue.uncertain.test(before) || /^\W*(?:\?|(?:is |was )?(?:suspect(?:ed)?|possible|likely|questionable|unclear|unlikely))\b/.test(after))
    return 'named';
  if (/\b(?:vs|versus)\s+(?:[\w-]+ )?$/.test(before) || /^\W*(?:[\w-]+ )?(?:vs|versus)\b/.test(after)) return 'named';
  if (
    isCurrent &&
    (isBeforeWindow(mention, 1) ||
      /\b(?:last (?:year|summer|winter|spring|fall)|in college|as a (?:child|kid|teen\w*)|in childhood|once|ever)\b/.test(`${before} ¤ ${after}`))
  )
    return 'named';
  if (cue.statePlanBefore.test(before) || cue.statePlanAfter.test(after)) return 'named';
  if (cue.stateGoneBefore.test(before) || cue.stateGoneAfter.test(after) || cue.stateGoneFollowing.test(following)) return 'named';
  if (
    cue.stateEnded.test(`${before}¤`.replace(/\bleft (?=colon|breast|sided)/, '')) ||
    /^\W*(?:\w+ ){0,4}(?:resolved|in remission|cured|revoked|reversed|removed|lifted|gone|cleared|healed|closed (?:over|up)|outgrown|until about|pulled|explanted|extracted|deleted|not (?:elected|involved))\b/.test(
      after,
    )
  )
    return 'named';
  if (
    negationWord.test(before) &&
    !/\bno\b.*\b(?:on|at|from|during|after|by|with|of|since|due)\b/.test(before) &&
    !/\bnot (?:well|at|fully|adequately|optimally|completely|only)\b/.test(before)
  )
    return 'named';
  return 'affirmed';
}

/** "Thyroid without nodules": what is denied stands between the words of the name. */
const deniedWithin = /\b(?:without|no|not|never|negative for|free of)\b/;

function judgeMention(clause: Clause, mention: Mention, target: Target, heading: string): Verdict {
  const { before, after } = mention;
  if (clause.isQuestion || familyHeading.test(heading) || isOfAnother(clause, mention)) return 'named';
  // "Warts" are corns: a word in quotation marks is somebody else's.
  if (target.kind === 'state' && /["“]$/.test(before) && /^["”]/.test(after)) return 'named';
  if (cue.occupation.test(before) || cue.differentialHeading.test(`${heading}:`) || cue.differentialHeading.test(`${clause.before} ${before}`))
    return 'named';
  if (deniedWithin.test(mention.name) && !deniedWithin.test(target.content)) return target.kind === 'state' ? 'denied' : 'named';
  if (cue.hypothetical.test(before) || (target.kind !== 'state' && cue.hypothetical.test(after))) return 'named';
  if (cue.otherHead.test(after) || cue.aboutBefore.test(before) || cue.mightBe.test(before) || cue.mightBeAfter.test(after)) return 'named';
  if (target.kind === 'event') return judgeEvent(mention, target, heading, clause);
  if (target.kind === 'medicine')
    return planHeading.test(heading) && !cue.takes.test(before) ? 'named' : judgeMedicine(mention, target, clause.after);
  return planHeading.test(heading) && cue.statePlanAfter.test(after) ? 'named' : judgeState(mention, target, clause.after);
}

/** A criterion of the blood pressure also finds one that stands without its name. */
function mentionsIn(text: string, target: Target): readonly Mention[] {
  const named = findMentions(text, target);
  return named.length === 0 && target.bound !== undefined && /\b(?:bp|blood pressure|systolic|diastolic)\b/.test(target.content)
    ? findBarePressure(text)
    : named;
}

/** The whole statement against one criterion; undefined: it does not name it. */
export function assess(statement: Statement, target: Target): Assertion | undefined {
  const found = statement.clauses.flatMap((clause, at) =>
    mentionsIn(clause.text, target).map((mention) => {
      const said = judgeMention(clause, mention, target, statement.heading);
      const judged = weakened(said, mention, target);
      const isTooOld =
        target.window !== undefined && judged === 'affirmed' && (isBeforeWindow(mention, target.window) || !isDated(mention, target.window));
      const meets =
        target.bound === undefined || judged !== 'affirmed' ? undefined : meetsBound(mention, target.bound, statement.clauses[at + 1]?.text);
      return {
        verdict: isTooOld ? 'named' : target.bound === undefined ? judged : meets === undefined ? 'named' : meets ? 'affirmed' : 'denied',
        phrase: mention.phrase,
        clause: `${mention.before}${target.content}${mention.after}`,
        isMeasured: meets !== undefined,
      } as const;
    }),
  );
  const first = found[0];
  if (first === undefined || isInstruction(statement.normalised)) return undefined;
  const decisive = found.filter(({ verdict }) => verdict === 'affirmed' || verdict === 'denied');
  const denied = new Set(found.filter(({ verdict }) => verdict === 'denied').map(({ phrase }) => phrase));
  // What happened stays so: one account of an event outweighs a denial elsewhere. A medicine or state is what was said last.
  const chosen = target.kind === 'event' ? (decisive.find(({ verdict }) => verdict === 'affirmed') ?? decisive[0]) : decisive.at(-1);
  // "Cane yes, walker no" for "a walker or cane": one of several denied denies nothing.
  if (chosen?.verdict === 'denied' && denied.size < target.phrases.length) return { ...chosen, verdict: 'named' };
  return chosen ?? found.find(({ verdict }) => verdict === 'bare') ?? first;
}
