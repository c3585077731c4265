/** The page that explains: one launch, one patient, one run. */
import { render } from 'preact';
import { issuersOf, loadConfig } from './config.js';
import { Notice } from './notice.js';
import { PatientBanner, RunPage } from './run-page.js';
import { loadBanner, loadRun } from './service.js';
import { openSession } from './smart.js';

const root = document.getElementById('root');
const notHere =
  'This explanation is not here: it has expired or belongs to another patient, or the app was not opened from a card. Please open it from the card again.';

async function start(): Promise<void> {
  if (root === null) return;
  const opened = await openSession(issuersOf(await loadConfig()));
  if (opened.kind === 'refused') return show('Not opened by the EHR', opened.why);
  const [banner, run] = await Promise.all([loadBanner(opened.session), loadRun(opened.session)]);
  if (banner === undefined) {
    show('The patient could not be read', 'The EHR does not give this patient any more. Please open the app from the card again.');
  } else if (run === undefined) {
    const notice = <Notice title="No explanation" text={notHere} />;
    render([<PatientBanner key="banner" banner={banner} />, notice], root);
  } else {
    render(<RunPage banner={banner} run={run} />, root);
  }
}

function show(title: string, text: string, isBusy = false): void {
  if (root !== null) render(<Notice title={title} text={text} isBusy={isBusy} />, root);
}

show('Why this card', 'Reading the explanation…', true);
start().catch(() => show('The explanation could not be read', 'The EHR or this service did not answer. Please try again.'));
