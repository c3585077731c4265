/** The lists of a chart. Knows nothing of where they come from. */
import { chartLists, type Row } from './chart-lists.js';
import type { ListState, VisitState } from './visit-state.js';

/** More than these are folded away: the latest are what a reader wants. */
const shownRows = 8;

export function ChartView({ lists }: { readonly lists: VisitState['lists'] }) {
  return (
    <>
      {chartLists.map(({ id, title }) => (
        <section key={id} class="list" aria-labelledby={`list-${id}`} data-testid={`list-${id}`}>
          <h2 id={`list-${id}`}>{title}</h2>
          <ListBody list={lists[id]} />
        </section>
      ))}
    </>
  );
}

function ListBody({ list }: { readonly list: ListState }) {
  if (list.state === 'loading') return <p class="faint">Reading…</p>;
  if (list.state === 'unreadable') {
    return (
      <p class="problem">
        <span aria-hidden="true">⚠ </span>This list could not be read: {list.why.replace(/\.$/, '')}.
      </p>
    );
  }
  if (list.rows.length === 0) return <p class="faint">None on record.</p>;
  const rest = list.rows.slice(shownRows);
  return (
    <>
      <Rows rows={list.rows.slice(0, shownRows)} />
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} earlier</summary>
          <Rows rows={rest} />
        </details>
      )}
    </>
  );
}

function Rows({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <ul class="rows">
      {rows.map((row) => (
        <li key={row.key}>
          <span class="row-title">{row.title}</span>
          {row.value !== undefined && <span class="row-value">{row.value}</span>}
          {row.date !== undefined && <span class="row-date">{row.date}</span>}
          {row.detail !== undefined && row.detail !== '' && <span class="row-detail">{row.detail}</span>}
          {row.text !== undefined && <p class="row-text">{row.text}</p>}
        </li>
      ))}
    </ul>
  );
}
