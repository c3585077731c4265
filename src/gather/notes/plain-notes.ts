/**
 * Makes every note of a chart plain text, so that the wall sees one form only; what cannot be read here is counted with its reason.
 * Knows DocumentReference, not what a note says.
 */
import type { FhirResource } from 'fhir/r4.js';
import type { ChartEntry, ListState } from '../../types.js';
import { isObject } from '../list.js';
import { type ReadText, readAttachment, type WhyUnread, whyUnread } from './media.js';

export interface PlainNotes {
  readonly entries: readonly ChartEntry[];
  /** The state of the list of notes, with what of it could not be read. */
  readonly state: ListState | undefined;
}

export interface NoteLimits {
  /** Of base64, of one note: beyond it, a note is no note. */
  readonly maxNoteCharacters: number;
  /** Of all notes together; the newest are read first. */
  readonly maxCharacters: number;
}

export const noteLimits: NoteLimits = { maxNoteCharacters: 400_000, maxCharacters: 1_500_000 };

type Loose = Readonly<Record<string, unknown>>;

export function makeNotesPlain(entries: readonly ChartEntry[], state: ListState | undefined, limits: NoteLimits = noteLimits): PlainNotes {
  let left = limits.maxCharacters;
  const unread: WhyUnread[] = [];
  const plain = new Map<ChartEntry, ChartEntry>();
  const notes = entries.filter(({ resource }) => resource.resourceType === 'DocumentReference');
  const newestFirst = [...notes].sort((a, b) => dateOf(b).localeCompare(dateOf(a)));
  for (const entry of newestFirst) {
    const attachments = attachmentsOf(entry.resource);
    const size = attachments.reduce((sum, one) => sum + (textOf(one['data'])?.length ?? 0), 0);
    const read: ReadText = size > limits.maxNoteCharacters || size > left ? { why: whyUnread.long } : readBest(attachments);
    if ('text' in read) left -= size;
    else unread.push(read.why);
    plain.set(entry, { ...entry, resource: withText(entry.resource, 'text' in read ? read.text : undefined) });
  }
  return { entries: entries.map((entry) => plain.get(entry) ?? entry), state: stateOf(state, unread, notes.length) };
}

/** The contents of one document are the same in other forms: the first that can be read stands for all, plain text before markup. */
function readBest(attachments: readonly Loose[]): ReadText {
  const rank = (attachment: Loose): number => {
    const type = textOf(attachment['contentType']) ?? 'text/plain';
    return /^text\/plain/i.test(type) ? 0 : /html|xml/i.test(type) ? 1 : 2;
  };
  let why: WhyUnread | undefined;
  for (const attachment of [...attachments].sort((a, b) => rank(a) - rank(b))) {
    const data = textOf(attachment['data']);
    const read = data === undefined ? undefined : readAttachment(data, textOf(attachment['contentType']));
    if (read !== undefined && 'text' in read) return read;
    why = read?.why ?? (textOf(attachment['url']) === undefined ? why : whyUnread.link);
  }
  return why === undefined ? { text: '' } : { why };
}

function withText(resource: FhirResource, text: string | undefined): FhirResource {
  const content =
    text === undefined ? [] : [{ attachment: { contentType: 'text/plain; charset=utf-8', data: Buffer.from(text, 'utf8').toString('base64') } }];
  return { ...resource, content } as FhirResource;
}

/** "2 of 5 could not be read (PDF, image)": kinds of a closed set, no word of the server. */
function stateOf(state: ListState | undefined, unread: readonly WhyUnread[], total: number): ListState | undefined {
  if (state === undefined || state.state !== 'complete' || unread.length === 0) return state;
  const kinds = [...new Set(unread)].sort().join(', ');
  return { state: 'partial', why: `${unread.length} of ${total} could not be read (${kinds})` };
}

/** Typed by FHIR and not yet looked at; a field may have whatever shape. */
function looseOf(resource: FhirResource): Loose {
  return resource as unknown as Loose;
}

function attachmentsOf(resource: FhirResource): readonly Loose[] {
  const content = looseOf(resource)['content'];
  const list: readonly unknown[] = Array.isArray(content) ? content : [content];
  return list
    .filter(isObject)
    .map((one) => one['attachment'])
    .filter(isObject);
}

function dateOf({ resource }: ChartEntry): string {
  return textOf(looseOf(resource)['date']) ?? '';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
