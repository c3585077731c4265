/** The pane of cards: what is being asked, what was answered, what went wrong. Knows nothing of one card's inside. */
import { CardView } from './card-view.js';
import type { Visit } from './visit.js';
import { inReadingOrder, saySettled, type VisitState } from './visit-state.js';

interface CardsPaneProps {
  readonly state: VisitState;
  readonly visit: Visit;
}

export function CardsPane({ state, visit }: CardsPaneProps) {
  const isAsking = state.running > 0 || !state.hasAsked;
  return (
    <aside class="cards" aria-labelledby="cards-title">
      <h2 id="cards-title">Decision support</h2>
      <div role="status" class="cards-state">
        {isAsking ? (
          <p class="faint" data-testid="cards-asking">
            asking…
          </p>
        ) : (
          <p class="faint" data-testid="cards-settled">
            {saySettled(state)}
          </p>
        )}
      </div>
      {state.problems.length > 0 && (
        <div role="alert">
          {state.problems.map(({ key, text }) => (
            <p key={key} class="problem" data-testid="service-problem">
              {text}
            </p>
          ))}
        </div>
      )}
      {inReadingOrder(state.cards).map((shown) => (
        <CardView key={shown.key} shown={shown} visit={visit} />
      ))}
    </aside>
  );
}
