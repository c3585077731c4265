/** The hardening of the SMART app: the EHR's answer, the state of a tab, the patient's banner, and which reasons come first. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createState, readCallback } from '../../launch/callback.js';
import { readBanner, sayAge } from '../../launch/patient.js';
import { groupReasons } from '../../launch/reason-groups.js';
import { findSession, keepSession, type Session, sweepSessions, type TabStorage } from '../../launch/tab-session.js';
import { contributionOf, isWebAddress, markOf, weightOf } from '../../launch/words.js';

let made = 0;
const fakeUuid = (): string => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`;

function createFakeStorage(): TabStorage & { readonly keys: () => readonly string[] } {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    keys: () => [...entries.keys()],
  };
}

const sessionOf = (patient: string, endsAt = 1_000): Session => ({
  iss: 'https://ehr.example/fhir',
  patient,
  accessToken: `t-${patient}`,
  run: undefined,
  endsAt,
});

describe('callback', () => {
  const state = createState(fakeUuid);

  it('state › made twice › differs, and is accepted when it comes back', () => {
    assert.notEqual(createState(fakeUuid), state);
    assert.deepEqual(readCallback(`?code=a%2Bb%26c&state=${state}`), { kind: 'code', code: 'a+b&c', state });
    assert.deepEqual(readCallback(''), { kind: 'none' });
  });

  const refused: readonly (readonly [string, string])[] = [
    ['a state that we never make', '?code=x&state=made-up'],
    ["the library's well-known place as state", '?code=x&state=SMART_KEY'],
    ['the place of a session as state', '?code=x&state=whycard.session.00000000-0000-4000-8000-000000000001'],
    ['a code without a state', '?code=x'],
    ['a state without a code', `?state=${state}`],
    ['an empty code', `?code=&state=${state}`],
    ['two codes', `?code=x&code=y&state=${state}`],
    ['two states', `?code=x&state=${state}&state=${state}`],
    ['an endless code', `?code=${'x'.repeat(20_000)}&state=${state}`],
    ['a refusal', `?error=access_denied&state=${state}`],
  ];
  for (const [name, search] of refused) {
    it(`answer › ${name} › is refused in one sentence`, () => {
      assert.equal(readCallback(search).kind, 'refused');
    });
  }

  it("answer › the EHR's own words about an error › are never repeated", () => {
    for (const error of ['access_denied', 'made_up', '__proto__', 'constructor']) {
      const answer = readCallback(`?error=${error}&error_description=Patient+Jane+Roe+token+abc&error_uri=https%3A%2F%2Fehr.example%2F7`);
      assert.equal(answer.kind, 'refused');
      assert.doesNotMatch(JSON.stringify(answer), /Jane|abc|https|native code/);
      assert.match(JSON.stringify(answer), /The EHR .*card again/);
    }
  });
});

describe('tab', () => {
  it('two launches over one storage › each page finds its own patient', () => {
    const storage = createFakeStorage();
    const [first, second] = [keepSession(storage, sessionOf('a'), fakeUuid), keepSession(storage, sessionOf('b'), fakeUuid)];
    assert.equal(findSession(storage, first, 0)?.patient, 'a');
    assert.equal(findSession(storage, second, 0)?.patient, 'b');
    assert.doesNotMatch(JSON.stringify([first, second]), /t-a|t-b/);
  });

  it('a page without a mark of its own › in a tab that has sessions › finds none', () => {
    const storage = createFakeStorage();
    keepSession(storage, sessionOf('a'), fakeUuid);
    storage.setItem('other', JSON.stringify(sessionOf('c')));
    for (const mark of [null, undefined, {}, 'x', { session: 'other' }, { session: 'SMART_KEY' }, { session: 'whycard.session.none' }])
      assert.equal(findSession(storage, mark, 0), undefined);
  });

  it('a session › that is over, or damaged › is not found', () => {
    const storage = createFakeStorage();
    const mark = keepSession(storage, sessionOf('a', 1_000), fakeUuid);
    assert.equal(findSession(storage, mark, 999)?.patient, 'a');
    assert.equal(findSession(storage, mark, 1_000), undefined);
    for (const damage of ['{', '{}', 'null']) {
      storage.setItem(mark.session, damage);
      assert.equal(findSession(storage, mark, 0), undefined);
    }
  });

  it("sweep › removes what is over and the library's well-known place, never another page's live session", () => {
    const storage = createFakeStorage();
    keepSession(storage, sessionOf('over', 10), fakeUuid);
    const live = keepSession(storage, sessionOf('live', 1_000), fakeUuid);
    storage.setItem('SMART_KEY', '"x"');
    storage.setItem('of-another-page', '1');
    sweepSessions(storage, 500);
    assert.deepEqual([...storage.keys()].sort(), ['of-another-page', live.session].sort());
  });
});

describe('banner', () => {
  const now = new Date(2026, 10, 24);
  const patient = { resourceType: 'Patient', id: 'p', name: [{ given: ['Ada', 'B.'], family: 'Roe' }], gender: 'female', birthDate: '1966-05-12' };

  it('patient › as the EHR gives it › name, age, sex, birth', () => {
    assert.deepEqual(readBanner(patient, 'p', now), { name: 'Ada B. Roe', facts: ['60 years', 'female', 'born 12 May 1966'] });
  });

  it('patient › another id than the launch, or no Patient › no banner', () => {
    for (const other of [{ ...patient, id: 'q' }, { ...patient, resourceType: 'Person' }, undefined, null, 'x', { ...patient, name: 'x' }])
      assert.equal(readBanner(other, 'p', now), undefined);
  });

  it('patient › old names, nothing on record, deceased › said plainly', () => {
    const old = { use: 'old', family: 'Before' };
    assert.equal(readBanner({ ...patient, name: [old, { use: 'official', text: 'Ada Roe' }] }, 'p', now)?.name, 'Ada Roe');
    assert.equal(readBanner({ ...patient, name: [old] }, 'p', now)?.name, 'Before');
    assert.deepEqual(readBanner({ resourceType: 'Patient', id: 'p' }, 'p', now), {
      name: 'Name not on record',
      facts: ['sex not on record', 'date of birth not on record'],
    });
    assert.deepEqual(readBanner({ ...patient, deceasedBoolean: true }, 'p', now)?.facts, ['female', 'born 12 May 1966', 'deceased']);
  });

  const ages: readonly (readonly [string | undefined, string | undefined])[] = [
    ['1966-11-24', '60 years'],
    ['1966-11-25', '59 years'],
    ['2025-11-25', '11 months'],
    ['2026-11-01', '0 months'],
    ['2024-11-24', '2 years'],
    ['1966', 'about 60 years'],
    ['1966-12', 'about 59 years'],
    ['2027-01-01', undefined],
    ['12.05.1966', undefined],
    [undefined, undefined],
  ];
  for (const [birthDate, age] of ages) {
    it(`age › born ${birthDate} › ${age ?? 'not said'}`, () => {
      assert.equal(sayAge(birthDate, now), age);
    });
  }
});

describe('reasons', () => {
  const reasonOf = (contribution: number, by: 'code' | 'text' = 'code', kind = 'lab') => ({
    fact: `f${contribution}`,
    criterion: 'c',
    kind,
    by,
    contribution,
    low: contribution,
    high: contribution,
  });

  it('groups › seven reasons › the five strongest by sign, the rest on demand, none lost', () => {
    const all = [0.2, -3, 1, 0.1, 2, -0.5, 0.4].map((value) => reasonOf(value));
    const { raises, lowers, smaller } = groupReasons(all);
    assert.deepEqual(
      raises.map(({ contribution }) => contribution),
      [2, 1, 0.4],
    );
    assert.deepEqual(
      lowers.map(({ contribution }) => contribution),
      [-3, -0.5],
    );
    assert.deepEqual(
      smaller.map(({ contribution }) => contribution),
      [0.2, 0.1],
    );
    assert.deepEqual(groupReasons([]), { raises: [], lowers: [], smaller: [] });
  });

  it('groups › one that hardly counts › is not among the first', () => {
    assert.deepEqual(
      groupReasons([reasonOf(4), reasonOf(-0.001)]).smaller.map(({ contribution }) => contribution),
      [-0.001],
    );
  });

  it('words › weight, mark, interval › before numbers, and only what is so', () => {
    const all = [reasonOf(6), reasonOf(-3), reasonOf(1)];
    assert.deepEqual(
      all.map((reason) => weightOf(reason, all)),
      ['main reason', 'contributes', 'adds a little'],
    );
    assert.deepEqual([reasonOf(1), reasonOf(1, 'text', 'note'), reasonOf(1, 'text', 'allergy')].map(markOf), [
      'by code',
      'read from a note',
      'read from text',
    ]);
    assert.equal(contributionOf(reasonOf(-1.5)), '−1.50');
    assert.equal(contributionOf({ ...reasonOf(1.5), low: 1.25, high: 1.75 }), '+1.50 (+1.25 to +1.75)');
  });

  it('source › only a web address › becomes a link', () => {
    assert.equal(isWebAddress('https://www.example.org/x'), true);
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'no address', '']) assert.equal(isWebAddress(url), false);
  });
});
