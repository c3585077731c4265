/**
 * What a card of order safety offers, carried out by the code of the embedded EHR's order pad, and the hook fired again: over HTTP, all stages real.
 * People here are invented.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FhirResource } from 'fhir/r4.js';
import pino from 'pino';
import { loadConfig } from '../src/config.js';
import { applyActions } from '../src/sandbox/pages/apply.js';
import { type CdsAction, type CdsCard, cdsAnswer, cdsCard, fhirResource, type Resource } from '../src/sandbox/pages/wire.js';
import type { ListName } from '../src/types.js';
import { type Service, startService } from '../src/wire.js';
import { caseFile, chartOfCase } from './judge/tables/case.js';

// Charts of `case.ts` are dated by its clock; what is answered is asked here, not how fast.
const settings = { PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000', SANDBOX_NOW: '2026-06-15T12:00:00Z' };
let service: Service;
before(async () => {
  service = await startService(loadConfig(settings, process.cwd()), pino({ level: 'silent' }));
});
after(async () => service.close());

interface Pad {
  drafts: readonly (Resource & { readonly id: string })[];
  readonly prefetch: Record<string, Resource[]>;
  readonly patient: FhirResource;
}

const lists: readonly ListName[] = ['medications', 'allergies', 'conditions', 'observations', 'orders', 'notes'];

/** An order pad and a chart of a few words. */
function padOf(sketch: Readonly<Record<string, unknown>>): Pad {
  const row = caseFile.shape.cases.element.parse({ name: 'a pad', source: 'invented', expect: [], ...sketch });
  const { entries, patient } = chartOfCase(row);
  const of = (list: string): Resource[] => entries.filter((entry) => entry.list === list).map(({ resource }) => fhirResource.parse(resource));
  const drafts = of('drafts').map((draft, at) => ({ ...draft, id: draft.id ?? `draft-${at}` }));
  return { drafts, prefetch: Object.fromEntries(lists.map((list) => [list, of(list)])), patient };
}

const bundleOf = (resources: readonly unknown[]): object => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
});

async function fire({ drafts, prefetch, patient }: Pad, id = 'order-safety', hook = 'order-sign'): Promise<readonly CdsCard[]> {
  const response = await fetch(`${service.url}/cds-services/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook,
      hookInstance: crypto.randomUUID(),
      context: {
        userId: 'Practitioner/1',
        patientId: 'p1',
        draftOrders: bundleOf(drafts),
        ...(hook === 'order-select' ? { selections: drafts.map((draft) => `${draft.resourceType}/${draft.id}`) } : {}),
      },
      prefetch: { patient, ...Object.fromEntries(Object.entries(prefetch).map(([list, resources]) => [list, bundleOf(resources)])) },
    }),
  });
  assert.equal(response.status, 200);
  return cdsAnswer.parse(await response.json()).cards.map((card) => cdsCard.parse(card));
}

/** As the order pad does it: drafts change on the pad, everything else goes into the chart. */
async function accept(pad: Pad, actions: readonly CdsAction[]): Promise<Pad> {
  const after = { ...pad, prefetch: { ...pad.prefetch } };
  const refuse = async (): Promise<never> => assert.fail('only drafts and new orders are touched');
  await applyActions(actions, {
    fhir: {
      create: async (resource: Resource) => {
        after.prefetch['orders'] = [...(after.prefetch['orders'] ?? []), { ...resource, id: 'created' }];
      },
      update: refuse,
      remove: refuse,
    },
    drafts: () => after.drafts,
    setDrafts: (drafts) => {
      after.drafts = drafts;
    },
    randomId: () => 'added',
  });
  return after;
}

const loud = (cards: readonly CdsCard[]): readonly string[] => cards.filter(({ indicator }) => indicator !== 'info').map(({ summary }) => summary);

interface Story {
  readonly name: string;
  readonly pad: Readonly<Record<string, unknown>>;
  /** The summary of the card that interrupts, and the suggestion that is accepted. */
  readonly card: RegExp;
  readonly accepts: RegExp;
}

const stories: readonly Story[] = [
  {
    name: 'remove',
    pad: { takes: ['warfarin 5 mg'], order: ['ibuprofen 400 mg tablet'] },
    card: /warfarin.*ibuprofen|ibuprofen.*warfarin/i,
    accepts: /^Remove the order for ibuprofen$/,
  },
  {
    name: 'replace',
    pad: { takes: ['warfarin 5 mg'], order: ['ibuprofen 400 mg tablet'] },
    card: /ibuprofen/i,
    accepts: /^Replace with acetaminophen/,
  },
  {
    name: 'replace by a drug that passes the same checks',
    pad: { takes: ['simvastatin 20 mg'], order: ['clarithromycin 500 mg'] },
    card: /clarithromycin/i,
    accepts: /azithromycin/i,
  },
  {
    name: 'lower the dose for an older patient',
    pad: { age: 78, order: [{ drug: 'digoxin 0.25 mg tablet', sig: '1 tablet daily' }] },
    card: /^Digoxin/,
    accepts: /^Change digoxin to 0\.125 mg once daily$/,
  },
  {
    name: 'lower the dose to the limit of an age',
    pad: { age: 70, order: [{ drug: 'citalopram 40 mg tablet', sig: '1 tablet daily' }] },
    card: /^Citalopram/,
    accepts: /^Change citalopram to 20 mg once daily$/,
  },
  {
    name: 'once a week, not daily',
    pad: { order: [{ drug: 'methotrexate 2.5 mg tablet', sig: '4 tablets daily' }], labs: [['2160-0', 0.9, 'mg/dL', 20]] },
    card: /^Methotrexate.*daily/,
    accepts: /^Change methotrexate to once a week/,
  },
  {
    name: 'the test that is due',
    pad: {
      takes: ['lithium carbonate 300 mg'],
      order: [{ drug: 'lithium carbonate 300 mg', fields: { priorPrescription: { reference: 'MedicationRequest/t0' } } }],
    },
    card: /^Lithium: no lithium level/,
    accepts: /^Order a lithium level$/,
  },
  {
    name: 'naloxone beside opioids',
    pad: {
      takes: [{ drug: 'lorazepam 1 mg tablet', sig: '1 tablet nightly' }],
      order: [{ drug: 'oxycodone 5 mg tablet', sig: '1 tablet every 6 hours' }],
    },
    card: /oxycodone with lorazepam/i,
    accepts: /naloxone/i,
  },
];

describe('suggestions of order safety in the embedded EHR', () => {
  for (const { name, pad, card, accepts } of stories) {
    it(`${name} › accepted › the hook fired again does not interrupt with it`, async () => {
      const first = padOf(pad);
      const cards = await fire(first);
      const spoken = cards.find((one) => one.indicator !== 'info' && card.test(one.summary));
      assert.ok(spoken !== undefined, cards.map((one) => one.summary).join(' | '));
      const suggestion = spoken.suggestions?.find((one) => accepts.test(one.label));
      assert.ok(suggestion !== undefined, spoken.suggestions?.map((one) => one.label).join(' | '));
      const second = await accept(first, suggestion.actions ?? []);
      assert.deepEqual(
        loud(await fire(second)).filter((summary) => card.test(summary)),
        [],
      );
    });
  }

  const override = async (id: string, cards: readonly CdsCard[]): Promise<void> => {
    const feedback = cards
      .filter(({ overrideReasons }) => (overrideReasons ?? []).length > 0)
      .map(({ uuid }) => ({ card: uuid, outcome: 'overridden', overrideReason: { reason: { code: 'benefit-outweighs-risk' } } }));
    assert.ok(feedback.length > 0);
    const response = await fetch(`${service.url}/cds-services/${id}/feedback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ feedback }),
    });
    assert.equal(response.status, 200);
  };

  it('a warning › overridden with a reason › does not interrupt again for the same evidence, and does for other', async () => {
    const pad = padOf({ takes: ['warfarin 5 mg'], order: ['amiodarone 200 mg tablet'], labs: [['6301-6', 2.4, '1', 5]] });
    const cards = await fire(pad);
    assert.equal(loud(cards).length, 1, loud(cards).join(' | '));
    await override('order-safety', cards);
    assert.deepEqual(loud(await fire(pad)), []);
    const graver = padOf({ takes: ['warfarin 5 mg'], order: ['amiodarone 200 mg tablet'], labs: [['6301-6', 4.6, '1', 1]] });
    assert.deepEqual(
      (await fire(graver)).filter(({ indicator }) => indicator === 'critical').map(({ summary }) => summary.includes('amiodarone')),
      [true],
    );
  });

  it('a contraindication › overridden with a reason › is said each time', async () => {
    const pad = padOf({ takes: ['nitroglycerin 0.4 mg'], order: ['sildenafil 50 mg tablet'] });
    const cards = await fire(pad);
    assert.deepEqual(
      cards.map(({ indicator }) => indicator),
      ['critical'],
    );
    await override('order-safety', cards);
    const [again, ...others] = await fire(pad);
    assert.deepEqual([again?.indicator, others.length], ['critical', 0]);
    assert.match(again?.detail ?? '', /what is contraindicated is said each time/);
  });

  it('while ordering › the same knowledge, and no card for information', async () => {
    const quiet = padOf({ order: ['lisinopril 10 mg tablet'] });
    assert.deepEqual(
      (await fire(quiet)).map(({ indicator }) => indicator),
      ['info'],
    );
    assert.deepEqual(await fire(quiet, 'order-safety-draft', 'order-select'), []);
    const grave = padOf({ takes: ['warfarin 5 mg'], order: ['ibuprofen 400 mg tablet'] });
    assert.deepEqual(loud(await fire(grave, 'order-safety-draft', 'order-select')), loud(await fire(grave)));
  });
});
