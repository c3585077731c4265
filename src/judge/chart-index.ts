/** The chart indexed once by code, for one pass of judging. Knows where things stand, not what they mean. */
import type { Chart, ListName } from '../types.js';
import { type ChartRecord, collectMedications, toRecord } from './chart-record.js';
import { ageInYears, toSpan } from './dates.js';

export interface ChartIndex {
  readonly now: Date;
  readonly age: { readonly min: number; readonly max: number } | undefined;
  readonly sex: string | undefined;
  readonly isDeceased: boolean;
  readonly records: readonly ChartRecord[];
  withCodes(codes: ReadonlySet<string>, lists: readonly ListName[]): readonly ChartRecord[];
  /** Why silence of these lists says nothing: 'conditions: refused by the server'; undefined where all were looked at completely. */
  whyIncomplete(lists: readonly ListName[]): string | undefined;
}

export function indexChart({ patient, entries, lists, now }: Chart): ChartIndex {
  const medications = collectMedications(entries);
  const records = entries.map((entry) => toRecord(entry, medications));
  const byCode = new Map<string, ChartRecord[]>();
  for (const record of records) {
    for (const code of new Set(record.codes)) byCode.set(code, [...(byCode.get(code) ?? []), record]);
  }
  const birth = toSpan(patient.birthDate);
  return {
    now,
    age: birth === undefined || birth.from > now.getTime() ? undefined : ageInYears(birth, now),
    sex: patient.gender,
    isDeceased: patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined,
    records,
    withCodes(codes, wanted) {
      const found = new Set<ChartRecord>();
      // The smaller side is walked: value sets hold hundreds of codes, charts a few distinct ones.
      for (const [code, holders] of byCode) {
        if (codes.has(code)) for (const record of holders) if (wanted.some((list) => list === record.list)) found.add(record);
      }
      return [...found];
    },
    whyIncomplete(wanted) {
      for (const list of wanted) {
        const state = lists[list];
        if (state?.state !== 'complete') return `${list}: ${state?.why ?? 'not asked for'}`;
      }
      return undefined;
    },
  };
}
