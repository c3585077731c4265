/** Text into GitHub-flavoured Markdown that says the same everywhere. Knows marks, no meaning. */

/** Chart text can hold anything: marks, links and HTML must come out as the characters they are. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replaceAll(/\s+/g, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_[\]#|~]/g, String.raw`\$&`)
      // A bare address would become a link in GFM (extended autolinks).
      .replaceAll(/@|:(?=\/\/)|(?<=mailto|xmpp):|(?<=www)\./gi, String.raw`\$&`)
  );
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

export function paragraphs(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
