/** Starts the pages: the clock and the source of ids come from here. Knows nothing of what is shown. */
import { render } from 'preact';
import { App } from './app.js';
import { createEhr } from './ehr.js';

const root = document.getElementById('root');
if (root !== null) {
  render(<App ehr={createEhr('/ehr/api')} clock={() => new Date()} randomId={() => crypto.randomUUID()} />, root);
}
