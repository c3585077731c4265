/** Is a test ordered already, and its result still to come? Among the drafts too. Knows orders of services, no test. */
import type { FactId } from '../../types.js';
import type { ChartIndex } from '../chart-index.js';
import type { ChartRecord } from '../chart-record.js';
import { toSpan } from '../dates.js';
import type { LabRow } from './lab-schema.js';

type Fields = Readonly<Record<string, unknown>>;

/** An order that is older was forgotten: it says nothing of what is to come. */
const holdsMs = 92 * 86_400_000;
const open = ['draft', 'active', 'on-hold'];

/** By a code of the lab, or by its name in the words of the order. */
export function createIsTestOrdered(
  labs: ReadonlyMap<string, LabRow>,
  index: ChartIndex,
  fieldsOf: (fact: FactId) => Fields,
): (ids: readonly string[]) => boolean {
  const orders = index.records.filter((record) => isOpenOrder(record, fieldsOf(record.fact), index.now));
  return (ids) =>
    ids.some((id) => {
      const lab = labs.get(id);
      const codes = new Set((lab?.loinc ?? []).map((code) => `http://loinc.org|${code}`));
      const name = lab?.name.toLowerCase();
      return orders.some((order) => order.codes.some((code) => codes.has(code)) || (name !== undefined && namesIt(order.words, name)));
    });
}

const namesIt = (words: string, name: string): boolean => ` ${words.replaceAll(/[^a-z0-9]+/g, ' ')} `.includes(` ${name} `);

function isOpenOrder({ list }: ChartRecord, fields: Fields, now: Date): boolean {
  if ((list !== 'orders' && list !== 'drafts') || fields['resourceType'] !== 'ServiceRequest') return false;
  if (fields['doNotPerform'] === true || !open.some((status) => status === fields['status'])) return false;
  const authored = toSpan(fields['authoredOn']);
  return authored === undefined ? list === 'drafts' : authored.to >= now.getTime() - holdsMs;
}
