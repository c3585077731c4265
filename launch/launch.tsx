/** The page that an EHR launches: checks who launches, and goes on to the EHR's authorization. */
import { render } from 'preact';
import { issuersOf, loadConfig } from './config.js';
import { readLaunch } from './launch-address.js';
import { Notice } from './notice.js';
import { authorizeAddress } from './smart.js';

const root = document.getElementById('root');

function Choice({ issuers }: { readonly issuers: readonly string[] }) {
  return (
    <main class="page stack" data-testid="app-choice">
      <h1>Which EHR?</h1>
      <p>This app explains a card, so it is usually opened from the card itself.</p>
      <ul class="choice">
        {issuers.map((iss) => (
          <li key={iss}>
            <a href={`/launch?iss=${encodeURIComponent(iss)}`}>{iss}</a>
          </li>
        ))}
      </ul>
    </main>
  );
}

async function start(): Promise<void> {
  const config = await loadConfig();
  const launch = readLaunch(location.search, issuersOf(config));
  if (launch.kind === 'refused') return show('This launch was refused', launch.why);
  if (launch.kind === 'choose') {
    if (root !== null) render(<Choice issuers={issuersOf(config)} />, root);
    return;
  }
  const address = await authorizeAddress(config, launch.iss, launch.kind === 'ehr' ? launch.launch : undefined);
  // Replaced, so that going back does not use a spent launch again.
  location.replace(address);
}

function show(title: string, text: string, isBusy = false): void {
  if (root !== null) render(<Notice title={title} text={text} isBusy={isBusy} />, root);
}

show('Opening', 'Asking the EHR for access to this patient…', true);
start().catch(() => show('The app could not be opened', 'The EHR or this service did not answer. Please try again from the card.'));
