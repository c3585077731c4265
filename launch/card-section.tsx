/** One decision: what, why, what is missing, by which source. */
import { ReasonList } from './reason-list.js';
import type { CardView } from './run-document.js';
import { counterfactualOf, gradeWords, indicatorWords, methodOf, missingOf } from './words.js';

export function CardSection({ card }: { readonly card: CardView }) {
  const { explanation } = card;
  const counterfactual = counterfactualOf(explanation);
  return (
    <section class={`card ${card.indicator}`} aria-labelledby={card.uuid} data-testid="app-card">
      <p class="indicator">{indicatorWords[card.indicator]}</p>
      <h2 id={card.uuid}>{card.summary}</h2>
      <p>{card.rule}</p>
      {card.quotes.map((quote) => (
        <figure key={quote} class="quote">
          <blockquote>{quote}</blockquote>
          <figcaption>A sentence of the chart that carries no code, without identifiers, as the language model read it.</figcaption>
        </figure>
      ))}
      <p class="support">
        <strong>{gradeWords[explanation.grade]}</strong> · support {explanation.support.toFixed(2)}
      </p>
      <ReasonList reasons={explanation.reasons} />
      {counterfactual === undefined ? undefined : <p>{counterfactual}</p>}
      <Missing card={card} />
      <p>
        Source:{' '}
        <a href={card.source.url} target="_blank" rel="noopener noreferrer">
          {card.source.label}
        </a>
        . {card.source.section}. {card.verified === 'recalled' ? 'Recalled, not read when this rule was written: information only.' : ''}
      </p>
      <details>
        <summary>How it was computed</summary>
        <p>{methodOf(explanation)}</p>
      </details>
    </section>
  );
}

function Missing({ card }: { readonly card: CardView }) {
  const lines = missingOf(card.explanation);
  if (lines.length === 0) return undefined;
  return (
    <>
      <h3>What was missing</h3>
      <ul data-testid="app-missing">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
