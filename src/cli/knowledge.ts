/** `whycard knowledge`: every rule with its source. Knows how to print the list, nothing of how rules run. */
import { loadRules } from '../wire.js';

export async function listKnowledge(options: { readonly json?: boolean }): Promise<void> {
  const rules = await loadRules();
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(rules, null, 2)}\n`);
    return;
  }
  for (const rule of rules) {
    process.stdout.write(
      `${rule.service.padEnd(14)} ${rule.id.padEnd(44)} ${rule.indicator.padEnd(9)} ${rule.verified.padEnd(9)} reviewed ${rule.reviewed}  v${rule.version}\n    ${rule.source}\n`,
    );
  }
  const recalled = rules.filter((rule) => rule.verified === 'recalled').length;
  process.stdout.write(
    `${rules.length} rules, all live at this site; ${recalled} recalled (source not before us when written), ${rules.length - recalled} read\n`,
  );
}
