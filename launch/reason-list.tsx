/** Reasons in two groups, each with its bar, its sign and its words. The words say what the bar shows: the bar is for the eye alone. */
import { barOf, largestOf } from './bar-geometry.js';
import type { ReasonView } from './run-document.js';
import { effectOf, originOf, signed } from './words.js';

export function ReasonList({ reasons }: { readonly reasons: readonly ReasonView[] }) {
  const largest = largestOf(reasons);
  const groups = [
    { title: 'Raises it', rows: reasons.filter((reason) => effectOf(reason) === 'raises') },
    { title: 'Lowers it', rows: reasons.filter((reason) => effectOf(reason) === 'lowers') },
  ];
  return (
    <>
      {groups
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, rows }) => (
          <div key={title}>
            <h3>{title}</h3>
            <ul class="reasons">
              {rows.map((reason) => (
                <Reason key={`${reason.fact} ${reason.criterion}`} reason={reason} largest={largest} />
              ))}
            </ul>
          </div>
        ))}
    </>
  );
}

function Reason({ reason, largest }: { readonly reason: ReasonView; readonly largest: number }) {
  const { x, width } = barOf(reason.contribution, largest);
  const effect = effectOf(reason);
  return (
    <li data-testid="app-reason">
      <p class="fact">{reason.by === 'text' ? `“${reason.fact}”` : reason.fact}</p>
      <svg viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true" class="bar">
        <rect class={effect} x={x} y="0" width={width} height="10" />
        <line x1="100" x2="100" y1="0" y2="10" />
      </svg>
      <p class="faint">
        {effect} it by {signed(reason.contribution)} · {originOf(reason)}
        {reason.source === undefined ? '' : ` · ${reason.source}`}
        <br />
        on: {reason.criterion}
      </p>
    </li>
  );
}
