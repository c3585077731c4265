/** `npm run bench [-- NAME …]`: runs `bench/NAME.ts`, or without a name (or with a number) the calls of the whole service. Knows no benchmark. */
import { existsSync } from 'node:fs';

const [name] = process.argv.slice(2);
const file = name === undefined || /^\d+$/.test(name) ? 'calls' : name;
if (!/^[a-z-]+$/.test(file) || !existsSync(new URL(`./${file}.ts`, import.meta.url))) {
  console.error(`there is no bench/${file}.ts`);
  process.exit(1);
}
await import(`./${file}.ts`);
