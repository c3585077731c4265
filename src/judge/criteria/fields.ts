/** Reads loose FHIR: EHRs send malformed content, and a field of a wrong shape is an absent one. Knows JSON and codings, no rule. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
export const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : isFields(value) ? [value] : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** The same system under another name: HL7 OIDs, and old addresses that EHRs still send. {@link https://hl7.org/fhir/R4/terminologies-systems.html} */
const systems: ReadonlyMap<string, string> = new Map([
  ['urn:oid:2.16.840.1.113883.6.96', 'http://snomed.info/sct'],
  ['urn:oid:2.16.840.1.113883.6.1', 'http://loinc.org'],
  ['urn:oid:2.16.840.1.113883.6.88', 'http://www.nlm.nih.gov/research/umls/rxnorm'],
  ['urn:oid:2.16.840.1.113883.6.90', 'http://hl7.org/fhir/sid/icd-10-cm'],
  ['urn:oid:2.16.840.1.113883.6.12', 'http://www.ama-assn.org/go/cpt'],
  ['urn:oid:2.16.840.1.113883.12.292', 'http://hl7.org/fhir/sid/cvx'],
]);
const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm';

/** One spelling for one code: ICD-10-CM is written with and without its dot. */
export function codeKey(system: string, code: string): string {
  const name = systems.get(system) ?? system;
  return name === icd10 ? `${name}|${code.replace('.', '').toUpperCase()}` : `${name}|${code}`;
}

/** Of knowledge: `system|code`. */
export function parseCodeKey(key: string): string {
  const at = key.lastIndexOf('|');
  return codeKey(key.slice(0, at), key.slice(at + 1));
}

export function codingsOf(concept: unknown): readonly Fields[] {
  return listOf(concept).flatMap((one) => listOf(one['coding']));
}

/** The codes of a concept, or of a list of them. */
export function codesOf(concept: unknown): readonly string[] {
  return codingsOf(concept).map((coding) => codeKey(textOf(coding['system']), textOf(coding['code'])));
}

/** The bare codes, whatever their system: FHIR's own small vocabularies. */
export function plainCodesOf(concept: unknown): readonly string[] {
  return codingsOf(concept).map((coding) => textOf(coding['code']));
}

export function extensionOf(fields: Fields, name: string): Fields | undefined {
  return [...listOf(fields['extension']), ...listOf(fields['modifierExtension'])].find((one) => textOf(one['url']).endsWith(`/${name}`));
}
