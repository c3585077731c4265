/** Who the chart is about. Knows nothing of the rest of the chart. */
import { textAt, valuesAt } from '../json-value.js';
import type { Resource } from './wire.js';
import { sayAge, sayDay } from './words.js';

export function PatientBanner({ patient, now }: { readonly patient: Resource; readonly now: Date }) {
  const birthDate = textAt(patient, 'birthDate');
  const facts = [
    { term: 'Age', value: sayAge(birthDate, now) },
    { term: 'Sex', value: textAt(patient, 'gender') },
    { term: 'Born', value: sayDay(birthDate) },
    { term: 'Record', value: textAt(patient, 'identifier.value') },
    { term: 'Phone', value: textAt(patient, 'telecom.value') },
  ].filter(({ value }) => value !== undefined);
  return (
    <section class="banner" aria-labelledby="patient-name">
      <h1 id="patient-name">{nameOf(patient)}</h1>
      <dl>
        {facts.map(({ term, value }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function nameOf(patient: Resource): string {
  const parts = ['name.given', 'name.family', 'name.suffix'].map((path) => valuesAt(patient, path)[0]);
  return parts.filter((part) => typeof part === 'string').join(' ') || 'No name';
}
