/** `whycard evaluate`: published test patients against our criteria, measure by measure, with every case that differs. Knows how to print, not how to judge. */
import { createEvaluateCase } from '../wire.js';
import { CommandError } from './ehr.js';
import { type Difference, type Evaluation, evaluateCases } from './evaluate/agreement.js';
import { type Half, readCases } from './evaluate/cases.js';

export async function evaluate(options: { readonly cases: readonly string[]; readonly half: Half; readonly json?: boolean }): Promise<void> {
  const files = [];
  for (const path of options.cases) files.push(await readCases(path, options.half));
  const broken = files.flatMap((file) => file.broken);
  const cases = files.flatMap((file) => file.cases);
  if (cases.length === 0) throw new CommandError(['There is no case to evaluate.', ...broken].join('\n'));
  const evaluation = evaluateCases(cases, await createEvaluateCase());
  process.stdout.write(
    options.json === true ? `${JSON.stringify({ ...evaluation, half: options.half, broken })}\n` : print(evaluation, options.half, broken),
  );
}

function print({ agreement, cases, agreed, auroc, ece, measures, unknown }: Evaluation, half: Half, broken: readonly string[]): string {
  const lines = measures.flatMap(({ measure, differences, ...counts }) => [
    `${percent(counts.agreement).padStart(7)}  ${String(counts.agreed).padStart(3)} of ${String(counts.cases).padEnd(3)}  ${measure}`,
    ...differences.flatMap(printDifference),
  ]);
  const others = Object.entries(unknown).map(([measure, count]) => `not known, not counted: ${measure} (${count} cases)`);
  const total = `${percent(agreement)} of ${cases} cases agree (${agreed}; ${half} half of the cases; ${measures.length} measures)`;
  const score = `support: area under the curve ${number(auroc)}, expected calibration error ${number(ece)}`;
  return [...lines, ...others, ...broken.map((line) => `broken, left out: ${line}`), '', total, score, ''].join('\n');
}

function printDifference(difference: Difference): readonly string[] {
  return [
    `         ${difference.case}: ${difference.description}`,
    ...difference.gaps.flatMap(({ gap, group, expected, found, populations, criteria }) => [
      `           ${gap} (group ${group}): expected ${expected}, found ${found}; ${Object.entries(populations)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`,
      ...criteria.map(
        ({ part, criterion, truth, resources }) => `             ${part.padEnd(8)} ${truth.padEnd(7)} ${criterion}  ${resources.join(' ')}`,
      ),
    ]),
  ];
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}

function number(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
