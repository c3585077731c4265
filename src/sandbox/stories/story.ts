/** What a story of the embedded EHR is: one invented patient who shows one thing. Knows nothing of how it is kept or served. */
import type { FhirResource, Patient } from 'fhir/r4.js';

export interface Story {
  readonly title: string;
  /** One sentence: what a reader will see and why. */
  readonly shows: string;
  readonly patient: Patient & { readonly id: string };
  readonly resources: readonly (FhirResource & { readonly id: string })[];
  /** Resource types that the server refuses for this patient. */
  readonly refusedTypes: readonly string[];
}
