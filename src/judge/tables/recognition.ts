/** What was not recognised was not checked, and is said; what was read by a near spelling is said too. Knows nothing of single drugs. */
import { words } from '../schema.js';
import { type Alert, checkFile, defineCheck, type PatientDrug, type RunCheck } from './check.js';

const schema = checkFile({ summary: words, text: words, criterion: words });

export const recognition = defineCheck({
  id: 'recognition',
  schema,
  rules: (file) => file.rows,
  compile(file, { fault }): RunCheck {
    const row = (id: string) => {
      const found = file.rows.find((one) => one.id === id);
      if (found === undefined) throw fault(id, 'id', 'this row must be there');
      return found;
    };
    const [order, similar, list] = [row('order-not-recognised'), row('order-read-by-spelling'), row('list-not-recognised')];
    const contradictory = row('order-code-and-words-differ');
    const alertOf = (rule: typeof order, drugs: readonly PatientDrug[], summary: string): readonly Alert[] =>
      drugs.length === 0
        ? []
        : [
            {
              id: rule.id,
              rule,
              indicator: rule.indicator,
              summary,
              text: rule.text,
              needs: [{ id: rule.id, text: rule.criterion, facts: drugs.map((drug) => drug.fact), byCodeOnly: true }],
            },
          ];
    return ({ ordered, taken }) => {
      const unknown = (drugs: readonly PatientDrug[]) => drugs.filter(({ recognition: { how } }) => how === 'not-recognised');
      const near = ordered.filter(({ recognition: { how } }) => how === 'similar');
      const names = [...new Set(near.flatMap((drug) => drug.ingredients.map(({ name }) => name)))].join(', ');
      const unknownTaken = unknown(taken);
      return [
        ...alertOf(order, unknown(ordered), order.summary),
        ...alertOf(similar, near, `${similar.summary}: ${names}`),
        ...alertOf(
          contradictory,
          ordered.filter((drug) => drug.recognition.isContradictory === true),
          contradictory.summary,
        ),
        ...alertOf(list, unknownTaken, `${list.summary}: ${unknownTaken.length}`),
      ];
    };
  },
});
