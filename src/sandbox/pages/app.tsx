/** The frame around both pages: banner, reset, and which patient the address names. Knows nothing of charts. */
import { useEffect, useState } from 'preact/hooks';
import { lineOfError } from './call.js';
import { ChartPage } from './chart-page.js';
import type { Ehr } from './ehr.js';
import { PatientList } from './patient-list.js';
import { ProfileSwitch } from './profile-switch.js';

interface AppProps {
  readonly ehr: Ehr;
  readonly clock: () => Date;
  readonly randomId: () => string;
}

export function App({ ehr, clock, randomId }: AppProps) {
  const patient = usePatientOfAddress();
  const [notice, setNotice] = useState('');
  const [isResetting, setResetting] = useState(false);
  // A new number opens everything anew.
  const [edition, setEdition] = useState(0);

  async function reset() {
    setResetting(true);
    try {
      await ehr.reset();
      setNotice('All charts are as they were at the start.');
      setEdition((before) => before + 1);
    } catch (error) {
      setNotice(`The charts could not be reset. ${lineOfError(error)}`);
    }
    setResetting(false);
  }

  return (
    <>
      <header class="top">
        <div class="top-row">
          <a class="brand" href="#/">
            Sandbox EHR
          </a>
          <p class="invented">Invented patients: not for care</p>
          <ProfileSwitch ehr={ehr} onChange={() => setEdition((before) => before + 1)} onProblem={setNotice} />
          <button type="button" class="quiet" data-testid="reset" disabled={isResetting} onClick={() => void reset()}>
            Reset
            <span class="visually-hidden"> all charts to how they were at the start</span>
          </button>
        </div>
        <p role="status" class="notice" data-testid="reset-notice">
          {notice}
        </p>
      </header>
      {patient === undefined ? (
        <PatientList key={`list ${edition}`} ehr={ehr} clock={clock} />
      ) : (
        <ChartPage key={`${patient} ${edition}`} ehr={ehr} patient={patient} clock={clock} randomId={randomId} />
      )}
    </>
  );
}

/** `#/patient/ID`: survives a reload and lets several tabs show several patients. */
function usePatientOfAddress(): string | undefined {
  const [patient, setPatient] = useState(patientOf(location.hash));
  useEffect(() => {
    const follow = () => setPatient(patientOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return patient;
}

function patientOf(hash: string): string | undefined {
  return /^#\/patient\/([A-Za-z0-9\-.]{1,64})$/.exec(hash)?.[1];
}
