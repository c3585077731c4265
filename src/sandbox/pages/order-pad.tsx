/** The order pad: choose a drug, keep drafts, sign. Knows nothing of hooks. */
import { useState } from 'preact/hooks';
import { type Draft, directionsOf, drugs, nameOfDraft } from './drafts.js';
import type { Visit } from './visit.js';
import { isChecked, isHeldByCritical, openOrderCards, type VisitState } from './visit-state.js';

interface OrderPadProps {
  readonly state: VisitState;
  readonly visit: Visit;
}

export function OrderPad({ state, visit }: OrderPadProps) {
  const [typed, setTyped] = useState('');
  const [directions, setDirections] = useState('');
  function add(event: Event) {
    event.preventDefault();
    if (typed.trim() === '') return;
    visit.addDraft(typed, directions);
    setTyped('');
    setDirections('');
  }
  const isHeld = isChecked(state) && openOrderCards(state).length > 0;
  return (
    <section class="pad" aria-labelledby="pad-title">
      <h2 id="pad-title">Order a drug</h2>
      <form class="pad-form" onSubmit={add}>
        <label for="order-drug">Drug</label>
        <div class="pad-fields">
          <input
            id="order-drug"
            data-testid="order-drug"
            list="order-drugs"
            autocomplete="off"
            placeholder="for example ibuprofen, or any words"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <button type="submit" data-testid="order-add">
            Add
          </button>
        </div>
        <label for="order-directions">Directions, if any</label>
        <input
          id="order-directions"
          data-testid="order-directions"
          autocomplete="off"
          placeholder="for example 2 tablets every 6 hours"
          value={directions}
          onInput={(event) => setDirections(event.currentTarget.value)}
        />
        <datalist id="order-drugs">
          {drugs.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </form>
      {state.drafts.length === 0 ? (
        <p class="faint">No drafts.</p>
      ) : (
        <>
          <ul class="drafts" data-testid="draft-list">
            {state.drafts.map((draft) => (
              <DraftRow key={draft.id} draft={draft} visit={visit} />
            ))}
          </ul>
          <button type="button" class="primary" data-testid="order-sign" disabled={state.isSigning} onClick={() => void visit.sign()}>
            {isHeld && !isHeldByCritical(state) ? 'Sign anyway' : 'Sign'}
          </button>
          {isHeld && isHeldByCritical(state) && <p class="faint">A critical card holds these orders.</p>}
        </>
      )}
    </section>
  );
}

function DraftRow({ draft, visit }: { readonly draft: Draft; readonly visit: Visit }) {
  const [name, directions] = [nameOfDraft(draft), directionsOf(draft)];
  return (
    <li>
      <span>
        {name} <span class="tag">draft</span> {directions !== '' && <span class="faint">{directions}</span>}
      </span>
      <button type="button" class="quiet" aria-label={`Remove ${name}`} onClick={() => visit.removeDraft(draft.id)}>
        Remove
      </button>
    </li>
  );
}
