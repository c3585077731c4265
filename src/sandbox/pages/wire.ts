/** What comes over the wire to these pages, parsed: the EHR's API, discovery, cards. Knows nothing of where it is shown. {@link https://cds-hooks.hl7.org/2.0/} */
import * as z from 'zod/mini';

// zod would otherwise compile parsers with `new Function`, which the pages' Content-Security-Policy refuses.
z.config({ jitless: true });

export const patientRows = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    birthDate: z.optional(z.string()),
    gender: z.optional(z.string()),
    story: z.object({ title: z.string(), shows: z.string() }),
  }),
);
export type PatientRow = z.infer<typeof patientRows>[number];

export const session = z.object({
  accessToken: z.string(),
  scope: z.string(),
  /** Read only: what goes with a hook. */
  hook: z.object({ accessToken: z.string(), scope: z.string() }),
  expiresIn: z.number(),
  fhirBase: z.string(),
  userId: z.string(),
});
export type Session = z.infer<typeof session>;

/** Which EHR is played, of which. */
export const profileState = z.object({ profile: z.string(), profiles: z.array(z.string()) });
export type Profile = z.infer<typeof profileState>;

export const cdsToken = z.object({ token: z.string() });
export const launched = z.object({ url: z.string() });

export const fhirResource = z.looseObject({ resourceType: z.string(), id: z.optional(z.string()) });
export type Resource = z.infer<typeof fhirResource>;

export type Hook = 'patient-view' | 'order-select' | 'order-sign';

const service = z.looseObject({
  id: z.string(),
  hook: z.string(),
  title: z.optional(z.string()),
  description: z.optional(z.string()),
  prefetch: z.optional(z.record(z.string(), z.string())),
});
export const discovery = z.object({ services: z.array(service) });
export type CdsService = z.infer<typeof service>;

const coding = z.object({ code: z.string(), system: z.optional(z.string()), display: z.optional(z.string()) });
export type Coding = z.infer<typeof coding>;

const action = z.union([
  z.object({ type: z.enum(['create', 'update']), description: z.optional(z.string()), resource: fhirResource }),
  z.object({ type: z.literal('delete'), description: z.optional(z.string()), resourceId: z.string() }),
]);
export type CdsAction = z.infer<typeof action>;

const suggestion = z.object({
  uuid: z.optional(z.string()),
  label: z.string(),
  isRecommended: z.optional(z.boolean()),
  actions: z.optional(z.array(action)),
});

const link = z.object({ label: z.string(), url: z.string(), type: z.enum(['absolute', 'smart']), appContext: z.optional(z.string()) });
export type CdsLink = z.infer<typeof link>;

export const cdsCard = z.object({
  uuid: z.optional(z.string()),
  summary: z.string(),
  detail: z.optional(z.string()),
  // An indicator of a later version is shown, and as the mildest.
  indicator: z.catch(z.enum(['info', 'warning', 'critical']), 'info'),
  source: z.object({ label: z.string(), url: z.optional(z.string()) }),
  suggestions: z.optional(z.array(suggestion)),
  selectionBehavior: z.optional(z.string()),
  overrideReasons: z.optional(z.array(coding)),
  links: z.optional(z.array(link)),
});
export type CdsCard = z.infer<typeof cdsCard>;

/** Cards are parsed one by one: a broken one must not hide the others. */
export const cdsAnswer = z.object({ cards: z.array(z.unknown()) });

export const operationOutcome = z.object({
  resourceType: z.literal('OperationOutcome'),
  issue: z.array(z.looseObject({ details: z.optional(z.looseObject({ text: z.optional(z.string()) })), diagnostics: z.optional(z.string()) })),
});
