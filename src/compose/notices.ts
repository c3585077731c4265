/** Cards that are about what could not be said: lists that were not looked at, recommendations that one datum would decide. */
import type { Card, Clock } from '../types.js';
import type { AnswerLike } from './answer-like.js';
import { bullets, escapeMarkdown, paragraphs } from './markdown.js';

export interface NoticeDeps {
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly randomId: () => string;
}

const maxSummary = 139;

/** In order safety a list that could not be read is said, card or no card (architecture §2). Notes alone are no safety list. */
export function notChecked({ service, chart, judgement }: AnswerLike, deps: NoticeDeps): Card | undefined {
  const lists = judgement.unavailable.filter((text) => !text.startsWith('notes:'));
  if (service.hook === 'patient-view' || chart.selected.length === 0 || lists.length === 0) return undefined;
  const names = lists.map((text) => text.split(':')[0] ?? '');
  return notice(
    `Not checked: ${names.join(', ')} could not be read`,
    'not-checked',
    paragraphs([
      'What the order was not checked against, and why:',
      bullets(judgement.unavailable.map(escapeMarkdown)),
      'The silence of these lists is not taken for safety.',
    ]),
    deps,
  );
}

/** Care gaps that hang on one unknown datum: named, never guessed. */
export function notDecided({ service, judgement, scored }: AnswerLike, deps: NoticeDeps): Card | undefined {
  if (service.hook !== 'patient-view') return undefined;
  const found = new Set(scored.findings.map((finding) => finding.candidate));
  const open = judgement.candidates
    .filter(({ id }) => !found.has(id))
    .flatMap((candidate) => {
      const missing = judgement.missing.filter((one) => one.candidate === candidate.id).map((one) => one.text);
      return missing.length === 0 ? [] : [{ candidate, missing }];
    });
  if (open.length === 0) return undefined;
  const names = open.map(({ candidate }) => candidate.text).join('; whether ');
  return notice(
    `Not decided: whether ${names}`,
    'not-decided',
    paragraphs([
      'What would decide it is missing:',
      bullets(open.map(({ candidate, missing }) => `whether ${escapeMarkdown(candidate.text)}: ${missing.map(escapeMarkdown).join('; ')}`)),
    ]),
    deps,
  );
}

export function notice(summary: string, topic: string, detail: string, { publicUrl, randomId }: NoticeDeps): Card {
  return {
    uuid: randomId(),
    summary: summary.length <= maxSummary ? summary : `${summary.slice(0, maxSummary - 1)}…`,
    detail,
    indicator: 'info',
    source: { label: 'whycard', url: publicUrl, topic: { system: 'https://whycard.org/topic', code: topic, display: topic.replaceAll('-', ' ') } },
  };
}
