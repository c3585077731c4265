/** The `whycard` command. Knows the words of the command line and nothing of the work behind them. */
import { Command, Option } from 'commander';
import { StartError } from '../errors.js';
import { buildSheet } from './build-sheet.js';
import { checkConformance, unusableCode } from './conformance.js';
import { deidentifyLines } from './deidentify.js';
import { doctor, unreadableCode } from './doctor.js';
import { CommandError } from './ehr.js';
import { evaluate } from './evaluate.js';
import { explainJwt } from './explain-jwt.js';
import { listKnowledge, recogniseText } from './knowledge.js';
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
  .option('--criterion <text>', 'an English sentence, such as "had a colonoscopy"')
  .option('--service <id>', 'all criteria of a service instead, such as care-gaps; those that a statement speaks of first')
  .option('--json', 'one { supports, contradicts } a line; with --service one { readings } a line, sorted')
  .addHelpText('after', '\nExample: echo "Colonoscopy 3 years ago, normal." | whycard read --criterion "had a colonoscopy"\n')
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

program
  .command('doctor')
  .description('say which services will work on a FHIR R4 server and what to register there; exit 0 all, 1 not all, 2 nothing can be said')
  .requiredOption('--fhir <url>', 'the FHIR base of the server')
  .option('--public-url <url>', 'where whycard will stand (default: the setting PUBLIC_URL)')
  .option('--vendor <vendor>', 'plain, epic or cerner (default: by what the server calls itself)')
  .option('--token', 'send an access token, read from standard input, to a server that wants one even for its metadata')
  .option('--timeout <seconds>', 'how long an answer may take', '20')
  .option('--json', 'the whole diagnosis as JSON')
  // A mistake on the command line must not look like the verdict 1.
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : unreadableCode))
  .action(doctor);

program
  .command('build-sheet')
  .description('write the page by which a hospital builds the integration with its vendor: values to paste, tests, whom to call')
  .requiredOption('--vendor <vendor>', 'epic or cerner')
  .option('--public-url <url>', 'where whycard will stand (default: the setting PUBLIC_URL)')
  .option('--out <file>', 'write to this file, which must not exist yet (default: standard output)')
  .action(buildSheet);

program
  .command('conformance')
  .description('check any CDS Hooks service, over the wire, requirement by requirement; see docs/conformance.md')
  .argument('<url>', 'base address of the service, or its .../cds-services')
  .option('--json', 'print the result as JSON')
  .option('--junit <file>', 'write the result as JUnit XML too')
  .option('--service <id>', 'this service only')
  .option('--patient <id>', 'id of the patient in the calls', 'conformance-patient')
  .option('--fhir <url>', 'base address of an open FHIR server to read prefetch from; without it an invented chart is sent')
  .option('--request <file>', 'a hook request (JSON) to use for the services of its hook')
  .option('--token <jwt>', 'token to send with every request; - reads it from standard input')
  .option('--key <file>', 'private key (JWK) that the service trusts: a new token is signed for each request')
  .option('--issuer <url>', 'the issuer that the service knows the key by')
  .option('--require-jwt', 'the service must refuse calls without a token')
  .option('--strict', 'a should that fails counts as well')
  .option('--timeout <ms>', 'how long to wait for each answer', '10000')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : unusableCode))
  .action(checkConformance);

program
  .command('evaluate')
  .description('run published test patients against the criteria and print the agreement, measure by measure; see docs/care-gaps.md')
  .requiredOption('--cases <files...>', 'files of cases, one JSON object a line, plain or gzipped')
  .addOption(new Option('--half <half>', 'which half of the cases, drawn by a hash of their ids').choices(['open', 'sealed', 'all']).default('all'))
  .option('--json', '{ agreement, auroc, ece, measures }')
  .action(evaluate);

const knowledge = program.command('knowledge').description('list every rule with its source').option('--json', 'as JSON').action(listKnowledge);
knowledge
  .command('drug')
  .description('say which ingredients a name, a line of free text or an RxNorm code stands for, and how it was recognised')
  .argument('<text...>', 'such as "Coumadin 5 mg po qd"')
  .action((text: readonly string[]) => recogniseText(text.join(' '), knowledge.opts()));

// A reader that has seen enough (`| head`) closes the pipe: no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = error instanceof CommandError || error instanceof StartError;
  process.stderr.write(isExpected ? `${error.message}\n` : `${String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
