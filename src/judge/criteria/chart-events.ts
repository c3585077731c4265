/** The chart indexed once by the sets that its codes are in. Knows where things stand, not what they mean. */
import type { Chart, ListName } from '../../types.js';
import type { CompiledEvent } from './compile.js';
import { type DaySpan, toDays } from './days.js';
import { type ChartEvent, collectMedications, toEvent } from './event.js';
import { fieldsOf, listOf, plainCodesOf, textOf } from './fields.js';

export interface ChartEvents {
  readonly birth: DaySpan | undefined;
  readonly sex: string | undefined;
  /** Those that an event definition selects by code (or class), in the order of the chart. */
  select(event: CompiledEvent): readonly ChartEvent[];
  /** Everything that was ordered or arranged, with the numbers of the sets that its codes are in. */
  readonly requests: readonly { readonly event: ChartEvent; readonly sets: ReadonlySet<number> }[];
  /** The class of the visit that a resource refers to. */
  visitClassOf(event: ChartEvent): string | undefined;
  /** The codes of the conditions that a visit was for. */
  diagnosesOf(event: ChartEvent): readonly string[];
  /** Why silence of these lists says nothing: 'conditions: refused by the server'; undefined where all were looked at completely. */
  whyIncomplete(lists: ReadonlySet<ListName>): string | undefined;
}

const cpt = 'http://www.ama-assn.org/go/cpt|';

export function indexEvents({ patient, entries, lists }: Chart, setsOfCode: ReadonlyMap<string, readonly number[]>): ChartEvents {
  const medications = collectMedications(entries);
  const bySet = new Map<number, ChartEvent[]>();
  const byClass = new Map<string, ChartEvent[]>();
  const visits = new Map<string, ChartEvent>();
  const conditions = new Map<string, ChartEvent>();
  const requests: { event: ChartEvent; sets: ReadonlySet<number> }[] = [];
  const nameless = new Set<ListName>();
  for (const entry of entries) {
    const event = toEvent(entry, medications);
    if (event === undefined) continue;
    if (isNameless(event)) nameless.add(event.list);
    const numbers = new Set(event.codes.flatMap((code) => setsOfCode.get(code) ?? []));
    for (const number of numbers) push(bySet, number, event);
    if (event.type === 'Condition') conditions.set(textOf(event.fields['id']), event);
    if (event.type.endsWith('Request') || event.type === 'Appointment') requests.push({ event, sets: numbers });
    if (event.type !== 'Encounter') continue;
    visits.set(textOf(event.fields['id']), event);
    if (event.codes.every((code) => code.startsWith(cpt))) push(byClass, classOf(event), event);
  }
  return {
    birth: toDays(patient.birthDate),
    sex: patient.gender,
    requests,
    select({ sets, lists: wanted, row }) {
      const found =
        sets.length === 1 && row.orClasses === undefined ? (bySet.get(sets[0] ?? -1) ?? []) : union(sets, row.orClasses ?? [], bySet, byClass);
      return found.filter((event) => wanted.has(event.list));
    },
    visitClassOf({ fields }) {
      const visit = visits.get(textOf(fieldsOf(fields['encounter'])['reference']).split('/').at(-1) ?? '');
      return visit === undefined ? undefined : classOf(visit);
    },
    diagnosesOf({ fields }) {
      const references = listOf(fields['diagnosis']).map((one) => textOf(fieldsOf(one['condition'])['reference']).split('/').at(-1) ?? '');
      return references.flatMap((id) => conditions.get(id)?.codes ?? []);
    },
    whyIncomplete(wanted) {
      for (const list of wanted) {
        const state = lists[list];
        if (state?.state !== 'complete') return `${list}: ${state?.why ?? 'not asked for'}`;
        if (nameless.has(list)) return `${list}: an entry points to a medicine that was not found`;
      }
      return undefined;
    },
  };
}

export function classOf({ fields }: ChartEvent): string {
  const own = fieldsOf(fields['class']);
  return textOf(own['code']) || (plainCodesOf(own)[0] ?? '');
}

/** A medicine that only points to a record that did not come, with no word for a reader either: it may be any. */
function isNameless({ type, codes, fields, standing }: ChartEvent): boolean {
  if (!type.startsWith('Medication') || codes.length > 0 || (standing !== 'counts' && standing !== 'uncertain')) return false;
  const reference = fieldsOf(fields['medicationReference']);
  return textOf(reference['reference']) !== '' && textOf(reference['display']) === '';
}

function push<K>(into: Map<K, ChartEvent[]>, key: K, event: ChartEvent): void {
  const list = into.get(key);
  if (list === undefined) into.set(key, [event]);
  else list.push(event);
}

function union(
  sets: readonly number[],
  classes: readonly string[],
  bySet: ReadonlyMap<number, readonly ChartEvent[]>,
  byClass: ReadonlyMap<string, readonly ChartEvent[]>,
): readonly ChartEvent[] {
  const found = new Set<ChartEvent>();
  for (const set of sets) for (const event of bySet.get(set) ?? []) found.add(event);
  for (const name of classes) for (const event of byClass.get(name) ?? []) found.add(event);
  return [...found];
}
