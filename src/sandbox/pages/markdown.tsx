/** Markdown of a card as elements. The text is not trusted: HTML in it is shown as the characters it is, links lead to http(s) only, no image is loaded. */
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';
import { isHttp } from './words.js';

/** A card is a few lines; beyond this it is shown as plain text. */
const maxLength = 20_000;

export function Markdown({ text }: { readonly text: string }) {
  if (text.length > maxLength) return <p class="markdown">{text}</p>;
  return <div class="markdown">{showAll(lexer(text))}</div>;
}

function showAll(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token, position) => <Piece key={position} token={token} />);
}

function Piece({ token }: { readonly token: Token }) {
  if (!isKnown(token)) return <>{token.raw}</>;
  switch (token.type) {
    case 'paragraph':
      return <p>{showAll(token.tokens)}</p>;
    case 'heading':
      // Below the card's own heading, whatever level its author chose.
      return <h4>{showAll(token.tokens)}</h4>;
    case 'strong':
      return <strong>{showAll(token.tokens)}</strong>;
    case 'em':
      return <em>{showAll(token.tokens)}</em>;
    case 'del':
      return <del>{showAll(token.tokens)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard
        <pre tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{showAll(token.tokens)}</blockquote>;
    case 'list':
      return <List list={token} />;
    case 'table':
      return <Table table={token} />;
    case 'link':
      return <SafeLink href={token.href}>{showAll(token.tokens)}</SafeLink>;
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'space':
    case 'def':
      return null;
    case 'text':
      return <>{token.tokens === undefined ? decode(token.text) : showAll(token.tokens)}</>;
    case 'escape':
    case 'image':
      return <>{token.text}</>;
    default:
      return <>{token.raw}</>;
  }
}

const knownTypes: ReadonlySet<string> = new Set<MarkedToken['type']>([
  'paragraph',
  'heading',
  'strong',
  'em',
  'del',
  'codespan',
  'code',
  'blockquote',
  'list',
  'table',
  'link',
  'br',
  'hr',
  'space',
  'def',
  'text',
  'escape',
  'image',
]);

/** `Token` also allows the shapes that extensions of marked make up; here there are none. */
function isKnown(token: Token): token is MarkedToken {
  return knownTypes.has(token.type);
}

function List({ list }: { readonly list: Tokens.List }) {
  const items = list.items.map((item, position) => <li key={position}>{showAll(item.tokens)}</li>);
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table }: { readonly table: Tokens.Table }) {
  const classOf = (cell: Tokens.TableCell) => (cell.align === null ? '' : `align-${cell.align}`);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex lint/a11y/useSemanticElements: a table that scrolls must be reachable by keyboard
    <div class="table" role="group" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, position) => (
              <th key={position} scope="col" class={classOf(cell)}>
                {showAll(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, position) => (
                <td key={position} class={classOf(cell)}>
                  {showAll(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SafeLink({ href, children }: { readonly href: string; readonly children: ComponentChildren }) {
  if (!isHttp(href)) return <>{children}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", nbsp: ' ' };

/** The entities that careful authors write to keep their own text from being HTML. As text they are harmless. */
function decode(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos|#39|nbsp);/g, (whole, name: string) => entities[name] ?? whole);
}
