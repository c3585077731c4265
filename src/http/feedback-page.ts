/** What clinicians did with the cards, rule by rule, as a page for the informatics lead. Knows counts, no card and no patient. */

export interface RateRow {
  readonly service: string;
  readonly rule: string;
  readonly shown: number;
  readonly accepted: number;
  readonly overridden: number;
  readonly topReason: string | undefined;
}

const headings = ['Service', 'Rule', 'Shown', 'Accepted', 'Overridden', 'No answer', 'Reason given most'];

/** Every value is of ours or a count, but the reason's code: that is what an EHR sent. */
export function feedbackPage(rates: readonly RateRow[]): string {
  const body = rates.length === 0 ? '<p>No card has been shown yet.</p>' : table(rates);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Feedback · whycard</title>
<style>:root{color-scheme:light dark;font:1rem/1.5 system-ui}body{max-width:60rem;margin:2rem auto;padding:0 1rem}div{overflow-x:auto}table{border-collapse:collapse}
th,td{padding:.3rem .7rem;border-bottom:1px solid;text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}</style>
<h1>What clinicians did with the cards</h1><p>Over all time. The last word on a card counts. A rule that is overridden often is one to look at, not one to blame on its readers.</p>${body}</html>`;
}

function table(rates: readonly RateRow[]): string {
  const lines = rates.map(({ service, rule, shown, accepted, overridden, topReason }) => {
    const counts = [`${shown}`, share(accepted, shown), share(overridden, shown), share(shown - accepted - overridden, shown)];
    return `<tr><td>${escapeHtml(service)}</td><td>${escapeHtml(rule)}</td>${counts.map((text) => `<td class="n">${text}</td>`).join('')}<td>${escapeHtml(topReason ?? '')}</td></tr>`;
  });
  return `<div><table><thead><tr>${headings.map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function share(part: number, whole: number): string {
  return `${part} (${whole === 0 ? 0 : Math.round((100 * part) / whole)} %)`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
