/** Reasons drawn as bars in plain text, for a terminal. Knows the explanation's numbers, nothing of cards. */
import type { ExplanationView } from '../types.js';

const barWidth = 12;

/** One line a reason: `+ ████████      3.03  no colonoscopy on record`. The longest bar is the strongest reason. */
export function renderBars(view: ExplanationView, width: number): string {
  const strongest = Math.max(...view.reasons.map((reason) => Math.abs(reason.contribution)), 1e-9);
  const lines = view.reasons.map((reason) => {
    const isRaising = reason.contribution >= 0;
    const length = Math.max(1, Math.round((Math.abs(reason.contribution) / strongest) * barWidth));
    const bar = (isRaising ? '█' : '░').repeat(length).padEnd(barWidth);
    const origin = reason.by === 'text' ? `read: “${reason.fact}”` : reason.fact;
    const head = `${isRaising ? '+' : '−'} ${bar} ${Math.abs(reason.contribution).toFixed(2).padStart(5)}  `;
    return `${head}${shorten(origin, width - head.length)}`;
  });
  const sum = `support ${view.support.toFixed(2)} (${view.grade}): ${view.baseline.toFixed(2)} before any fact, ${view.value.toFixed(2)} with all, in log-odds; ${view.method}, ${view.evaluations} coalitions`;
  return [...lines, sum].join('\n');
}

function shorten(text: string, room: number): string {
  return text.length <= Math.max(20, room) ? text : `${text.slice(0, Math.max(19, room - 1))}…`;
}
