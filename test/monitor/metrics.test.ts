/** What the metrics page says, and what it never says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../../src/monitor/metrics.js';

describe('monitor/metrics', () => {
  it('metrics › after some calls › show counts under known labels only', async () => {
    const metrics = createMetrics({ version: '1.2.3', services: ['care-gaps'] });
    metrics.observeHook('care-gaps', 'answered', 0.12);
    metrics.observeHook('Quizzenbury', 'answered', 0.12);
    metrics.observeCards('care-gaps', ['warning', 'info', 'info']);
    metrics.observeCards('Quizzenbury', ['info']);
    metrics.observeFeedback('accepted', 2);
    metrics.observeUnread(3);
    metrics.observeUnavailable('allergies');
    const text = await metrics.text([]);
    for (const line of [
      'cds_hook_duration_seconds_count{service="care-gaps",outcome="answered"} 1',
      'cds_hook_duration_seconds_count{service="other",outcome="answered"} 1',
      'cds_cards_total{service="care-gaps",indicator="info"} 2',
      'cds_cards_total{service="other",indicator="info"} 1',
      'cds_card_feedback_total{outcome="accepted"} 2',
      'cds_unread_statements_total 3',
      'cds_list_unavailable_total{list="allergies"} 1',
      'cds_build_info{version="1.2.3"} 1',
    ]) {
      assert.ok(text.includes(line), line);
    }
    assert.match(text, /nodejs_eventloop_lag/);
    assert.ok(!text.includes('Quizzenbury'));
  });

  it('metrics › two of them in one process › do not share counts', async () => {
    const [one, two] = [1, 2].map(() => createMetrics({ version: '1', services: [] }));
    one?.observeUnread(5);
    assert.match((await two?.text([])) ?? '', /cds_unread_statements_total 0/);
  });
});
