/** The text of a note, whatever carries it: base64, plain or HTML. Knows media types, not what a note says. */
import { asObject, asObjects, asText, type Loose } from './loose.js';

const maxNoteBytes = 200_000;

/** The texts of a DocumentReference that can be read here; other media (PDF, RTF, images) are left unread. */
export function noteTexts(document: Loose): readonly string[] {
  const texts = asObjects(document['content'])
    .map((content) => decodeAttachment(asObject(content['attachment'])))
    .filter((text) => text !== undefined);
  const description = asText(document['description']);
  return description === undefined ? texts : [...texts, description];
}

/** `note` of any resource: a list of annotations. */
export function annotationTexts(resource: Loose): readonly string[] {
  return asObjects(resource['note'])
    .map((note) => asText(note['text']))
    .filter((text) => text !== undefined);
}

function decodeAttachment(attachment: Loose | undefined): string | undefined {
  const data = asText(attachment?.['data']);
  const type = (asText(attachment?.['contentType']) ?? 'text/plain').toLowerCase().split(';')[0]?.trim() ?? '';
  if (data === undefined || !/^text\/(plain|html|markdown)$|^application\/xhtml\+xml$/.test(type)) return undefined;
  const bytes = Buffer.from(data.slice(0, Math.ceil((maxNoteBytes * 4) / 3)), 'base64');
  // A zero byte means that this is no text, whatever its type says.
  if (bytes.length === 0 || bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8');
  return type.includes('html') ? stripMarkup(text) : text;
}

function stripMarkup(html: string): string {
  return html
    .replaceAll(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replaceAll(/<(?:br|\/p|\/div|\/li|\/tr|\/h\d)\b[^>]*>/gi, '\n')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&nbsp;/gi, ' ')
    .replaceAll(/&lt;/gi, '<')
    .replaceAll(/&gt;/gi, '>')
    .replaceAll(/&amp;/gi, '&');
}
