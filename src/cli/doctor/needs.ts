/** What the service will ask a FHIR server for: read off its own prefetch templates. Knows no server. */
import type { ListName, ServiceDefinition } from '../../types.js';

export interface Need {
  readonly list: ListName;
  readonly type: string;
  readonly interaction: 'read' | 'search-type';
  readonly parameters: readonly string[];
  readonly template: string;
  /** Without it a call is answered 412. */
  readonly isRequired: boolean;
}

export function needsOf({ prefetch, required }: ServiceDefinition): readonly Need[] {
  return (Object.entries(prefetch) as readonly (readonly [ListName, string])[]).map(([list, template]) => {
    const [path = '', query] = template.split('?');
    return {
      list,
      type: path.split('/')[0] ?? '',
      interaction: query === undefined ? 'read' : 'search-type',
      parameters: [...new URLSearchParams(query ?? '').keys()],
      template,
      isRequired: required.includes(list),
    };
  });
}

/** What is lost when a list cannot be read, by the knowledge that a service runs. */
const losses: Readonly<Record<string, Readonly<Partial<Record<ListName, string>>>>> = {
  'care-gaps': {
    conditions: 'A rule that needs a diagnosis does not fire, and diagnoses that exempt a patient are not known.',
    observations: 'Whether a test or a screening was done stays unknown, and nothing is concluded from that.',
    procedures: 'Whether a screening was done stays unknown, and nothing is concluded from that.',
  },
  'order-safety': {
    medications: 'Drafts are checked against each other only, not against what the patient takes.',
    allergies: 'Cards say that allergies were not looked at; this version checks no order against them.',
  },
};

const ofEvery: Readonly<Partial<Record<ListName, string>>> = {
  patient: 'Every call is answered 412.',
  medications: 'Medicines that are written without a code are not read.',
  notes: 'No sentence of a note is read; what is coded stays.',
};

export function lossOf(knowledge: string, list: ListName): string {
  return losses[knowledge]?.[list] ?? ofEvery[list] ?? 'Cards name the list, and nothing is concluded from its silence.';
}
