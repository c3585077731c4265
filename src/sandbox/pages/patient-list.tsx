/** The list of invented patients and what each shows. Knows nothing of charts. */
import { useEffect, useState } from 'preact/hooks';
import { lineOfError } from './call.js';
import type { Ehr } from './ehr.js';
import type { PatientRow } from './wire.js';
import { sayAge } from './words.js';

interface PatientListProps {
  readonly ehr: Ehr;
  readonly clock: () => Date;
}

export function PatientList({ ehr, clock }: PatientListProps) {
  const [rows, setRows] = useState<readonly PatientRow[] | undefined>(undefined);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    document.title = 'Patients · Sandbox EHR';
    ehr.patients().then(setRows, (error: unknown) => setProblem(`The list of patients could not be read. ${lineOfError(error)}`));
  }, [ehr]);

  return (
    <main class="page">
      <h1>Patients</h1>
      <p class="lead">Each chart tells one story. Open it, and the EHR asks the decision support service what it has to say.</p>
      {problem !== '' && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
      {rows === undefined && problem === '' && <p class="faint">Reading the list…</p>}
      {rows !== undefined && (
        <ul class="patients" data-testid="patient-list">
          {rows.map((row) => (
            <li key={row.id}>
              <PatientLink row={row} now={clock()} />
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}

function PatientLink({ row, now }: { readonly row: PatientRow; readonly now: Date }) {
  return (
    <a class="patient" href={`#/patient/${row.id}`} data-testid={`patient-row-${row.id}`}>
      <span class="patient-who">
        <strong>{row.name}</strong>
        <span class="faint">{[sayAge(row.birthDate, now), row.gender].filter(Boolean).join(', ')}</span>
      </span>
      <span class="patient-story">
        <strong>{row.story.title}</strong>
        <span>{row.story.shows}</span>
      </span>
    </a>
  );
}
