/** One decision: what, why, what is missing, by which source. Knows one card, nothing of the patient or of other cards. */
import type { ComponentChildren } from 'preact';
import { ReasonList } from './reason-list.js';
import type { CardView } from './run-document.js';
import { counterfactualOf, gradeWords, indicatorWords, isWebAddress, methodOf, missingOf } from './words.js';

export function CardSection({ card }: { readonly card: CardView }) {
  const { explanation } = card;
  const counterfactual = counterfactualOf(explanation);
  return (
    <section class={`card ${card.indicator}`} aria-labelledby={card.uuid} data-testid="app-card">
      <p class="indicator">{indicatorWords[card.indicator]}</p>
      <h2 id={card.uuid}>{card.summary}</h2>
      <p>{card.rule}</p>
      <p class="support" data-testid="app-support">
        <strong>{gradeWords[explanation.grade]}</strong> · support {explanation.support.toFixed(2)}
      </p>
      <p class="faint support-meaning">Support says how strongly the record says that the recommendation applies. It is not a risk.</p>
      <Quotes card={card} />
      <ReasonList reasons={explanation.reasons} />
      {counterfactual === undefined ? undefined : (
        <>
          <h3>What would change it</h3>
          <p>{counterfactual}</p>
        </>
      )}
      <Lines title="What is missing" testId="app-missing" lines={missingOf(explanation)} />
      <Lines title="What the card offered" testId="app-suggestions" lines={card.suggestions} />
      <Source card={card} />
      <details>
        <summary>How it was computed</summary>
        {methodOf(explanation).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </details>
    </section>
  );
}

function Quotes({ card: { quotes, explanation } }: { readonly card: CardView }) {
  if (quotes.length === 0) return undefined;
  return (
    <>
      <h3>{quotes.length === 1 ? 'The sentence that decided' : 'The sentences that decided'}</h3>
      {quotes.map((quote) => (
        <blockquote key={quote}>{quote}</blockquote>
      ))}
      <p class="faint">
        From text of the chart that carries no code, without identifiers, as the language model read it.
        {explanation.origin === 'text' ? ' No coded record shows it.' : ''} Please check it in the chart.
      </p>
    </>
  );
}

function Lines({ title, testId, lines }: { readonly title: string; readonly testId: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return undefined;
  return (
    <>
      <h3>{title}</h3>
      <ul data-testid={testId}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}

function Source({ card: { source, verified } }: { readonly card: CardView }) {
  const section = source.section === '' ? '' : ` ${source.section.replace(/\.?$/, '.')}`;
  return (
    <>
      <h3>Source</h3>
      <p>
        <SourceLink url={source.url}>{source.label}</SourceLink>.{section}
      </p>
      {verified === 'recalled' ? (
        <p class="recalled">
          <strong>Recalled, not read:</strong> this rule was written from memory of its source, so it is information only.
        </p>
      ) : undefined}
    </>
  );
}

function SourceLink({ url, children }: { readonly url: string; readonly children: ComponentChildren }) {
  if (!isWebAddress(url)) return <>{children}</>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
      <span class="visually-hidden"> (opens a new tab)</span>
    </a>
  );
}
