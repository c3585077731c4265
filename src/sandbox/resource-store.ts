/** Keeps FHIR resources as JSON in one table of the embedded database. Knows nothing of who may see them or of HTTP. */
import { and, eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import { boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Database } from '../types.js';
import { isRecord } from './json-value.js';

/**
 * `resource` is text, not jsonb: Postgres refuses \u0000 in jsonb, which is legal JSON. Version and time stand in columns, so that an update is one
 * statement. `patient` is the compartment; null for what belongs to nobody (Practitioner).
 */
const resources = pgTable(
  'sandbox_resource',
  {
    type: text('type').notNull(),
    id: text('id').notNull(),
    patient: text('patient'),
    version: integer('version').notNull(),
    lastUpdated: text('last_updated').notNull(),
    isDeleted: boolean('is_deleted').notNull(),
    resource: text('resource').notNull(),
  },
  (table) => [primaryKey({ columns: [table.type, table.id] })],
);

const storedResource = z.looseObject({
  resourceType: z.string(),
  id: z.string(),
  meta: z.looseObject({ versionId: z.string(), lastUpdated: z.string() }),
});
export type StoredResource = z.infer<typeof storedResource>;

/** A resource on its way in: what was sent, and whose it is. */
export interface IncomingResource {
  readonly type: string;
  readonly id: string;
  readonly patient: string | undefined;
  readonly resource: Readonly<Record<string, unknown>>;
}

export type Found =
  | { readonly state: 'present'; readonly patient: string | undefined; readonly resource: StoredResource }
  | { readonly state: 'deleted' };

export interface ResourceStore {
  read(type: string, id: string): Promise<Found | undefined>;
  /** Resources of a patient and those of nobody; all types without `type`. */
  list(patient: string, type?: string): Promise<readonly StoredResource[]>;
  patients(): Promise<readonly StoredResource[]>;
  /** Creates, or replaces and counts the version up. */
  put(incoming: IncomingResource): Promise<StoredResource>;
  remove(type: string, id: string): Promise<void>;
  /** Replaces everything. */
  reset(incoming: readonly IncomingResource[]): Promise<void>;
}

export async function createResourceStore({ db, clock }: { readonly db: Database; readonly clock: () => Date }): Promise<ResourceStore> {
  await db.execute(sql`CREATE TABLE IF NOT EXISTS sandbox_resource (
    type text NOT NULL, id text NOT NULL, patient text, version integer NOT NULL, last_updated text NOT NULL,
    is_deleted boolean NOT NULL, resource text NOT NULL, PRIMARY KEY (type, id))`);
  await db.execute(sql`CREATE INDEX IF NOT EXISTS sandbox_resource_patient ON sandbox_resource (patient, type)`);

  const rowOf = (incoming: IncomingResource) => ({
    type: incoming.type,
    id: incoming.id,
    patient: incoming.patient ?? null,
    version: 1,
    lastUpdated: clock().toISOString(),
    isDeleted: false,
    resource: JSON.stringify(incoming.resource),
  });
  const select = async (where: SQL | undefined) => db.select().from(resources).where(where).orderBy(resources.type, resources.id);

  return {
    async read(type, id) {
      const [row] = await select(and(eq(resources.type, type), eq(resources.id, id)));
      if (row === undefined) return undefined;
      if (row.isDeleted) return { state: 'deleted' };
      return { state: 'present', patient: row.patient ?? undefined, resource: assemble(row) };
    },
    async list(patient, type) {
      const compartment = or(eq(resources.patient, patient), isNull(resources.patient));
      const rows = await select(and(eq(resources.isDeleted, false), compartment, type === undefined ? undefined : eq(resources.type, type)));
      return rows.map(assemble);
    },
    async patients() {
      return (await select(and(eq(resources.isDeleted, false), eq(resources.type, 'Patient')))).map(assemble);
    },
    async put(incoming) {
      const row = rowOf(incoming);
      const [written] = await db
        .insert(resources)
        .values(row)
        .onConflictDoUpdate({
          target: [resources.type, resources.id],
          set: {
            patient: row.patient,
            version: sql`${resources.version} + 1`,
            lastUpdated: row.lastUpdated,
            isDeleted: false,
            resource: row.resource,
          },
        })
        .returning();
      if (written === undefined) throw new TypeError('The database returned no row for an insert.');
      return assemble(written);
    },
    async remove(type, id) {
      await db
        .update(resources)
        .set({ isDeleted: true, version: sql`${resources.version} + 1`, lastUpdated: clock().toISOString(), resource: '{}' })
        .where(and(eq(resources.type, type), eq(resources.id, id)));
    },
    async reset(incoming) {
      await db.transaction(async (transaction) => {
        await transaction.delete(resources);
        if (incoming.length > 0) await transaction.insert(resources).values(incoming.map(rowOf));
      });
    },
  };
}

interface Row {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: string;
  readonly resource: string;
}

function assemble(row: Row): StoredResource {
  const content: unknown = JSON.parse(row.resource);
  const fields = isRecord(content) ? content : {};
  const meta = isRecord(fields['meta']) ? fields['meta'] : {};
  return storedResource.parse({
    ...fields,
    resourceType: row.type,
    id: row.id,
    meta: { ...meta, versionId: String(row.version), lastUpdated: row.lastUpdated },
  });
}
