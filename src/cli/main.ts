/** The `whycard` command. Knows the words of the command line and nothing of the work behind them. */
import { Command, Option } from 'commander';
import { StartError } from '../errors.js';
import { deidentifyLines } from './deidentify.js';
import { CommandError } from './ehr.js';
import { explainJwt } from './explain-jwt.js';
import { listKnowledge } from './knowledge.js';
import { readLines } from './read.js';
import { tryHook } from './try.js';

const program = new Command('whycard')
  .description('Clinical decision support that says why. No medical device; the sandbox patients are invented.')
  .showHelpAfterError();

program
  .command('try')
  .description('fire a hook for a sandbox patient, or for a patient of any open FHIR server, and print the cards with their reasons')
  .option('--patient <id>', 'the patient', 'gap-colorectal')
  .addOption(new Option('--hook <hook>', 'the hook to fire').choices(['patient-view', 'order-sign', 'order-select']).default('patient-view'))
  .option('--order <drug>', 'name or RxNorm code of the drug to order (order hooks)', 'ibuprofen 200 mg oral tablet')
  .option('--fhir <url>', 'base address of an open FHIR R4 server that has the patient')
  .option('--url <url>', 'a running whycard; without it the one at http://127.0.0.1:3000, else one is started for this call')
  .option('--json', 'print the cards as JSON')
  .action(tryHook);

program
  .command('read')
  .description('read statements (one a line, standard input) against a criterion and print what the language model says')
  .requiredOption('--criterion <text>', 'an English sentence, such as "had a colonoscopy"')
  .option('--json', 'one { supports, contradicts } a line')
  .action(readLines);

program
  .command('deidentify')
  .description('print the safe form of texts (one a line, standard input): a first filter, see docs/deidentification.md')
  .option('--json', 'one { text, spans } a line')
  .action(deidentifyLines);

program
  .command('explain-jwt')
  .description("say what is wrong with a CDS client's token (argument, or one line of standard input); nothing is sent anywhere")
  .argument('[token]', 'the token; better on standard input')
  .option('--aud <url>', 'public URL of the endpoint that it is for')
  .option('--trust <file>', 'the TRUST_FILE that would judge it')
  .option('--json', 'one { ok, text } each')
  .action(explainJwt);

program.command('knowledge').description('list every rule with its source').option('--json', 'as JSON').action(listKnowledge);

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = error instanceof CommandError || error instanceof StartError;
  process.stderr.write(isExpected ? `${error.message}\n` : `${String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
