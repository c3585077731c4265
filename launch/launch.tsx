/** The page that an EHR launches: checks who launches, and goes on to the EHR's authorization. */
import { render } from 'preact';
import { type AppConfig, loadConfig } from './config.js';
import { readLaunch } from './launch-address.js';
import { Notice } from './notice.js';
import { authorize } from './smart.js';

const root = document.getElementById('root');

function show(title: string, text: string): void {
  if (root !== null) render(<Notice title={title} text={text} />, root);
}

function Choice({ config }: { readonly config: AppConfig }) {
  return (
    <main class="page">
      <h1>Which EHR?</h1>
      <p>This app explains a card. It is usually opened from the card itself.</p>
      <ul>
        {config.issuers.map((iss) => (
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
  const launch = readLaunch(window.location.search, config.issuers);
  if (launch.kind === 'refused') {
    show('This launch was refused', launch.why);
  } else if (launch.kind === 'choose') {
    if (root !== null) render(<Choice config={config} />, root);
  } else {
    show('Opening', 'Asking the EHR for access to this patient…');
    await authorize(config, launch.iss, launch.kind === 'ehr' ? launch.launch : undefined);
  }
}

start().catch(() => show('The app could not be opened', 'The EHR or this service did not answer. Please try again from the card.'));
