/** Reasons in two groups, each with its bar, its sign and its words; all of them again as a table. The bar is for the eye alone: the words say what it shows. */
import { barOf, largestOf } from './bar-geometry.js';
import { groupReasons } from './reason-groups.js';
import type { ReasonView } from './run-document.js';
import { contributionOf, effectOf, markOf, originOf, weightOf } from './words.js';

interface ListProps {
  readonly all: readonly ReasonView[];
  readonly rows: readonly ReasonView[];
}

export function ReasonList({ reasons }: { readonly reasons: readonly ReasonView[] }) {
  const { raises, lowers, smaller } = groupReasons(reasons);
  if (reasons.length === 0) return <p>No fact of the chart touches this recommendation.</p>;
  return (
    <>
      <Group title="What raises it" all={reasons} rows={raises} />
      <Group title="What lowers it" all={reasons} rows={lowers} />
      {smaller.length === 0 ? undefined : (
        <details>
          <summary>
            {smaller.length} smaller {smaller.length === 1 ? 'reason' : 'reasons'}
          </summary>
          <Rows all={reasons} rows={smaller} />
        </details>
      )}
      <details>
        <summary>All reasons as a table</summary>
        <ReasonTable reasons={reasons} />
      </details>
    </>
  );
}

function Group({ title, all, rows }: ListProps & { readonly title: string }) {
  if (rows.length === 0) return undefined;
  return (
    <>
      <h3>{title}</h3>
      <Rows all={all} rows={rows} />
    </>
  );
}

function Rows({ all, rows }: ListProps) {
  const largest = largestOf(all);
  return (
    <ul class="reasons">
      {rows.map((reason) => (
        <Reason key={keyOf(reason)} reason={reason} all={all} largest={largest} />
      ))}
    </ul>
  );
}

interface ReasonProps {
  readonly reason: ReasonView;
  readonly all: readonly ReasonView[];
  readonly largest: number;
}

function Reason({ reason, all, largest }: ReasonProps) {
  const { x, width } = barOf(reason.contribution, largest);
  const effect = effectOf(reason);
  return (
    <li data-testid="app-reason">
      <div class="what">
        <p class="fact">{factOf(reason)}</p>
        <p class="faint">
          {reason.criterion === '' ? '' : `Speaks to: ${reason.criterion}. `}
          <span class={`mark ${reason.by}`}>{markOf(reason)}</span>
        </p>
      </div>
      <div class="weight">
        {/* Attributes, not styles: the page's policy forbids style attributes. */}
        <svg viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true" class="bar">
          <rect class={effect} x={x} y="2" width={width} height="8" />
          <line x1="100" x2="100" y1="0" y2="12" />
        </svg>
        <p class={`effect ${effect}`}>
          <span>
            {effect === 'raises' ? '▲' : '▼'} {effect}, {weightOf(reason, all)}
          </span>{' '}
          <span class="faint number">{contributionOf(reason)}</span>
        </p>
      </div>
    </li>
  );
}

function ReasonTable({ reasons }: { readonly reasons: readonly ReasonView[] }) {
  return (
    <table>
      <caption class="faint">Contributions in log-odds. They add up from before any fact to the support shown.</caption>
      <thead>
        <tr>
          <th scope="col">Fact</th>
          <th scope="col">Effect</th>
          <th scope="col" class="number">
            Log-odds
          </th>
        </tr>
      </thead>
      <tbody>
        {reasons.map((reason) => (
          <tr key={keyOf(reason)}>
            <th scope="row">
              {factOf(reason)}
              <span class="faint cell-note">
                {reason.criterion === '' ? '' : `Speaks to: ${reason.criterion}. `}
                {capitalised(originOf(reason))}
                {reason.source === undefined ? '' : `, ${reason.source}`}
              </span>
            </th>
            <td>{effectOf(reason)}</td>
            <td class="number">{contributionOf(reason)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a language model read is quoted; a coded fact is told. */
function factOf({ by, fact }: ReasonView): string {
  return by === 'text' ? `“${fact}”` : fact;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function keyOf({ fact, criterion, by, contribution }: ReasonView): string {
  return [fact, criterion, by, contribution].join('|');
}
