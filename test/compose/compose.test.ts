/** Cards read aloud: what stands on them, in which words, with which actions. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createAttribute } from '../../src/attribute/attribute.js';
import type { AnswerLike } from '../../src/compose/answer-like.js';
import { renderBars } from '../../src/compose/bars.js';
import { createComposeCards } from '../../src/compose/compose.js';
import { createExtractFacts } from '../../src/deidentify/facts.js';
import { createJudge } from '../../src/judge/judge.js';
import { type Knowledge, loadKnowledge } from '../../src/judge/knowledge.js';
import { checkCards } from '../../src/protocol/card.js';
import { createScore } from '../../src/score/score.js';
import type {
  CandidateId,
  Card,
  Chart,
  Composed,
  ExplanationView,
  FactId,
  Finding,
  GapStanding,
  Reading,
  Recalled,
  ServiceDefinition,
} from '../../src/types.js';
import { a1c, chartOf, clinical, condition, drug, now, procedure, refused, verified } from '../judge/chart.js';
import { keepGaps } from '../judge/keep-gaps.js';
import { parameters } from '../score/parameters.js';

let knowledge: Knowledge;
before(async () => {
  knowledge = keepGaps(await loadKnowledge('cards'));
});

let ids = 0;
const nextId = (): string => {
  ids += 1;
  return String(ids).padStart(12, '0');
};
const compose = createComposeCards({
  publicUrl: 'https://cds.example',
  launchUrl: 'https://cds.example/launch',
  clock: () => now,
  randomId: () => `00000000-0000-4000-8000-${nextId()}`,
});

interface Given {
  readonly service?: string;
  readonly chart: Chart;
  readonly readings?: readonly Reading[];
  readonly unread?: number;
  readonly change?: Partial<ServiceDefinition>;
  readonly recalled?: Recalled;
  readonly standing?: Omit<GapStanding, 'candidate'>;
}

const nothingRecalled: Recalled = { keys: new Map(), quiet: new Map(), again: new Map() };

/** Every stage behind the reader is real; readings are given. */
function answer({ service: id = 'care-gaps', chart, readings = [], unread = 0, change = {}, recalled = nothingRecalled, standing }: Given): Composed {
  const found = knowledge.services.find((one) => one.id === id);
  assert.ok(found !== undefined);
  const service = { ...found, ...change };
  const judged = createJudge(knowledge)(service, chart);
  const judgement =
    standing === undefined ? judged : { ...judged, standings: [{ candidate: 'colorectal-cancer-screening' as CandidateId, ...standing }] };
  const facts = createExtractFacts()(chart, judgement);
  const read = { reader: 'fake@1', readings, unread };
  const scored = createScore(parameters)(service, judgement, facts, read);
  const request: AnswerLike['request'] = {
    hook: service.hook,
    hookInstance: 'x',
    patientId: 'p1',
    userId: 'Practitioner/1',
    encounterId: 'e1',
    draftOrders: [],
    selections: [],
    prefetch: {},
    fhir: undefined,
  };
  const composed = compose({ service, request, chart, judgement, facts, read, scored, explanations: createAttribute()(scored), recalled });
  checkCards(composed.cards);
  return composed;
}

const noteChart = (text: string): Chart =>
  chartOf({
    resources: [
      [
        'notes',
        {
          resourceType: 'DocumentReference',
          id: 'n1',
          status: 'current',
          date: '2026-05-01',
          content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
        },
      ],
    ],
  });
const readingOf = (criterion: string, supports: number, contradicts: number): Reading => ({
  fact: 'f0.s0' as FactId,
  criterion: criterion as Reading['criterion'],
  supports,
  contradicts,
});
const viewOf = (card: Card | undefined): ExplanationView => card?.extension?.['org.whycard.explanation'] as ExplanationView;
const only = (composed: Composed): Card => {
  assert.equal(composed.cards.length, 1, composed.cards.map((card) => card.summary).join(' | '));
  const [card] = composed.cards;
  assert.ok(card !== undefined);
  return card;
};

describe('compose', () => {
  it('a gap › words first › rule, this patient, why, source, and no number but that of the counterfactual', () => {
    const card = only(answer({ chart: chartOf({}) }));
    assert.equal(card.summary, 'Colorectal cancer screening is due: none on record');
    assert.match(card.detail, /^\*\*Never on record\.\*\*\n\nAdults aged 45 to 75 .* This patient: age 58\./);
    assert.match(card.detail, /\*\*Why for this patient\*\* \(evidence on record: established\)/);
    assert.match(card.detail, /Speaks for it:\n\n- /);
    assert.match(card.detail, /Source: USPSTF/);
    assert.doesNotMatch(card.detail, /log-odds|probab|\brisk of\b/i);
  });

  it('a gap › its orders › are drafts for this patient and encounter, at most one of them', () => {
    const card = only(answer({ chart: chartOf({}) }));
    assert.equal(card.selectionBehavior, 'at-most-one');
    const [action] = card.suggestions?.[0]?.actions ?? [];
    assert.ok(action?.type === 'create' && action.resource.resourceType === 'ServiceRequest');
    assert.deepEqual(
      [action.resource.status, action.resource.intent, action.resource.subject.reference, action.resource.encounter?.reference],
      ['draft', 'order', 'Patient/p1', 'Encounter/e1'],
    );
  });

  it('a gap that a note closes › folded › is information, quotes the sentence, and the counterfactual is about it', () => {
    const card = only(answer({ chart: noteChart('Colonoscopy done elsewhere in March.'), readings: [readingOf('had-colonoscopy', 0.93, 0.02)] }));
    assert.equal(card.indicator, 'info');
    assert.match(card.summary, /A note speaks against it/);
    assert.match(card.detail, /“Colonoscopy done elsewhere 3 months ago”/);
    assert.match(card.detail, /Speaks against it:\n\n- a statement that was read: “.*” \(main reason\)/);
    assert.equal(viewOf(card).reasons.find((reason) => reason.by === 'text')?.source, 'DocumentReference/n1');
    assert.equal(viewOf(card).counterfactual?.without, 'Colonoscopy done elsewhere 3 months ago.');
  });

  it('a quoted sentence › with marks and addresses › comes out as text', () => {
    const note = 'Had a **colonoscopy** <b>normal</b> [x](y) last year.';
    const { detail } = only(answer({ chart: noteChart(note), readings: [readingOf('had-colonoscopy', 0.93, 0.02)] }));
    const quotes = [...detail.matchAll(/“([^”]*)”/g)].map(([, quote]) => quote ?? '');
    assert.ok(quotes.length >= 2);
    for (const quote of quotes) assert.doesNotMatch(quote, /<|(?<!\\)[*_`[\]|~]/);
  });

  it('an interaction › the draft › can be removed or replaced, and the replacement carries no dose of the old drug', () => {
    const dosage = { dosageInstruction: [{ text: '400 mg three times daily' }], medicationReference: { reference: '#x' }, note: [{ text: 'kept' }] };
    const card = only(
      answer({ service: 'order-safety', chart: chartOf({ resources: [drug('medications', 'warfarin'), drug('drafts', 'ibuprofen', dosage)] }) }),
    );
    assert.equal(card.summary, 'Warfarin with ibuprofen: bleeding risk');
    const actions = card.suggestions?.flatMap((suggestion) => suggestion.actions) ?? [];
    assert.deepEqual(
      actions.map((action) => action.type),
      ['update', 'delete'],
    );
    const [replace, remove] = actions;
    assert.ok(remove?.type === 'delete' && replace?.type === 'update' && replace.resource.resourceType === 'MedicationRequest');
    assert.equal(remove.resourceId, 'MedicationRequest/m-ibuprofen');
    assert.equal(replace.resource.id, 'm-ibuprofen');
    assert.equal(replace.resource.medicationCodeableConcept?.coding?.[0]?.code, '313782');
    assert.deepEqual(
      [replace.resource.dosageInstruction, replace.resource.medicationReference, replace.resource.note?.length],
      [undefined, undefined, 1],
    );
  });

  it('an interaction › a draft without an id › is found, and offers nothing that cannot be done', () => {
    const card = only(
      answer({
        service: 'order-safety',
        chart: chartOf({ resources: [drug('medications', 'warfarin'), drug('drafts', 'ibuprofen', { id: undefined })] }),
      }),
    );
    assert.equal(card.suggestions, undefined);
    assert.equal(card.selectionBehavior, undefined);
  });

  it('order safety › allergies refused › a card says what was not checked, with or without a finding', () => {
    const lists = { allergies: refused };
    const alone = only(answer({ service: 'order-safety', chart: chartOf({ lists, resources: [drug('drafts', 'amoxicillin')] }) }));
    assert.equal(alone.summary, 'Not checked: allergies could not be read');
    assert.match(alone.detail, /allergies: refused by the server/);
    const both = answer({
      service: 'order-safety',
      chart: chartOf({ lists, resources: [drug('medications', 'warfarin'), drug('drafts', 'ibuprofen')] }),
    });
    assert.deepEqual(
      both.cards.map((card) => card.indicator),
      ['warning', 'info'],
    );
    assert.deepEqual(viewOf(both.cards[0]).unavailable, ['allergies: refused by the server']);
    assert.deepEqual(answer({ service: 'order-safety', chart: chartOf({ lists }) }).cards, [], 'nothing is ordered');
    assert.deepEqual(
      answer({ service: 'order-safety', chart: chartOf({ lists: { notes: refused }, resources: [drug('drafts', 'ibuprofen')] }) }).cards,
      [],
      'notes alone are no safety list',
    );
  });

  it('care gaps › one datum would decide › a card names it', () => {
    const card = only(answer({ chart: chartOf({ lists: { procedures: refused } }) }));
    assert.match(card.summary, /^Not decided: whether colorectal cancer screening is due/);
    assert.match(card.detail, /procedures: refused by the server/);
    assert.equal(card.indicator, 'info');
  });

  it('statements left unread › are counted on the card', () => {
    assert.match(only(answer({ chart: chartOf({}), unread: 3 })).detail, /3 statements not read \(/);
  });

  it('while ordering › information is recorded, not shown', () => {
    const chart = chartOf({
      resources: [
        drug('drafts', 'ibuprofen'),
        [
          'notes',
          {
            resourceType: 'DocumentReference',
            id: 'n',
            status: 'current',
            date: '2026-05-01',
            content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('Takes warfarin.').toString('base64') } }],
          },
        ],
      ],
    });
    const readings: readonly Reading[] = [
      { fact: 'f1.s0' as FactId, criterion: 'uses:warfarin' as Reading['criterion'], supports: 0.94, contradicts: 0 },
    ];
    const quiet = answer({ service: 'order-safety-draft', chart, readings });
    assert.deepEqual(quiet.cards, []);
    assert.deepEqual(
      quiet.shown.map(({ card, indicator }) => [card, indicator]),
      [['', 'info']],
    );
    const loud = only(answer({ service: 'order-safety', chart, readings }));
    assert.equal(loud.summary, 'Possibly: Warfarin with ibuprofen: bleeding risk');
    assert.match(loud.detail, /a statement in the chart does: “Takes warfarin”/);
  });

  const done = { history: [], isNeverDone: false, almost: [] };
  const scoped = procedure('73761001', '2014-02-28', { id: 'scope' });

  it('done once › last done and due since › the first line, and the summary', () => {
    const history = [
      { fact: 'f0' as FactId, name: 'colonoscopy', withinMonths: 120 },
      { fact: 'f1' as FactId, name: 'fecal test', withinMonths: 12 },
    ];
    const chart = chartOf({ resources: [scoped, procedure('430193006', '2024-12')] });
    const card = only(answer({ chart, standing: { ...done, history } }));
    assert.equal(card.summary, 'Colorectal cancer screening is due: last fecal test Dec 2024');
    assert.match(card.detail, /^\*\*Last done:\*\* fecal test, Dec 2024; due since Dec 2025\.\n\nAdults aged/);
  });

  it('never done › is said first', () => {
    const card = only(answer({ chart: chartOf({}), standing: { ...done, isNeverDone: true } }));
    assert.equal(card.summary, 'Colorectal cancer screening is due: none on record');
    assert.match(card.detail, /^\*\*Never on record\.\*\*\n/);
  });

  it('an exemption that almost applies › is named with its day and why not', () => {
    const almost = [{ fact: 'f0' as FactId, name: 'colorectal cancer', why: 'ruled-out' as const }];
    const chart = chartOf({ resources: [condition('93761005', { ...verified('refuted'), recordedDate: '2025-03-04' })] });
    assert.match(
      only(answer({ chart, standing: { ...done, almost } })).detail,
      /On record, but no exemption:\n\n- colorectal cancer, 4 Mar 2025: it was ruled out/,
    );
  });

  const ordered = (isRecent: boolean): Given => ({
    chart: chartOf({
      resources: [
        ['procedures', { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: {}, authoredOn: '2026-06-01T08:00:00Z' }],
      ],
    }),
    standing: { ...done, order: { fact: 'f0' as FactId, isRecent } },
  });

  it('ordered a short while ago › one line of information, recorded as ordered', () => {
    const composed = answer(ordered(true));
    assert.equal(only(composed).summary, 'Ordered already: Colorectal cancer screening, ordered on 1 Jun 2026');
    assert.equal(only(composed).indicator, 'info');
    assert.equal(composed.shown.find((row) => row.candidate !== undefined)?.quiet, 'ordered');
  });

  it('ordered long ago and not done › the card stays and says so', () => {
    const card = only(answer(ordered(false)));
    assert.equal(card.indicator, 'warning');
    assert.match(card.detail, /^Ordered on 1 Jun 2026 and not on record as done\./);
  });

  it('its order › has code, reason, the problem it is for, who orders, and when', () => {
    const diabetes = condition('44054006', { id: 'dm', ...clinical('active'), ...verified('confirmed') });
    const cards = answer({ chart: chartOf({ resources: [diabetes, a1c(9.8, '2026-04-02'), procedure('73761001', '2020-05-01')] }) });
    const card = cards.cards.find(({ source }) => source.topic.code === 'diabetes-poor-glycemic-control');
    const [action] = card?.suggestions?.[0]?.actions ?? [];
    assert.ok(action?.type === 'create' && action.resource.resourceType === 'ServiceRequest');
    const { code, reasonCode, reasonReference, occurrencePeriod, requester } = action.resource;
    assert.deepEqual(
      [code?.coding?.[0]?.code, reasonCode?.[0]?.text, reasonReference, occurrencePeriod, requester],
      [
        '4548-4',
        'Poor glycemic control',
        [{ reference: 'Condition/dm' }],
        { start: '2026-06-15', end: '2026-09-13' },
        { reference: 'Practitioner/1' },
      ],
    );
  });

  const at = new Date('2026-03-12T09:00:00Z');
  const quietly = (candidate: string): Recalled => ({
    ...nothingRecalled,
    quiet: new Map([[candidate as Finding['candidate'], { reason: 'Patient declined', at }]]),
  });

  it('the only gap was overridden before › one line of information, nothing else', () => {
    const composed = answer({ chart: chartOf({}), recalled: quietly('colorectal-cancer-screening') });
    const card = only(composed);
    assert.equal(card.summary, 'Dismissed before: Colorectal cancer screening, on 12 Mar 2026 as: patient declined');
    assert.equal(card.indicator, 'info');
    assert.equal(card.suggestions, undefined);
    assert.deepEqual(
      composed.shown.map(({ card: uuid, candidate, quiet }) => [uuid === '', candidate, quiet]),
      [
        [false, undefined, undefined],
        [true, 'colorectal-cancer-screening', 'dismissed'],
      ],
    );
  });

  it('one of two gaps was overridden before › the other has its card, and a line on it names the first', () => {
    const pap = { system: 'http://loinc.org', code: '10524-7' };
    const [list, test] = a1c(1, '2026-01-01', { code: { coding: [pap] } });
    const chart = chartOf({ patient: { gender: 'female' }, resources: [[list, test]] });
    const card = only(answer({ chart, recalled: quietly('colorectal-cancer-screening') }));
    assert.match(card.summary, /Breast/);
    assert.match(card.detail, /Dismissed before: Colorectal cancer screening, on 12 Mar 2026 as: patient declined\.$/);
  });

  it('overridden before a drug that is checked quietly › nothing is shown, and it is recorded as quiet', () => {
    const chart = chartOf({ resources: [drug('medications', '11289'), drug('drafts', '5640')] });
    const composed = answer({ service: 'order-safety-draft', chart, recalled: quietly('warfarin-nsaid.warfarin.ibuprofen') });
    assert.deepEqual(composed.cards, []);
    assert.deepEqual(
      composed.shown.filter((row) => row.quiet === 'dismissed').map((row) => row.candidate),
      ['warfarin-nsaid.warfarin.ibuprofen'],
    );
  });

  for (const [why, words] of [
    ['evidence-changed', /^Overridden on 12 Mar 2026 as: patient declined\. Shown again: the evidence on record has changed since\.$/m],
    ['long-ago', /Shown again: that was long enough ago to ask again\.$/m],
    ['critical', /Shown again: what is contraindicated is said each time\.$/m],
  ] as const) {
    it(`overridden before and shown again, ${why} › the card says when, as what, and why again`, () => {
      const again = new Map([['colorectal-cancer-screening' as Finding['candidate'], { reason: 'Patient declined', at, why }]]);
      assert.match(only(answer({ chart: chartOf({}), recalled: { ...nothingRecalled, again } })).detail, words);
    });
  }

  it('more cards than a service shows › the rest is one line, and recorded', () => {
    const resources = [drug('medications', 'warfarin'), drug('drafts', 'ibuprofen'), drug('drafts', 'naproxen'), drug('drafts', 'fluconazole')];
    const composed = answer({ service: 'order-safety', chart: chartOf({ resources }), change: { maxCards: 1 } });
    const [, names = ''] = /Also found: (.*)\.$/.exec(only(composed).detail) ?? [];
    const unshown = composed.shown.filter(({ card }) => card === '').length;
    assert.ok(unshown >= 1);
    assert.equal(names.split('; ').length, unshown, names);
  });

  it('the link and the run › name the same run, and the run holds what the app shows', () => {
    const composed = answer({ chart: chartOf({}) });
    const [link] = only(composed).links ?? [];
    assert.deepEqual(JSON.parse(link?.appContext ?? ''), { v: 1, run: composed.run });
    assert.equal(composed.document.run, composed.run);
    const [kept] = composed.document.cards;
    const view = viewOf(composed.cards[0]);
    assert.deepEqual(kept?.explanation, view);
    const sum = view.reasons.reduce((total, reason) => total + reason.contribution, 0);
    assert.ok(Math.abs(sum - (view.value - view.baseline)) < 1e-5);
    assert.ok(Math.abs(view.support - 1 / (1 + Math.exp(-view.value))) < 1e-12);
  });

  it('bars › one line a reason, signed, and the sum in words › fit the terminal', () => {
    const text = renderBars(
      viewOf(only(answer({ chart: noteChart('Colonoscopy done elsewhere in March.'), readings: [readingOf('had-colonoscopy', 0.93, 0.02)] }))),
      80,
    );
    const lines = text.split('\n');
    assert.equal(lines.length, 5);
    assert.match(lines[0] ?? '', /^− ░+ .*read: “Colonoscopy/);
    assert.ok(lines.slice(0, -1).every((line) => line.length <= 80));
  });
});
