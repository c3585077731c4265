/** Which drugs the free text of a chart names: only for those does an alert stay open for what a language model reads. Knows no meaning: "no aspirin" names aspirin. */
import type { Chart } from '../../types.js';
import type { Recognise } from '../drugs/recognise.js';
import type { PatientDrug } from './check.js';

const maxCharacters = 200_000;

export function mentionsIn(chart: Chart, drugs: readonly PatientDrug[], recognise: Recognise): ReadonlySet<string> {
  const found = new Set<string>();
  const take = (text: string): void => {
    for (const id of recognise.namedIn(text)) found.add(id);
  };
  let left = maxCharacters;
  for (const text of textsOf(chart)) {
    if (left <= 0) break;
    left -= text.length;
    for (const line of text.split(/[\n.;]+/)) if (line.trim() !== '') take(line);
  }
  for (const drug of drugs) if (drug.recognition.how === 'not-recognised') take(drug.words);
  return found;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : isFields(value) ? [value] : []);

function textsOf({ entries }: Chart): readonly string[] {
  return entries.flatMap(({ resource }) => {
    const fields: unknown = resource;
    if (!isFields(fields)) return [];
    const attached = listOf(fields['content']).map((content) => decode(content['attachment']));
    const noted = listOf(fields['note']).map((note) => note['text']);
    return [...attached, ...noted].filter((text): text is string => typeof text === 'string');
  });
}

function decode(attachment: unknown): string | undefined {
  if (!isFields(attachment) || typeof attachment['data'] !== 'string') return undefined;
  return Buffer.from(attachment['data'], 'base64').toString('utf8');
}
