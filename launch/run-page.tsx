/** The page of one run: who, what was decided, why. */
import { CardSection } from './card-section.js';
import type { RunView } from './run-document.js';
import type { Banner } from './service.js';
import { timeOf } from './words.js';

export function RunPage({ banner, run }: { readonly banner: Banner; readonly run: RunView }) {
  return (
    <>
      <header class="banner">
        <p class="patient" data-testid="app-patient">
          <strong>{banner.name}</strong> <span>{banner.details}</span>
        </p>
      </header>
      <main class="page" data-testid="app-run">
        <h1>Why {run.cards.length === 1 ? 'this card' : 'these cards'}</h1>
        <p class="faint">
          {run.service.title}, {timeOf(run)}. Support says how strongly the evidence on record speaks for the recommendation. It is not a risk and not
          the probability of an outcome.
        </p>
        {run.cards.map((card) => (
          <CardSection key={card.uuid} card={card} />
        ))}
      </main>
      <footer class="page faint">whycard is no medical device. Decisions are the clinician’s.</footer>
    </>
  );
}
