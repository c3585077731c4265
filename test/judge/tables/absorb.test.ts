/** Which alerts stand for others. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alert } from '../../../src/judge/tables/check.js';
import { mergeAlerts } from '../../../src/judge/tables/merge.js';
import type { FactId, Indicator } from '../../../src/types.js';

const rule = {
  id: 'r',
  indicator: 'warning',
  source: { label: 'a label', url: 'https://example.org', section: '7' },
  verified: 'read',
  reviewed: '2026-11-25',
} as const;

function alertOf(id: string, indicator: Indicator, more: Partial<Alert>, lines: readonly string[] = ['f0', 'f1']): Alert {
  const needs = lines.map((fact, at) => ({ id: `${id}.${at}`, text: 'takes it', facts: [fact as FactId] }));
  return { id, rule, indicator, summary: id, text: id, needs, ...more };
}

const kept = (...alerts: readonly Alert[]): readonly string[] => mergeAlerts(alerts).map(({ id }) => id);

describe('absorb', () => {
  const group = (indicator: Indicator): Alert =>
    alertOf('group', indicator, { covers: ['warfarin', 'aspirin', 'ibuprofen'], replaces: ['r'] }, ['f0', 'f1', 'f2']);

  it('group › a pair inside it of no more weight › is one card, with what the pair offers', () => {
    const code = { system: 'https://example.org', code: '1', display: 'acetaminophen' };
    const offer = { draft: 'f1' as FactId, ingredient: 'acetaminophen', label: 'acetaminophen instead', code };
    const pair = alertOf('pair', 'warning', { pair: ['warfarin', 'ibuprofen'], alternatives: [offer] });
    assert.deepEqual(kept(group('warning'), pair), ['group']);
    assert.deepEqual(mergeAlerts([pair, group('critical')])[0]?.alternatives, [offer]);
  });

  it('group › a pair that weighs more, or reaches outside › stays', () => {
    assert.deepEqual(kept(group('info'), alertOf('pair', 'warning', { pair: ['warfarin', 'aspirin'] })), ['group', 'pair']);
    assert.deepEqual(kept(group('critical'), alertOf('pair', 'info', { pair: ['warfarin', 'digoxin'] })), ['group', 'pair']);
  });

  it('group › a pair inside it that says why in its own words › stays; one that a list only ranks does not', () => {
    const own = { rule: { ...rule, id: 'own' }, pair: ['warfarin', 'aspirin'] } as const;
    assert.deepEqual(kept(group('warning'), alertOf('pair', 'warning', own)), ['group', 'pair']);
    assert.deepEqual(kept(group('warning'), alertOf('pair', 'warning', { ...own, isListed: true })), ['group']);
  });

  it('two lines › one holds two ingredients, both pairs speak › the graver one is kept', () => {
    const grave = alertOf('grave', 'critical', { pair: ['sacubitril', 'lisinopril'] });
    const mild = alertOf('mild', 'warning', { pair: ['lisinopril', 'valsartan'] });
    assert.deepEqual(kept(grave, mild), ['grave']);
    assert.deepEqual(kept(mild, grave), ['grave']);
    assert.deepEqual(kept(grave, alertOf('mild', 'warning', { pair: ['lisinopril', 'valsartan'] }, ['f0', 'f2'])), ['grave', 'mild'], 'other lines');
    assert.deepEqual(kept(grave, alertOf('mild', 'warning', { pair: ['losartan', 'valsartan'] })), ['grave', 'mild'], 'no drug in common');
  });

  it('two lines › both pairs are equally grave › the one that says why is kept, else the first', () => {
    const listed = alertOf('listed', 'critical', { pair: ['ritonavir', 'simvastatin'], isListed: true });
    const own = alertOf('own', 'critical', { pair: ['simvastatin', 'nirmatrelvir'] });
    assert.deepEqual(kept(listed, own), ['own']);
    const [first, second] = [
      alertOf('first', 'warning', { pair: ['rifampin', 'ethinyl-estradiol'], isListed: true }),
      alertOf('second', 'warning', { pair: ['rifampin', 'levonorgestrel'], isListed: true }),
    ];
    assert.deepEqual(kept(first, second), ['first']);
    assert.deepEqual(kept(second, first), ['second']);
  });
});
