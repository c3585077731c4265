/**
 * The words that turn a mention around: negation, plan, refusal, family, hypothesis, history, end. One table of patterns each.
 * Knows nothing of criteria and nothing of the order in which they are asked (`assertion.ts`).
 * After NegEx (Chapman 2001) and ConText (Harkema 2009): cues have a side and a reach. Written anew, for events, medicines and states.
 */

/** Another person's: the relation, then gender, so that "he" after "mother" is the patient again. */
const women = 'mother|mom|mum|sister|daughter|aunt|grandmother|grandma|wife|niece|girlfriend|stepmother|half-sister|mother-in-law|sister-in-law';
const men = 'father|dad|hubby|brother|son|uncle|grandfather|grandpa|husband|nephew|boyfriend|stepfather|half-brother|father-in-law|brother-in-law';
const others =
  'family history|family|parents?|siblings?|sib|cousins?|relatives?|grandparents?|grandson|granddaughter|children|child|kids|twin|spouse|partner|friend|neighbou?r|roommate|bunkmate|housemate|classmate|teammate|sis|bro|husb|caller|coworker|co-worker|donor|caregiver|dog|cat|boss';
export const woman = new RegExp(`\\b(?:${women})s?\\b(?!'s house)`);
export const man = new RegExp(`\\b(?:${men})s?\\b(?! of\\b)`);
export const relative = new RegExp(`\\b(?:${women}|${men}|${others})s?\\b`);
/** The relative as witness or helper, not as patient: "daughter reports that …", "with his wife". */
export const informant = new RegExp(
  `\\b(?:per|with|by|from|according to|accompanied by|lives with|told|and)(?: (?:her|his|their|the patient's|patient's|the|a|an|adult|older|younger))* (?:${women}|${men}|${others})s?\\b(?! (?:with|who|had|has|takes)\\b)` +
    `|\\b(?:${women}|${men}|${others})s? (?:who is present )?(?:also )?(?:reports?|reported|says|said|states|stated|notes|noted|confirms?|confirmed|tells|told|thinks|brought|brings|drove|drives|gives|helps|manages|administers|fills|insists|adds|mentions|worried|is worried|is concerned|present|at bedside|called|calls)\\b`,
);
export const familyAfter = new RegExp(
  `^[^,]{0,40}(?:\\bin|\\(|\\bon|\\bof|-|:)\\s*(?:(?:her|his|their|the patient's|patient's|a|the|both|one|maternal|paternal|older|younger|first-degree|his or her) )*(?:${women}|${men}|${others})s?\\b`,
);
export const familyPossessive = new RegExp(`\\b(?:${women}|${men}|${others})(?:'s|s')`);
export const patientAgain = /\b(?:patient(?:'s)?|she herself|he himself|personally)\b/;

/** A list of what it might be. */
export const differentialHeading = /(?:^|[\s[(])(?:ddx|dd|differential(?: diagnos[ie]s)?)\s*[:\])]/;
export const occupation =
  /\b(?:works? (?:as|in|at|for)|worked (?:as|in|at|for)|volunteers?|volunteered|employed|retired from|nurse (?:at|in) an?|teaches|studies|donat\w+|fundrais\w+|raffle|charity|awareness|support group for)\b/;

export const hypothetical =
  /\b(?:if|unless|would|should|could|might|in case|whether|in the event|as needed|when (?:she|he|they|patient) (?:gets?|has|is|turns|undergoes)|once (?:she|he|they|patient)|wish(?:es|ed)?|hop(?:es|ing)|were to|ought|suppose[sd]?|in theory|hypothetical\w*|as though|as if|for (?:someone|patients|anyone|people|those) (?:who|with)|patients with|people with|most people|mistaken\w*|wrong (?:patient|chart)|erroneous\w*|in error|another patient|different patient|not (?:this|the) patient)\b|\bmay (?:have|be|need|want|benefit|consider|require|undergo|get|also|not|still|possibly)\b/;
export const uncertain =
  /\b(?:possibl[ey]|probabl[ey]|likely|presumed|presumptive|suspect(?:ed|s)?|suspicio\w+|suspicious for|concern(?:ing|ed)? (?:for|about|of)|rule out|ruling out|to exclude|can not exclude|differential|questionable|unclear|unsure|uncertain|not (?:sure|certain|clear)|maybe|perhaps|equivocal|can not (?:recall|remember)|(?:does|do|did) not (?:recall|remember|know)|unknown|thinks?|thought|believes?|believed|borderline|vague\w*|unverified|unconfirmed|evaluat\w+ for|work-?up for|worried about|fears?|afraid of|no (?:record|records|documentation|report|results?) (?:of|available|from))\b|^\W*\?|\?\s*$/;

/** Nouns that make the mention a modifier of something else ("colonoscopy prep", "diabetes screening"). */
export const otherHead =
  /^[ -](?:packet|worksheet|diet\b|prep\b|preps\b|preparation|prophylaxis|ppx\b|referral|orders?\b|ordering|appointment|appt|brochure|handout|leaflet|pamphlet|flyer|video|education|information|prevention|risks?\b|kit\b|scheduling|reminder|letter|consent|instructions?|benefits|options?|discussion|decision|request|recommendation|guidelines?|slot|date set|phobia|anxiety|worries|fear|refusal|declination|candidate|candidacy|eligibility|insurance|coverage|copay|authorization|conversation|evaluation|consult(?:ation)?\b|info\b|intake|assessment pending|trial|studies|research|ribbon|walk\b|awareness|foundation|shared decision|accessible\b|counsel+ing|screening (?:declin\w+|refus\w+|discuss\w*|due|overdue|recommend\w*|order\w*|schedul\w*|offer\w*|need\w*|pending|planned|referral|counsel\w*))/;
export const otherHeadOfState =
  /^[ -](?:screen\w*|test(?:s|ing)?\b|clinic\b|center\b|check\b|titers? drawn|labs? (?:sent|drawn|pending)|syrup\b|class\b|carrier testing|praecox\b|unit\b|foods?\b|surveillance|complications?|symptoms?|markers?|antibod\w+|ab\b|ag\b|rna\b|dna\b|ig[gma]\b|related|free\b|support|specimen|vaccine|(?:transplant |wait(?:ing)? ?)?list\b|benefit\b)/;
export const aboutBefore =
  /\b(?:risk(?:s)? (?:of|for|factors? for)|at (?:increased|high|higher|low|average|elevated)? ?risk|predispos\w+ to|screen(?:s|ed|ing)? (?:\w+ ){0,3}(?:for|of)|prevent(?:s|ion|ing|ive)?(?: of)?|prophylaxis (?:of|for|against)|(?:test|tested|testing|checked|check|assess\w*|evaluat\w*|monitor\w*|vaccin\w+|watch) (?:\w+ )?(?:for|against)|questions? about|(?:asks?|asked|inquir\w+|information|info|education|educated|read|reading|learn\w*|article|handout|video|brochure|counsel\w*|talk\w*|spoke|concerns?|worr\w+|anxious|nervous|interested) (?:\w+ )?(?:about|on|in|regarding|for)|prep(?:aration)? for|precautions for|screened for|consent(?:ed)? (?:for|to)|referr\w+ (?:\w+ )?(?:for|to)|indication for|(?<!diagnostic )criteria for|candidate for|(?:can|may|might|could) (?:also )?(?:cause|lead to|result in|trigger|worsen|raise)|to avoid|work(?:ed|ing)?[ -]?up|warned (?:\w+ )?(?:about|of|that)|counsel\w* re|look(?:s|ing)? for|seen (?:with|in)|(?:high|low|rich) in|(?:progress|turn|transform|evolve|develop) (?:in)?to|(?:chances?|likelihood|threshold|policy|signs?|symptoms?|mind|brochure|poster|leaflet) (?:of|for|on|about)|pre-?)\s*(?:(?:a|an|the|her|his|their|possible|total|new|developing|developed|getting|having) )*$/;

/** What a clinician intends, offers or is refused: not done. */
export const plan =
  /\b(?:schedul\w+|reschedul\w+|will|plan(?:s|ned|ning)?|orders?|ordered|ordering|due (?:for|in|now|this|next|today|soon|at|on|by|\d)|is due|are due|currently due|overdue|past due|recommend\w*|advis\w+|suggest\w*|offer\w*|discuss\w*|counsel\w*|encourag\w*|urg(?:ed|es|ing)|declin\w*|refus\w*|consider\w*|defer\w*|postpon\w*|cancel\w*|missed|skipp\w+|delay\w*|no-?\s?show\w*|(?:did|does) not (?:show|attend|keep|go|want|wish|make)|pending|await\w*|waiting|upcoming|tomorrow|next (?:week|month|year|visit|available|due|one|spring|summer|fall|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday)|later (?:this|today)|referr?(?:ed|al|als|ing)?|needs?|needed|needing|necessary|want\w*|would|interested|agree\w*|amenable|request\w*|eligible|candidate|afraid|fear\w*|hesitant|reluctant|willing|unwilling|resist\w*|prefer\w*|opt(?:s|ed)? (?:for|out|against)|instead of|rather than|in lieu of|alternative|versus|vs|going to|(?:wants|plans|hopes|likes|ready|able|wait\w*) to|to (?:have|get|undergo|do|obtain|receive|complete|repeat|arrange|be)|set up|arrang\w*|book(?:ed|ing)?|here (?:today )?for|present(?:s|ing|ed)? (?:today )?for|ask(?:s|ed|ing)? (?:about|for|if|whether)|wonder\w*|remind\w*|insurance|approv\w*|authoriz\w*|covered|importance of|need for|benefits?|options?|proceed|hold off|put off|aborted|incomplete|attempted|failed|unable|inadequate|poor prep\w*|not (?:able|indicated|needed|due|necessary|recommended|appropriate|available|applicable|tolerated|eligible|candidate|up to date)|contraindicated|against|avoid\w*|start|begin|initiate|follow up with|return(?:s|ing)? (?:\w+ ){0,4}for|look into|barriers?|transport\w*|recall letter|letter sent|every (?:\d+|one|two|three|five|ten|year|other))\b|\bin (?:about |approximately |another |the next )?(?:\d+|a|an|one|two|three|four|five|six|ten|few|several)(?: to \d+|-\d+)? (?:more )?(?:days?|weeks?|months?|years?)\b(?! ago)/;
/** The report is asked for; whether it exists is open. */
export const fetchReport = /^\W*(?:please )?(?:obtain|get|request|do|try to get|track down)\b/;
/** Who says so does not matter where a plan word only qualifies an event that took place ("underwent her scheduled colonoscopy"). */
const between =
  '(?:a|an|the|her|his|their|my|another|one|two|three|several|multiple|scheduled|recommended|planned|screening|routine|repeat|surveillance|diagnostic|follow-?up|first|last|initial|normal|negative|abnormal|total|complete|elective|ordered|overdue|index|annual|yearly|bilateral|digital|3d|open|laparoscopic|recent|prior|previous|outpatient|inpatient|outside|successful|uncomplicated|baseline|only|most|also|already|previously|ever|of|full|emergency|emergent|subtotal|partial|right|left)';
export const done = new RegExp(
  `\\b(?:underwent|undergone|status post|(?<!to )(?:had|received|completed|obtained)|(?<!to )have had|has had|got|(?:history|results?) of|post|did have|after|following|since|at|during|on)(?: (?:her|his|their))?(?: ${between})*\\s*$`,
);
export const notDoneAfterAll =
  /^(?: \w+){0,2}? (?:scheduled|ordered|planned|recommended|discussed|offered|declined|cancell?ed|pending|deferred|rescheduled|postponed|refused|appointment|referral|advised|suggested|missed|aborted|attempted|booked|approved|denied|not (?:done|performed|completed))\b/;

/** Signs that an event took place: a verb, a result, a time. */
export const evidenceBefore =
  /\b(?:had|has had|have had|underwent|undergone|completed|received|obtained|got|did|status post|post|history of|past medical history|past surgical history|surgical history|last|latest|prior|previous|previously|recent|earlier|past|since|after|following|during|on|at|by|via|from|per|up to date (?:on|with|for)|current (?:on|with)|results?|report|showed?|shows|confirm\w*|document\w*|performed|removed|found|seen|done|tolerated|\d{4}|ago|procedures?|surger(?:y|ies))\b|\d+\/\d+/;
export const evidenceAfter =
  /\b(?:done|performed|completed|normal|abnormal|negative|positive|unremarkable|showed?|shows|reveal\w*|found|finding\w*|demonstrat\w*|polyps?|polypectomy|biops\w+|hemorrhoids|diverticul\w+|clear|benign|bi-?rads|up to date|current|ago|[12]\d{3}|last (?:year|month|week|spring|summer|fall|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)|(?:january|february|march|april|june|july|august|september|october|november|december)|yesterday|at (?:age |about )?\d\d|at age|reports?|results?|was (?:good|fine|ok)|within normal|confirmed|for (?:ulcerative|polyp|cancer|bleeding|familial|obstruct\w+)|at (?:an? )?(?:outside|another|other)|outside|elsewhere|earlier|previously|once|twice|in the past|as a (?:child|teen|young))\b|\d+\/\d+|\[[^\]]*(?:date|year|time|month)[^\]]*\]/;

/** Ends of a medicine or a state. `now` = said of the past, so that it is known to have ended. */
export const ended =
  '(?:stopped|discontinued|ceased|quit|held|on hold|off|tapered off|weaned off|completed|finished|replaced|switched|changed|transitioned|suspended|withdrawn|no longer|dropped|phased out|washed out|ended|swapped|exchanged|taken away|given up|done with|removed|lifted)';
export const endedBefore =
  /(?:^\W*off|\b(?:stopped|discontinued|ceased|quit|no longer|(?:came|taken|went|been|is|was|now|currently|stay\w*|remains?) off|off of|weaned off|tapered off|held|holding|withheld|(?:switched|changed|transitioned|converted) (?:\w+ )?from|previously (?:on|taking|took|prescribed|treated with)|formerly|used to (?:take|use|be on)|past use of|completed|finished|ran out of|washed out of|gave up|dropped|threw out|done with|graduated from|self-discontinued|history of (?:taking|using)))(?: (?:on|taking|using|takes|her|his|their|the|a|course of|all|home|of|been|being|in|is|with|prescribed))*\s*$/;
export const endedAfter = new RegExp(
  `^(?: (?!and|because|due|since|while|to|for|after)[\\w/.%]+){0,6}[ ,:-]*(?:(?:has|have|had|was|were|is|been|being|therapy|today|then|recently|since)[ ]+)*\\b${ended}\\b(?! (?:and|then) re)(?! from \\d)(?! (?:to|from) \\d)(?! (?:dose|strength))`,
);
export const endedAnywhere =
  /\b(?:stop\w*|discontinu\w*|ceas\w+|hold|held|holding|withh\w+|taper\w*|wean\w*|off|switch\w*|no longer|quit|previous\w*|formerly|used to|replac\w*)\b|\bwas (?:on|taking)\b/;
/** Said of the medicine in the next clause, without naming it or anything else: "…, stopped last year". */
const anaphora =
  '(?= (?:it|them|this|that|taking (?:it|them)|because|due|after|since|in|on|by|for|last|about|around|when|while|today|yesterday|recently|years?|months?|weeks?|two|three|several|early|at|again|per|\\[|\\d)|\\W*$)';
const leadIn =
  '(?:^|, | and )(?:(?:and|then|but|he|she|they|patient|it|was|were|has|had|have|been|since|later|is|now|self|subsequently|which|recently|this)[ -])*';
export const endedFollowing = new RegExp(
  `${leadIn}(?:(?:stopped|discontinued|held|quit|ceased|suspended|withdrawn|no longer taking|took (?:it|them) (?:away|off)|not (?:been )?(?:taking|using|started|filled)|never (?:started|filled|took|taken|picked up)|switched to \\w+|changed to \\w+|replaced (?:by|with) \\w+|off)${anaphora}|(?:did|does|has|is) not (?:fill|filled|take|taking|start|started|pick|picked|been taking)\\b)`,
);
export const restartedFollowing = new RegExp(`${leadIn}(?:restarted|re-started|resumed|reinitiated|back on it)${anaphora}`);
export const wasTaking = /\bwas (?:previously |formerly |once |briefly )?(?:on|taking)(?: (?:a|the|his|her))?\s*$/;
export const restarted = /\b(?:restart\w*|re-start\w*|resum\w*|re-?initiat\w*|back on)\b/;
export const stateEnded =
  /\b(?:discharged from|graduated from|revoked|disenrolled|left|resolved|in remission|cured|no longer|former|formerly|outgrew|grew out of|reversed|used to (?:be|have)|labels? of|in error|once had)\b/;

/** A state that is denied, ended or found to be wrong, near its name: enough not to affirm it, too little to deny it. */
export const stateGoneBefore =
  /\b(?:rules? out|ruled out|excludes?|excluded|rather than|instead of|clean of|free of|clear of|never|not(?! only)|none|neither|nor|nowhere near|far from|outgrew|outgrown|came off|took off|cancelled(?! because| due| since))(?: (?!on |with |because |due |since |after |by )[\w'/]+,?){0,5} $|\boff (?:(?:her|his|their|the) )?$/;
export const stateGoneAfter =
  /^(?:[ :-]+(?:\([^)]*\)|(?!and |but |no |not )[\w/.%']+)){0,3}?[ ,:-]+(?:gone|went away|vanished|ended|expelled|sent back|miscoded|by mistake|carried forward|cured|recovered(?!:?(?: to)? \d)|evaluated (?:&|and) not|out an?\b|cut off|came off|came out|taken out|corrected|rescinded|retracted|withdrawn|disprove[dn]|deleted|removed|revoked|dropped|excluded|ruled out|rule out'd|was wrong|entered in error|an error|in error|misreport|undetected|lost(?! \d)|has left|dried up|no longer active|completely treated|outgrown?|outgrew|\(resolved|disappeared|never (?!smoker))\b|^ (?:has |was |is |were )?stopped(?=$|[,;.]| (?:and|after)\b)/;
export const stateGoneFollowing =
  /^\W*(?:(?:and|now|since|all|it|he|she|they|was|were|is|has|have|been) )*(?:gone|went away|vanished|cut off|came off|came out|taken out|corrected|rescinded|retracted|withdrawn|disprove[dn]|deleted|removed|revoked|ruled out|in error|resolved|cleared|reversed|healed)\b/;
/** What may come of something else, what somebody met with: not had. */
export const mightBe =
  /\b(?:may|can|could|might|often|to) (?:also )?(?:cause|develop|form|give|bring|worsen|follow|lead|raise|increase|unmask|provoke)(?: \w+){0,3} $|\b(?:contraindicated|unsafe|avoid\w*|not recommended|caution\w*|mortality|common\w*) (?:in|with|among|for)(?: \w+){0,3} $|\b(?:exposure|exposed|contact with|needle ?stick)(?: \w+){0,4} $|\b(?:risk factors? (?:for|of)|(?:at|average) risk (?:for|of)|signs of|screened for|screening \w+ for|check(?:ed)? for|question of|probability of|chance of|testing for|told that)(?: [\w-]+){0,3} $/;
/** It names something else: a book, a day, a study, an outbreak. */
export const mightBeAfter =
  /^ (?:may|can|might) (?!be\b)|^[^,;.]{0,30}\b(?:on|in) (?:the )?(?:differential|ddx)\b|^(?: [\w-]+){0,3} (?:scrn|screening|prevention) (?:ordered|declined|discussed|due|overdue|planned|offered|refused|recommended)\b|^ (?:scrn|precautions?|exposure|biomarker|nursing|anticoagulant|shelter|protocol|eval|meat|next\b|outbreak|lecture|card\b|action plan|supplies|title|book|nation|guard|company|warning|trial|study|source)\b/;

/** Taking a medicine, said outright. */
export const takes =
  /\b(?:takes|taking|is on|are on|am on|remains on|stays on|maintained on|kept on|continu(?:es?|ing|ed)(?: on| to take| taking| with| her| his| the| home)*|currently on|now on|stable on|chronic(?:ally)? (?:on)?|compliant with|adherent (?:to|with)|refill(?:ed|s)?(?: of| for)?|started(?: back)?(?: on)?|restarted(?: on)?|resumed|increased?|decreased?|(?:titrat|adjust)\w*|anticoagulated with|uses|using|treated with|prescribed|placed on|put on|switched to|changed to|transitioned to|bridg\w+ to|while on|dose of|on)(?: (?:his|her|their|the|a|home|daily|chronic|low-dose|low dose|stable|current|oral|long-term|lifelong))*\s*$/;
/** "Switched from warfarin to …". */
export const switchedTo =
  /\b(?:switched|changed|transitioned|converted|rotated|moved|crossed)(?: over| back)? (?:from )?(?:[\w/-]+ ){1,3}to (?:po |oral )?$/;
/** What ended may be everything that is named, or this. */
export const wholeList = /\b(?:all|both|each|it|them|everything|altogether|none of|used to|took|drug)\b/;
export const notReallyTakes =
  /\b(?:avoid|avoided|declin\w+|refus\w+|consider\w*|discuss\w*|against|without|before|instead of|not to be|to be|recommend\w*|suggest\w*|advis\w*|offer\w*|plan\w*|agree\w*|will be|needs? to be|should|could|would|if|wants?|interested in|risks? of|candidate for|prior to|considered for|eligible for) (?:\w+ ){0,2}?(?:being |be |get )?(?:taking|starting|using|started|placed|put|prescribed|switched|changed|on|treated)\b/;
export const medicinePlan =
  /\b(?:will|start|begin|initiate|consider\w*|recommend\w*|discuss\w*|offer\w*|declin\w*|refus\w*|candidate|plan\w*|would|should|instead of|rather than|versus|vs|prefer\w*|needs?|option\w*|avoid\w*|interact\w*|ordered|pending|want\w*|ask\w*|hesitant|reluctant|advis\w*|suggest\w*|counsel\w*|educat\w*|future|never filled|never opened|unopened|still sealed|not filled|not picked up|did not (?:fill|start|pick)|has not (?:filled|started|picked)|stop|discontinue|hold|risks?|benefits?|prior to|alternative|eligible|indicat\w+|do not (?:give|use|start|prescribe)|antidote|overdose|poison\w*|ingest\w*|toxicity)\b/;
/** A medicine that went: into the bin, over to another, out of favour. It says less than a stop, and not always of this patient. */
export const gone =
  /^(?:[ :-]+(?:\([^)]*\)|(?!and |but |now |still )[\w/.%]+)){0,4}?[ ,:-]+(?:gone|out(?=$|[;,.)]| (?:for|due|since|after|on account)\b)|pulled|abandoned|retired|banned|binned|tossed|aborted|recalled|naive|history|given up|taken away|ended|finished|withdrawn|thrown|failed|useless|lost(?! \d)|sold|returned|rejected|discarded|pitched|removed|refused|put away|never (?:used|tried|given|needed|taken|was|filled|opened|again|restarted|went back)|not (?:been )?(?:tried|covered|allowed|among|given|compatible|needed|used)|so never|no more)\b|^[^;,.]{0,30}?(?:→|-+>|=+>)\s*(?!\d|dose|up|down|same|inc|dec|more|less)[a-z]|^\W*(?:none|neither)\b/;
export const goneBefore =
  /\b(?:pulled?|tossed|threw|thrown|throws|gave up|given up|failed|binned|quit|finished|done with|deprescribed|lost(?! \d)|swapped|swapping|in place of|in lieu of|place of|instead of|rather than|came off|sold|free of|clean (?:of|from)|(?:off|away from|out of) (?:all|every\w*))(?: (?!for |to |on |with |by |back |once |after )[\w']+){0,3} $|\b(?:never|neither|nor|none of|nothing)\b(?! (?:only|misse?[sd]?|fail\w*|skip\w*|forget\w*|stopped|without|off|late|other|to miss|just|change\w*|runs?|else|more|touched|came|come))(?: (?!on |other )[\w'/]+,?){0,7} (?:or |nor |and )?$/;
/** What came of it, said before its name: "cough on lisinopril", "Lip swelling with Entresto". */
export const reactedBefore =
  /\b(?:coughs?|edema|swell(?:ing|ed)(?: up)?|myalgias?|hyponatremia|angioedema|preferred over|intolerant of)(?: (?!better|improv|resolv|gone|control|treat|manag|less|reliev)[\w']+){0,2} (?:on|with|from|after|to|of) $/;
/** Nothing is taken any more, said in the next clause. */
export const noneFollowing =
  /^[^;]{0,40}?\b(?:none (?:since|now)|(?:takes|uses|used) (?:none|nothing|neither)|nothing (?:now|since|for it)|never (?:resumed|restarted|went back|put back)|went over to)\b/;
/** Written, not yet taken. */
export const justWritten = /^[^,;.]{0,25}?\b(?:just (?:sent|written)|sent (?:just )?now|printed|e-?rx'?e?d|prescribed today)\b/;
/** A level of it, not a dose: "total phenytoin 14 mcg/mL". */
export const levelOf =
  /^\W*(?:level\W+)?\d+(?:\.\d+)? ?(?:mcg|ug|ng|mg|mmol|meq)\/(?:m|d)?l\b(?! (?:oral|solution|soln|susp|liquid|elixir|syrup|inj|vial|pen))/;
/** One dose, in a hospital, an ambulance or before an operation, is not a medicine that is taken. */
export const givenOnce =
  /\bx ?1\b(?! ?\/)|\bonce (?:in|at|for|only|on|years|during|before)\b(?! a\b)|\bone (?:dose|time)\b|\bstat\b|\b(?:in|by|at|on|from) (?:the )?(?:ed|er|icu|pacu|ems|cath lab|urgent care|triage|ambulance|crna|anesthesia|theat(?:er|re)|code)\b|\ben route\b|\biv push\b|\bpremed\w*|\bpacking\b|\bbefore (?:blood|the scope|surgery|ct|mri)\b/;
/** Signs that a medicine is taken: a word of use or of a list before it, a dose or a time behind it. */
export const useBefore =
  /\b(?:takes|taking|on|stays|maintained|cont(?:inu\w*)?|stable|chronic|refill\w*|started|restarted|resumed|increased?|decreased?|titrat\w*|uses?|using|tolerat\w*|side effects (?:from|of|on)|misses|dhx?|drug history|treated|prescribed|placed|put|switched|changed|back|dose|meds?|medications?|medicines?|pills?|with|plus|and|rx|home|daily|since|gets?|receiv\w*|given|injects?|wears?|via)\b|\+/;
export const useAfter =
  /^[^;]{0,60}?(?:\d ?(?:mg|mcg|g|units?|u|iu|meq|ml|puffs?|tabs?|caps?|sprays?|patch|%|\/)(?![a-z])|\b(?:daily|nightly|bid|tid|qid|qd|qhs|hs|prn|qam|qpm|q\d+\w*|weekly|monthly|twice|once|every|each|am|pm|bedtime|night|morning|days?|years?|months?|weeks?|x ?\d+|since|still|now|again|refill\w*|tolerat\w*|helps|works|well|stable|same|cont\w*|only|alone|good|per sliding|as needed|dose)\b)|^ \d/;
/** An entry of a medication list has nothing but the name. */
export const nameAlone =
  /^(?: ?\(?(?:sodium|hydrochloride|hcl|besylate|calcium|succinate|tartrate|maleate|mesylate|potassium|citrate|acetate|sulfate|therapy|medication|tablets?|capsules?|er|xl|xr|sr)\)?)*\W*$/;
/** Paper, advertising and pharmacy matters that name a medicine. */
export const paper =
  /\b(?:pa (?:for|submitted|denied|pending)|prior auth\w*|leaflet|handout|brochure|poster|coupon|commercials?|claim|mailer|lawsuit|advert\w*|look-?alikes?|insurer|payer|pop-?up|nomogram|order set|inclusion|exclusion|cautions?|boxed|black box|recall notice|may cause|first-?line|second[- ]line|samples? (?:of|in)|reading list|for (?:the|her|his) (?:dog|cat|wife|husband|son|daughter|spouse))\b/;
/** Put on the skin, in the eye or through a line: not what "takes" asks for. */
export const onTheSkin = /^[ \d.%]*(?:oxide|ointment|oint|cream|crm|gel|lotion|topical|paste|shampoo|barrier|lock|flush|enema)\b/;
/** A substance of the body, measured. */
export const substance =
  /^(?:potassium|calcium|zinc|iron|magnesium|testosterone|progesterone|estradiol|vitamin \w+|folate|folic acid|b12|carnitine|copper|selenium|thyroxine)$/;
export const substanceMeasured =
  /^ ?(?:levels?|total|receptors?|score|stones?|crystals|oxalate|finger|deficien\w+|in range|binding|saturation|free|serum|oxide|protoporphyrin|is |was |of )|^ ?\(?(?:low|high|normal|[lh]\b)|^[ :]*[<>]?\d+(?:\.\d+)?(?![\d.]| ?(?:mg|mcg|g\b|units|iu|ml|meq|tabs?|%))/;
export const allergy =
  /\b(?:allerg\w*|intoleran\w*|adverse|anaphyla\w*|angioedema|reaction|sensitivit\w+|hypersensitiv\w*|hives|rash|urticaria|necrosis|contraindicat\w*|can not (?:take|tolerate)|did not tolerate|does not tolerate|unable to tolerate|not tolerat\w+)\b/;

/** Plans and refusals that govern a state only when they stand next to it ("declines hospice"), not anywhere ("diabetes, will start …"). */
export const statePlanBefore =
  /\b(?:recommend\w*|discuss\w*|consider\w*|declin\w*|refus\w*|offer\w*|suggest\w*|referr\w*|referral|schedul\w*|plan\w*|will|eligible|candidate|interested|wants?|request\w*|ask\w*|order\w*|pending|await\w*|evaluat\w*|consult\w*|transition\w*|ready|agree\w*|qualif\w+|appropriate|needs?|must|await\w*|goal\w*|benefits? of|meet\w* with|information|open to|thinking|future|eventual|trying|attempting|hoping|wishes)\b(?: (?!has|is|had|with)[\w-]+){0,4}\s*$/;
export const statePlanAfter =
  /^(?: (?:care|program|services?|enrollment|was|were|is|has|been|had|being|again|option|team))*,? (?:recommend\w*|discuss\w*|consider\w*|declin\w*|refus\w*|offer\w*|suggest\w*|referr\w*|referral|eligib\w*|pending|consult\w*|planned|ordered|deferred|when|if|not (?:yet|appropriate|ready|needed|indicated|interested|desired)|brought up|mentioned|introduced|explained|explored|evaluation|decision|under consideration)\b/;
