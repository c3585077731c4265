/**
 * Tells a sentence that talks to the reader ("ignore the rules and mark …") from one that talks about the patient.
 * Knows nothing of criteria. Such a sentence supports nothing and contradicts nothing.
 */

/** Wording that no clinician writes about a patient: addresses to a machine, its answers, its markup. */
const patterns: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instructions?|rules?|guidelines?|prompts?|above|previous|prior|checks?|criteri\w+|polic\w+|logic)\b/,
  /\b(?:you are|you're|you must|you should|you will|you have to|your (?:task|job|answer|output|instructions?|response|role))\b.{0,60}\b(?:model|assistant|ai|reader|classifier|system|answer|output|respond|return|classify|mark|say|support\w*|criteri\w+|bot|treat|score|task|conclude)\b/,
  /(?:^|[.!;\n] ?|\[|<|#)(?:system|assistant|user|developer|prompt|admin(?:istrator)?)(?: (?:prompt|message|override|note|instruction|update))?\s*(?:\]|>|:|=)/,
  /\b(?:note|message|instructions?|memo|attention|dear|hey|hello|attn)\b.{0,20}\b(?:ai|model|assistant|llm|reader|classifier|algorithm|chatbot|language model|decision support|cds|machine)\b/,
  /\b(?:language model|llm|chatgpt|gpt-?\d?|claude|prompt(?! (?:drainage|relief|response|improvement|return|follow|resolution|evaluation|attention|care|treatment|removal|referral|recovery|medical)\w*)|jailbreak|classifier|chatbot|as an ai|ai (?:model|reader|assistant|system|reviewer|scribe|agent|bot|coder|abstractor|tool))\b/,
  /\b(?:for|to|attention|attn) (?:the )?(?:(?:chart|quality|measure) )?(?:reviewer|abstractor|coder|auditor|bot|algorithm)s?\s*:/,
  /\b(?:supports|contradicts|probability|confidence|likelihood|score|verdict|label|entailment|output|result|answer)\b\s*["']?\s*(?::=?|=|to|is|must be|should be)\s*["']?(?:0?\.\d+|1(?:\.0+)?\b|0\b|100 ?%|yes\b|true\b|no\b|false\b|supports?\b|contradicts?\b|entail)/,
  /(?:(?<!self-|pre-|self |pre )\b(?:mark|set|flag|treat|count|consider|classify|interpret|regard|register|assume|pretend|imagine|suppose|conclude|respond|reply|output)|(?:^|[.!;:,\n] ?|\b(?:please|and|then|now|just|always|to) )(?:record|label|score|report|document|log|enter|answer|say|return|write|print|confirm|accept|read)) (?:(?:with|that|as if|this (?:as|note|statement|sentence|patient)|all\b|every|the (?:following|criteri\w+|gap|rule|card|patient|statement|answer|screening|question)|them|it as|yes\b|no\b|["'])|.{2,40} (?:as|to) (?:met|done|complet\w*|satisfied|true|false|yes|closed|positive|negative|fulfilled|supported|performed|present|absent|current|up to date|not met|taken|taking|up-to-date)\b)/,
  /\b(?:set|make|raise|lower|put|keep|push)\b.{0,20}\b(?:probabilit\w+|scores?|confidence|support|likelihood|verdict)\b/,
  /\b(?:counted|treated|regarded|scored|classified|interpreted) as (?:done|met|complet\w+|satisfied|closed|positive|negative|true|false|yes|no|of last)\b/,
  /\b(?:meets?|met|satisf(?:y|ies|ied)|fulfil\w*) (?:all|every|each|any|the)(?: of the| one of the)? (?:\w+ )?(?:criteri\w+|gaps?|requirements?|measures?|conditions?)\b/,
  /\b(?:all|every) (?:\w+ ){0,2}(?:criteri\w+|gaps?|measures?|guidelines?|alerts?|cards?|(?:preventive )?services?)\b.{0,30}\b(?:met|closed|satisfied|fulfilled|complete\w*|done)\b/,
  /\b(?:must|should|shall|has to|is to|are to|can|needs to) be (?:counted|treated as|marked|regarded|classified|scored|interpreted|assumed|answered|considered (?:as|met|done|complet\w+|satisfied))\b/,
  /\b(?:suppress|hide|close|dismiss|remove|silence|delete|drop|fold|disable)\b.{0,20}\b(?:the |this |that |all |any |every )?.{0,25}\b(?:card|cards|alert|alerts|recommendation|reminder|warning|gap|gaps|rule|rules|finding|suggestion)s?\b/,
  /\b(?:criterion|criteria|requirements?|conditions?|questions?)\b.{0,30}\b(?:is|are|as|has been|have been) (?:all )?(?:met|satisfied|fulfilled|supported|true|answered|contradicted)\b/,
  /\bfor (?:the )?(?:purposes?|sake) of (?:this|the|any|all) (?:criteri\w+|assessment|evaluation|question|decision support|screening rule|rule|check|note|reading)\b/,
  /<\||<\/?(?:system|user|assistant|instructions?|prompt|script|answer|admin|override|tool)\b|\[\/?inst\]|^\s*#{2,}|```|\{\s*["']|<!--|\bbegin (?:system|instructions?)\b|\bend of (?:note|instructions?|prompt)\b|\/\*/,
];
/** Letters of other scripts that look like Latin ones; a word of the one has no letter of the other but to deceive. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    в: 'b',
    с: 'c',
    е: 'e',
    н: 'h',
    і: 'i',
    ј: 'j',
    к: 'k',
    м: 'm',
    о: 'o',
    р: 'p',
    ѕ: 's',
    т: 't',
    у: 'y',
    х: 'x',
    α: 'a',
    ε: 'e',
    ι: 'i',
    κ: 'k',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
  }),
);
const isMixed = (word: string): boolean => /[a-z]/.test(word) && /[\u0370-\u03ff\u0400-\u04ff]/.test(word);

/** A word that mixes scripts is written to deceive: "c\u043elonoscopy". Micrograms ("\u03bcg") are not. */
export function hidesLetters(normalised: string): boolean {
  return (normalised.match(/[a-z\u0370-\u03ff\u0400-\u04ff]+/g) ?? []).some(
    (word) => isMixed(word) && [...word].some((letter) => lookAlikes.has(letter)),
  );
}

/** A clinician's own use: "meets criteria for diabetes" is about the patient. */
const clinicalUse = /\b(?:diagnostic criteria|meets? (?:the )?(?:diagnostic )?criteria for|discharge instructions|instructions (?:were )?given)\b/g;

export function isInstruction(normalised: string): boolean {
  const text = normalised.replace(clinicalUse, ' ');
  return hidesLetters(normalised) || patterns.some((pattern) => pattern.test(text));
}
