/** The page that explains: one launch, one patient, one run. */
import { render } from 'preact';
import { loadConfig } from './config.js';
import { Notice } from './notice.js';
import { RunPage } from './run-page.js';
import { loadBanner, loadRun } from './service.js';
import { openSession } from './smart.js';

const root = document.getElementById('root');

async function start(): Promise<void> {
  const { issuers } = await loadConfig();
  const session = await openSession(issuers);
  if (session === undefined) {
    show('Not opened by the EHR', 'Access was not given, or this page was not opened from a card. Please open it from the card again.');
    return;
  }
  const [banner, run] = await Promise.all([loadBanner(session), loadRun(session)]);
  if (banner === undefined) {
    show('The patient could not be read', 'The EHR did not give this patient. Please open the app from the card again.');
  } else if (run === undefined) {
    show('This explanation is not here', 'It has expired, or it belongs to another patient. Please open the chart again for a new card.');
  } else if (root !== null) {
    render(<RunPage banner={banner} run={run} />, root);
  }
}

function show(title: string, text: string): void {
  if (root !== null) render(<Notice title={title} text={text} />, root);
}

show('Opening', 'Reading the explanation…');
start().catch(() => show('The explanation could not be read', 'The EHR or this service did not answer. Please try again.'));
