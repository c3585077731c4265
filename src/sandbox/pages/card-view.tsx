/** One card as an EHR shows it: indicator, summary, detail, source, what can be done. Its text is not trusted. Knows nothing of hooks. */
import { DismissForm } from './dismiss-form.js';
import { Markdown } from './markdown.js';
import { CardLinkView } from './smart-link.js';
import type { Visit } from './visit.js';
import type { ShownCard } from './visit-state.js';
import type { CdsCard } from './wire.js';
import { isHttp } from './words.js';

/** Colour is never the only sign. */
const signOf = { info: 'i', warning: '!', critical: '✕' } as const;
const wordOf = { info: 'Information', warning: 'Warning', critical: 'Critical' } as const;

interface CardViewProps {
  readonly shown: ShownCard;
  readonly visit: Visit;
}

export function CardView({ shown, visit }: CardViewProps) {
  const { card, outcome } = shown;
  const titleId = `card-${shown.key}`;
  return (
    <article class={`card card-${card.indicator} ${outcome === undefined ? '' : 'card-answered'}`} data-testid="card" aria-labelledby={titleId}>
      <p class="indicator">
        <span class="indicator-sign" aria-hidden="true">
          {signOf[card.indicator]}
        </span>
        {wordOf[card.indicator]}
      </p>
      <h3 id={titleId} data-testid="card-summary">
        {card.summary}
      </h3>
      {outcome !== undefined && (
        <p class="outcome" data-testid="card-outcome">
          {outcome}
        </p>
      )}
      <CardDetail card={card} isAnswered={outcome !== undefined} />
      {card.links !== undefined && (
        <ul class="links">
          {card.links.map((link) => (
            <li key={`${link.label} ${link.url}`}>
              <CardLinkView link={link} visit={visit} />
            </li>
          ))}
        </ul>
      )}
      {outcome === undefined && <Suggestions shown={shown} visit={visit} />}
      {outcome === undefined && <DismissForm shown={shown} visit={visit} />}
    </article>
  );
}

/** What is answered steps back, and can still be read. */
function CardDetail({ card, isAnswered }: { readonly card: CdsCard; readonly isAnswered: boolean }) {
  const body = (
    <>
      {card.detail !== undefined && <Markdown text={card.detail} />}
      <p class="source">
        Source:{' '}
        {isHttp(card.source.url) ? (
          <a href={card.source.url} target="_blank" rel="noopener noreferrer">
            {card.source.label}
          </a>
        ) : (
          card.source.label
        )}
      </p>
    </>
  );
  if (!isAnswered) return body;
  return (
    <details>
      <summary>Detail</summary>
      {body}
    </details>
  );
}

function Suggestions({ shown, visit }: CardViewProps) {
  const { suggestions = [] } = shown.card;
  if (suggestions.length === 0) return null;
  return (
    <div class="suggestions">
      {suggestions.map((suggestion, position) => (
        <button
          key={suggestion.uuid ?? suggestion.label}
          type="button"
          class={suggestion.isRecommended === true ? 'primary' : ''}
          data-testid="suggestion"
          disabled={shown.isBusy || shown.accepted.includes(position)}
          title={suggestion.actions
            ?.map(({ description }) => description)
            .filter(Boolean)
            .join('; ')}
          onClick={() => void visit.accept(shown.key, position)}
        >
          {suggestion.label}
          {shown.accepted.includes(position) ? ' (done)' : ''}
        </button>
      ))}
    </div>
  );
}
