/** The parameters of the score, from `cards/score.json`. Knows their form and bounds; what each is for stands in `docs/score.md`. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StartError } from '../errors.js';
import type { FactKind } from '../types.js';

const parameter = (value: z.ZodNumber) =>
  z.strictObject({ value, source: z.string().min(1), verified: z.enum(['read', 'recalled']), reviewed: z.iso.date() });
/** Strictly between a coin toss and certainty: 0 and 1 have no log-odds. */
const share = z.number().gt(0).lt(1);
const reliability = parameter(z.number().gt(0.5).lt(1));
const codedKinds = [
  'age',
  'sex',
  'condition',
  'lab',
  'vital',
  'observation',
  'medication',
  'order',
  'procedure',
  'allergy',
  'visit',
  'immunization',
] as const satisfies readonly FactKind[];

const schema = z.strictObject({
  version: z.string(),
  id: z.string().min(1),
  prior: parameter(share),
  reliability: z.record(z.enum(codedKinds), reliability),
  absence: parameter(share),
  readingLikelihoodRatioLimit: parameter(z.number().gt(1)),
  grades: z.strictObject({ established: parameter(share), likely: parameter(share) }),
  foldBelow: parameter(share),
  textFindingFrom: parameter(share),
  mayFold: z.array(z.string()),
});

export interface ScoreParameters {
  readonly id: string;
  /** Probability that a required criterion, or a whole group under `none`, is met before anything is known. */
  readonly prior: number;
  /** Probability that a coded datum of this kind says what is so. */
  readonly reliability: Readonly<Record<(typeof codedKinds)[number], number>>;
  /** Likelihood ratio of silence over complete lists, below 1. */
  readonly absence: number;
  /** A reading moves a criterion by at most this likelihood ratio, either way. */
  readonly readingLikelihoodRatioLimit: number;
  readonly grades: { readonly established: number; readonly likely: number };
  readonly foldBelow: number;
  readonly textFindingFrom: number;
  /** The folders of knowledge in which a reading may lower a coded finding; in all others it may only add. */
  readonly mayFold: readonly string[];
}

/** @throws StartError naming the field that is wrong */
export async function loadScoreParameters(file: string): Promise<ScoreParameters> {
  const parsed = schema.safeParse(await readJson(file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StartError(`score.json: ${issue?.path.join('.') || 'the file'} ${issue?.message ?? 'is wrong'}`);
  }
  const { data } = parsed;
  return {
    id: data.id,
    prior: data.prior.value,
    reliability: Object.fromEntries(codedKinds.map((kind) => [kind, data.reliability[kind].value])) as ScoreParameters['reliability'],
    absence: data.absence.value,
    readingLikelihoodRatioLimit: data.readingLikelihoodRatioLimit.value,
    grades: { established: data.grades.established.value, likely: data.grades.likely.value },
    foldBelow: data.foldBelow.value,
    textFindingFrom: data.textFindingFrom.value,
    mayFold: data.mayFold,
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new StartError('score.json cannot be read, or is not JSON', { cause });
  }
}
