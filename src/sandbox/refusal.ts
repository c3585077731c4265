/** A request that the embedded EHR declines, and how FHIR says so (OperationOutcome). Knows nothing of who asked or for what. */
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';

type IssueCode = OperationOutcomeIssue['code'];

/** `message` is always a fixed text of ours: it goes to the client. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly issue: IssueCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, issue: IssueCode, text: string, headers: Readonly<Record<string, string>> = {}) {
    super(text);
    this.status = status;
    this.issue = issue;
    this.headers = headers;
  }
}

/** {@link https://hl7.org/fhir/R4/operationoutcome.html} */
export function outcomeOf(refusal: Refusal): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: refusal.issue, diagnostics: refusal.message }] };
}

/** What Express and its body parsers throw, in our words; anything else is not a refusal. */
export function refusalFrom(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof Error)) return undefined;
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  if (status === 413) return new Refusal(413, 'too-long', 'The body is larger than this server accepts.');
  if (status === 415) return new Refusal(415, 'not-supported', 'The encoding of the body is not supported.');
  if (status !== undefined && status >= 400 && status < 500) return new Refusal(400, 'invalid', 'The request could not be parsed.');
  return undefined;
}
