/** How often the cards of each rule were followed or overridden. Knows counts, no card and no patient. */
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../types.js';

export interface RuleRate {
  readonly service: string;
  /** A row of knowledge: `colorectal-cancer-screening`, `warfarin-nsaid`. */
  readonly rule: string;
  readonly shown: number;
  readonly accepted: number;
  readonly overridden: number;
  /** The reason given most often, if any was. */
  readonly topReason: string | undefined;
}

const count = z.coerce.number();
const rows = z.array(
  z.object({ service: z.string(), rule: z.string(), shown: count, accepted: count, overridden: count, top_reason: z.string().nullable() }),
);

/**
 * Per rule over all time. The last word on a card counts, and only of the caller that the card was issued to: a change of mind is one feedback.
 * The candidate of an interaction names its drugs after the rule, `warfarin-nsaid.warfarin.ibuprofen`; a card without a candidate is a notice.
 */
export async function readRuleRates(db: Database): Promise<readonly RuleRate[]> {
  const result: unknown = await db.execute(sql`
    with last_word as (
      select distinct on (card) card, outcome, reason_code from feedback where is_known order by card, coalesce(at, '') desc, received_at desc
    )
    select issued_cards.service, split_part(issued_cards.candidate, '.', 1) as rule, count(*) as shown,
      count(*) filter (where last_word.outcome = 'accepted') as accepted,
      count(*) filter (where last_word.outcome = 'overridden') as overridden,
      mode() within group (order by last_word.reason_code) as top_reason
    from issued_cards left join last_word using (card)
    where issued_cards.candidate is not null
    group by 1, 2 order by 1, 2`);
  const found = z.object({ rows }).parse(result).rows;
  return found.map(({ top_reason, ...rate }) => ({ ...rate, topReason: top_reason ?? undefined }));
}
