/** `whycard try`: one hook call from the terminal, its cards printed. Knows how to find or start a service, not what it decides. */
import pino from 'pino';
import { renderBars } from '../compose/bars.js';
import { loadConfig } from '../config.js';
import type { Card, ExplanationView, Hook } from '../types.js';
import { type Service, startService } from '../wire.js';
import { CommandError, callForFhirServer, callForSandbox } from './ehr.js';

export interface TryOptions {
  readonly patient: string;
  readonly hook: Hook;
  readonly order: string;
  readonly fhir?: string;
  readonly url?: string;
  readonly json?: boolean;
}

const defaultUrl = 'http://127.0.0.1:3000';

export async function tryHook(options: TryOptions): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const started = await findOrStart(options.url, say);
  try {
    const call = { url: started.url, hook: options.hook, patient: options.patient, order: options.order };
    const startedAt = performance.now();
    const cards = options.fhir === undefined ? await callForSandbox(call) : await callForFhirServer(call, cleanBase(options.fhir), say);
    say(
      `${options.hook} for ${options.fhir === undefined ? 'sandbox ' : ''}patient ${options.patient}: ${cards.length} card${cards.length === 1 ? '' : 's'} in ${Math.round(performance.now() - startedAt)} ms`,
    );
    process.stdout.write(options.json === true ? `${JSON.stringify({ cards }, null, 2)}\n` : renderCards(cards));
  } finally {
    await started.close();
  }
}

async function findOrStart(url: string | undefined, say: (line: string) => void): Promise<Service> {
  const wanted = url === undefined ? defaultUrl : cleanBase(url);
  if (await answers(wanted)) return { url: wanted, close: async () => {} };
  if (url !== undefined) throw new CommandError(`No whycard answers at ${wanted}. Start it with \`npm start\`.`);
  say('no whycard is running: one is started for this call');
  return startService(loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent' }, process.cwd()), pino({ level: 'silent' }));
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/cds-services`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}

function cleanBase(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new CommandError(`"${text}" is no http address.`);
  return text.replace(/\/+$/, '');
}

function renderCards(cards: readonly Card[]): string {
  if (cards.length === 0) return 'No card: nothing to say for this patient.\n';
  return `${cards.map(renderCard).join('\n')}\n`;
}

function renderCard(card: Card): string {
  const width = Math.min(process.stdout.columns ?? 100, 120);
  const view = card.extension?.['org.whycard.explanation'] as ExplanationView | undefined;
  const lines = [`${'─'.repeat(width)}`, `[${card.indicator}] ${card.summary}`, '', toPlainText(card.detail)];
  if (view !== undefined) lines.push('', renderBars(view, width));
  for (const suggestion of card.suggestions ?? []) lines.push(`  → ${suggestion.label}`);
  lines.push(`  source: ${card.source.label}${card.source.url === undefined ? '' : `  ${card.source.url}`}`);
  return lines.join('\n');
}

/** Markdown without its marks: what a terminal shows. */
function toPlainText(markdown: string): string {
  return markdown
    .replaceAll(/\*\*(.+?)\*\*/g, '$1')
    .replaceAll(/\\([\\`*_{}[\]()#+\-.!|<>~:@])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
