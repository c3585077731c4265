/** Why a card is not followed, and the button that says so. Knows nothing of where the answer goes. */
import { useState } from 'preact/hooks';
import type { Visit } from './visit.js';
import type { ShownCard } from './visit-state.js';

interface DismissFormProps {
  readonly shown: ShownCard;
  readonly visit: Visit;
}

export function DismissForm({ shown, visit }: DismissFormProps) {
  const { overrideReasons: reasons = [], indicator } = shown.card;
  const [chosen, setChosen] = useState('');
  const [comment, setComment] = useState('');
  const reasonId = `reason-${shown.key}`;
  const commentId = `comment-${shown.key}`;
  // Only what is critical must be answered for.
  const isRequired = indicator === 'critical';
  function dismiss(event: Event) {
    event.preventDefault();
    void visit.dismiss(shown.key, chosen === '' ? undefined : reasons[Number(chosen)], comment);
  }
  return (
    <form class="dismiss" onSubmit={dismiss}>
      {reasons.length > 0 && (
        <div class="field">
          <label for={reasonId}>Reason not to follow</label>
          <select
            id={reasonId}
            data-testid="override-reason"
            value={chosen}
            required={isRequired}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            <option value="">{isRequired ? 'Choose a reason' : 'No reason given'}</option>
            {reasons.map(({ code, display }, position) => (
              <option key={code} value={String(position)}>
                {display ?? code}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="field">
        <label for={commentId}>Comment</label>
        <input
          id={commentId}
          data-testid="override-comment"
          autocomplete="off"
          maxLength={500}
          value={comment}
          required={isRequired && reasons.length === 0}
          onInput={(event) => setComment(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="quiet" data-testid="dismiss" disabled={shown.isBusy}>
        Dismiss
      </button>
    </form>
  );
}
