import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lexer, type Token } from 'marked';
import { escapeMarkdown } from '../../src/compose/markdown.js';

const hostile = [
  '**bold** [link](https://evil.example) <img src=x onerror=alert(1)> `code`',
  '| a | b |\n| - | - |',
  '~~struck~~ _it_ & <b>b</b> __b__ ***x***',
  'see www.evil.example or https://evil.example/x or mailto:a@b.example',
  '![image](x) [ref][1] [1]: https://evil.example',
  '&lt;script&gt; &amp;amp;',
  '\\*not escaped twice\\*',
];

/** What a reader of GFM makes of it: only text may come out. */
function kindsOf(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token) => [token.type, ...('tokens' in token && token.tokens !== undefined ? kindsOf(token.tokens) : [])]);
}

const harmless = new Set(['paragraph', 'text', 'escape', 'space']);
const bad = (text: string): readonly string[] =>
  kindsOf(lexer(`before: ${escapeMarkdown(text)}`, { gfm: true })).filter((kind) => !harmless.has(kind));

describe('markdown', () => {
  for (const text of hostile) {
    it(`escape › ${JSON.stringify(text)} › is text and nothing else`, () => {
      assert.deepEqual(bad(text), []);
    });
  }

  it('property › any text › is text and nothing else', () => {
    const alphabet = fc.constantFrom(...'*_`[]()<>!#|~&\\"\'-+.:/@ \n1a', 'https://', 'www.', '<b>', '&lt;', 'x@y.zz');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 40 }), (parts) => {
        assert.deepEqual(bad(parts.join('')), []);
      }),
      { numRuns: 500 },
    );
  });
});
