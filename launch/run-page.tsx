/** The page of one run: who, what was decided, why. Knows nothing of where it came from. */
import { CardSection } from './card-section.js';
import type { Banner } from './patient.js';
import type { RunView } from './run-document.js';
import { timeOf } from './words.js';

export function RunPage({ banner, run }: { readonly banner: Banner; readonly run: RunView }) {
  return (
    <>
      <PatientBanner banner={banner} />
      <main class="page" data-testid="app-run">
        <h1>{titleOf(run)}</h1>
        <p class="faint">
          {run.service.title}, {timeOf(run)}
        </p>
        {run.cards.map((card) => (
          <CardSection key={card.uuid} card={card} />
        ))}
      </main>
      <footer class="page faint">whycard is no medical device. Decisions are the clinician’s.</footer>
    </>
  );
}

export function PatientBanner({ banner }: { readonly banner: Banner }) {
  return (
    <header class="banner">
      <p class="patient" data-testid="app-patient">
        <strong>{banner.name}</strong>{' '}
        {banner.facts.map((fact, place) => (
          <span key={fact} class="faint patient-fact">
            {place === 0 ? '' : '\u00a0· '}
            {fact}
          </span>
        ))}
      </p>
    </header>
  );
}

function titleOf({ cards }: RunView): string {
  if (cards.length === 0) return 'This run gave no card';
  return cards.length === 1 ? 'Why this card' : `Why these ${cards.length} cards`;
}
