/** The text of a note. `gather/` has made every attachment plain text or left it out; no other form is known here. */
import { asObject, asObjects, asText, type Loose } from './loose.js';

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
  const type = (asText(attachment?.['contentType']) ?? 'text/plain').toLowerCase().split(';')[0]?.trim();
  return data === undefined || type !== 'text/plain' ? undefined : Buffer.from(data, 'base64').toString('utf8');
}
