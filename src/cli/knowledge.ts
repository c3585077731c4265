/** `whycard knowledge`: every rule with its source; `whycard knowledge drug`: who a drug is. Knows how to print, nothing of how rules run. */
import { loadRecognise, loadRules } from '../wire.js';

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

export async function recogniseText(text: string, options: { readonly json?: boolean }): Promise<void> {
  const recognise = await loadRecognise();
  const found = recognise(/^\d+$/.test(text.trim()) ? { rxnorm: [text.trim()], texts: [] } : { rxnorm: [], texts: [text] });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ text, ...found }, null, 2)}\n`);
    return;
  }
  if (found.how === 'not-recognised') {
    process.stdout.write(`not recognised: ${text}\n`);
    if (found.near.length > 0) process.stdout.write(`  near, and not told apart by its spelling: ${found.near.join(', ')}\n`);
    return;
  }
  for (const { name, rxnorm } of found.ingredients) process.stdout.write(`${name.padEnd(32)} ${rxnorm === undefined ? '' : `RxNorm ${rxnorm}`}\n`);
  const route = found.route === 'unknown' ? '' : `, ${found.route}`;
  process.stdout.write(`  recognised by ${words[found.how]}${route}\n`);
  if (found.unread.length > 0) process.stdout.write(`  not read: ${found.unread.join(', ')}\n`);
}

const words = {
  code: 'its code',
  name: 'its name',
  spelling: 'its spelling in another language',
  similar: 'a near spelling: please check',
} as const;
