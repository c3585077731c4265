/** The result in words, as JSON, and as JUnit XML. Knows nothing of how it came about. */
import type { CheckResult } from './run.js';

export interface Totals {
  readonly passed: number;
  readonly failedMust: number;
  readonly failedShould: number;
  readonly notApplicable: number;
}

export function countResults(results: readonly CheckResult[]): Totals {
  const failed = results.filter(({ verdict }) => verdict.outcome === 'fail');
  return {
    passed: results.filter(({ verdict }) => verdict.outcome === 'pass').length,
    failedMust: failed.filter(({ check }) => check.level === 'must').length,
    failedShould: failed.filter(({ check }) => check.level === 'should').length,
    notApplicable: results.filter(({ verdict }) => verdict.outcome === 'n/a').length,
  };
}

/** One line a check. What the service said is cleaned: it may hold what a terminal obeys. */
export function renderText(url: string, results: readonly CheckResult[], notes: readonly string[]): string {
  const lines = [`CDS Hooks 2.0.1, ${url}`];
  let subject = '';
  for (const result of results) {
    if (result.subject !== subject) lines.push('', result.subject);
    subject = result.subject;
    lines.push(renderLine(result));
  }
  const { passed, failedMust, failedShould, notApplicable } = countResults(results);
  lines.push('', ...notes, `${passed} passed, ${failedMust} must failed, ${failedShould} should failed, ${notApplicable} not applicable`);
  return `${lines.map(toPrintable).join('\n')}\n`;
}

function renderLine({ check, verdict }: CheckResult): string {
  const name = `${check.id.padEnd(7)} ${check.title}`;
  if (verdict.outcome === 'pass') return `PASS ${name}`;
  if (verdict.outcome === 'n/a') return `n/a  ${name} — ${verdict.detail}`;
  return `FAIL ${name} (${check.level}; ${check.source}) — ${verdict.detail}`;
}

/** Without control characters, bidirectional overrides and halves of pairs. */
function toPrintable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
}

export function renderJson(url: string, results: readonly CheckResult[], notes: readonly string[]): string {
  const checks = results.map(({ subject, check: { id, level, title, source }, verdict }) => ({ id, subject, level, title, source, ...verdict }));
  return `${JSON.stringify({ specification: 'CDS Hooks 2.0.1', url, totals: countResults(results), notes, checks }, null, 2)}\n`;
}

/**
 * One test case a check, one suite a subject. A should that failed counts as skipped unless `isStrict`,
 * so that a build fails exactly where the exit code does.
 */
export function renderJunit(url: string, results: readonly CheckResult[], isStrict: boolean): string {
  const subjects = [...new Set(results.map(({ subject }) => subject))];
  const suites = subjects.map((subject) => {
    const own = results.filter((result) => result.subject === subject);
    const cases = own.map((result) => renderCase(result, isStrict));
    return `  <testsuite name="${escapeXml(subject)}" ${countAttributes(own, isStrict)}>\n${cases.join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(`CDS Hooks 2.0.1 ${url}`)}" ${countAttributes(results, isStrict)}>\n${suites.join('\n')}\n</testsuites>\n`;
}

function countAttributes(results: readonly CheckResult[], isStrict: boolean): string {
  const { passed, failedMust, failedShould } = countResults(results);
  const failures = failedMust + (isStrict ? failedShould : 0);
  return `tests="${results.length}" failures="${failures}" errors="0" skipped="${results.length - passed - failures}"`;
}

function renderCase({ subject, check, verdict }: CheckResult, isStrict: boolean): string {
  const open = `    <testcase classname="${escapeXml(subject)}" name="${escapeXml(`${check.id} ${check.title}`)}"`;
  if (verdict.outcome === 'pass') return `${open}/>`;
  const detail = escapeXml(verdict.detail);
  const isFailure = verdict.outcome === 'fail' && (check.level === 'must' || isStrict);
  const body = isFailure
    ? `<failure type="${check.level}" message="${detail}">${escapeXml(check.source)}</failure>`
    : `<skipped message="${verdict.outcome === 'fail' ? 'should: ' : ''}${detail}"/>`;
  return `${open}>${body}</testcase>`;
}

/** XML 1.0 has no way to write most control characters; line ends in an attribute would be lost. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
