/** Writes which drugs each check of order safety has a row about, for the test that none is lost: node --import tsx scripts/order-coverage.mjs */
import { writeFile } from 'node:fs/promises';
import { collectCoverage } from '../test/judge/tables/coverage.ts';

const coverage = await collectCoverage();
await writeFile('test/judge/tables/coverage.json', `${JSON.stringify(coverage, null, 2)}\n`);
for (const [check, drugs] of Object.entries(coverage)) console.log(`${check} ${drugs.split(' ').length}`);
