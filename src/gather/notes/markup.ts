/** HTML, XHTML and C-CDA as lines of text; headings end with a colon. Of a C-CDA only its sections' titles and narratives, never its header. */
import { Parser } from 'htmlparser2';

const blocks = new Set(
  'address article aside blockquote body br caption dd div dl dt fieldset figure footer form header hr item li list main nav ol p paragraph pre section table tbody tfoot thead title tr ul'.split(
    ' ',
  ),
);
const headings = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'title', 'caption']);
const hidden = new Set(['script', 'style', 'head', 'template', 'noscript', 'svg']);

/** Of the private use area, which no text holds. */
const newSection = '\n\ue000\n';

export function readMarkup(markup: string): string {
  const isXml = /^\uFEFF?\s*<(?:\?xml|[\w:]*ClinicalDocument)/i.test(markup) && !/<html[\s>]/i.test(markup.slice(0, 2000));
  const isDocument = /<(?:\w+:)?ClinicalDocument[\s>]/.test(markup.slice(0, 5000));
  const written: string[] = [];
  let hiddenDepth = 0;
  /** Inside a section's title or text; everywhere where the whole is a page. */
  let toldDepth = 0;
  const path: string[] = [];
  let heading: string[] | undefined;
  const nameOf = (raw: string): string => (raw.split(':').at(-1) ?? raw).toLowerCase();
  /** A section's own title and narrative; the text elements of its entries are for machines. */
  const isTelling = (name: string): boolean => path.at(-1) === 'section' && (name === 'title' || name === 'text');
  const isTold = (): boolean => hiddenDepth === 0 && (!isDocument || toldDepth > 0);
  const parser = new Parser(
    {
      onopentag(raw) {
        const name = nameOf(raw);
        if (hidden.has(name) && !isDocument) hiddenDepth += 1;
        if (isTelling(name)) toldDepth += 1;
        path.push(name);
        if (name === 'td' || name === 'th') written.push('\t');
        if (blocks.has(name) || headings.has(name)) written.push('\n');
        if (headings.has(name) && isTold()) heading = [];
      },
      ontext(text) {
        if (!isTold()) return;
        (heading ?? written).push(text.replaceAll(/[\s\ue000]+/g, ' '));
      },
      onclosetag(raw) {
        const name = nameOf(raw);
        if (hidden.has(name) && !isDocument) hiddenDepth -= 1;
        if (headings.has(name) && heading !== undefined) {
          const title = heading.join('').trim().replace(/:$/, '');
          heading = undefined;
          if (title !== '') written.push(`${newSection}${title}:\n`);
        }
        path.pop();
        if (isTelling(name)) toldDepth -= 1;
        // What follows is not under this section's heading.
        if (name === 'section') written.push(newSection);
        if (blocks.has(name)) written.push('\n');
      },
    },
    { xmlMode: isXml, decodeEntities: true },
  );
  parser.end(markup);
  return tidy(written.join(''));
}

/** Cells of a row are one line, parted by commas; blank lines stand between sections only, since they end a heading. */
function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .split('\t')
        .map((cell) => cell.replaceAll(/[ \u00a0\r]+/g, ' ').trim())
        .filter((cell) => cell !== '')
        .join(', '),
    )
    .filter((line) => line !== '')
    .join('\n')
    .replaceAll(/(?:\s*\ue000)+\s*/g, '\n\n')
    .trim();
}
