/**
 * Derives from what two drugs do to the same pathway whether and how gravely they interact, by the rule of docs/mechanisms.md.
 * Knows roles and statements, no patient and no drug.
 */
import type { Indicator } from '../../types.js';
import type { RuleRow } from './check.js';
import type { IndexRow, MechanismFile, Move, RoleRow, StatementRow } from './mechanism-schema.js';

/** `by` changes `of`. */
export interface DerivedPair {
  readonly of: string;
  readonly by: string;
  readonly indicator: Indicator;
  /** Completes "Simvastatin with clarithromycin: …". */
  readonly risk: string;
  readonly text: string;
  readonly rule: RuleRow;
  readonly mgPerDayAtMost: number | undefined;
  readonly moves: readonly Move[];
  readonly isAnyRoute: boolean;
}

export interface PairDeriver {
  /** The graver of both directions; undefined where nothing is known or nothing is to be said. */
  derive(a: string, b: string): DerivedPair | undefined;
}

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };

type NameOf = (drug: string) => string;
type Roles = ReadonlyMap<string, readonly RoleRow[]>;

export function createPairDeriver(file: MechanismFile, nameOf: NameOf): PairDeriver {
  const roles = groupByDrug(file.roles);
  const indices = groupByDrug(file.indices);
  const statements = new Map<string, StatementRow[]>();
  for (const row of file.statements) for (const drug of row.of) statements.set(drug, [...(statements.get(drug) ?? []), row]);
  const pathways = new Map(file.pathways.map((pathway) => [pathway.id, pathway]));
  const toward = (of: string, by: string): DerivedPair | undefined => {
    const said = (statements.get(of) ?? []).filter((row) => isMet(row, by, roles)).map((row) => fromStatement(row, of, by, nameOf));
    const instead = said.find(({ row }) => row.instead === true);
    if (instead !== undefined) return instead.pair;
    const read = said.filter(({ row }) => row.verified === 'read').map(({ pair }) => pair);
    if (read.length > 0) return gravest(read);
    const derived = fromRoles(of, by, { roles, indices, pathways, nameOf });
    return gravest([...(derived === undefined ? [] : [derived]), ...said.map(({ pair }) => pair)]);
  };
  return {
    derive: (a, b) => (a === b ? undefined : gravest([toward(a, b), toward(b, a)].filter((pair) => pair !== undefined))),
  };
}

function groupByDrug<R extends { readonly drugs: readonly string[] }>(rows: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const found = new Map<string, R[]>();
  for (const row of rows) for (const drug of row.drugs) found.set(drug, [...(found.get(drug) ?? []), row]);
  return found;
}

/** A row whose source was not before us weighs as information. */
const weigh = ({ indicator, rule }: DerivedPair): number => gravity[rule.verified === 'recalled' ? 'info' : indicator];

function gravest(pairs: readonly DerivedPair[]): DerivedPair | undefined {
  const [first, ...rest] = pairs;
  return first === undefined ? undefined : rest.reduce((best, pair) => (weigh(pair) > weigh(best) ? pair : best), first);
}

/* ── What labels say ───────────────────────────────────────────────────────────────────────────────────────── */

function isMet(row: StatementRow, by: string, roles: Roles): boolean {
  if (row.with !== undefined) return row.with.includes(by);
  const own = roles.get(by) ?? [];
  return (row.acts ?? []).every((act) =>
    own.some(({ pathway, role, strength }) => pathway === act.pathway && role === act.role && act.strengths.includes(strength)),
  );
}

function fromStatement(row: StatementRow, of: string, by: string, nameOf: NameOf): { readonly row: StatementRow; readonly pair: DerivedPair } {
  const names: Readonly<Record<string, string>> = { a: nameOf(of), A: capitalise(nameOf(of)), b: nameOf(by), B: capitalise(nameOf(by)) };
  const { id, indicator, source, verified, reviewed } = row;
  return {
    row,
    pair: {
      of,
      by,
      indicator,
      risk: row.risk,
      text: row.text.replaceAll(/\{([aAbB])\}/g, (_, letter: string) => names[letter] ?? ''),
      rule: { id, indicator, source, verified, reviewed },
      mgPerDayAtMost: row.upTo?.mgPerDay,
      moves: row.moves ?? [],
      isAnyRoute: row.anyRoute === true,
    },
  };
}

/* ── What roles say ────────────────────────────────────────────────────────────────────────────────────────── */

interface Lookup {
  readonly roles: Roles;
  readonly indices: ReadonlyMap<string, readonly IndexRow[]>;
  readonly pathways: ReadonlyMap<string, { readonly name: string; readonly does: string }>;
  readonly nameOf: NameOf;
}

function fromRoles(of: string, by: string, lookup: Lookup): DerivedPair | undefined {
  const indices = lookup.indices.get(of) ?? [];
  if (indices.some(({ index }) => index === 'wide')) return undefined;
  const isBoosted = indices.some(({ index }) => index === 'boosted');
  const narrow = indices.find(({ index }) => index === 'narrow');
  const acting = (lookup.roles.get(by) ?? []).filter(({ role }) => role === 'inducer' || (role === 'inhibitor' && !isBoosted));
  const affected = (lookup.roles.get(of) ?? []).filter(({ role }) => role === 'substrate' || role === 'prodrug');
  const pairs = acting.flatMap((actor) =>
    affected
      .filter((object) => object.pathway === actor.pathway)
      .flatMap((object) => {
        const indicator = gradeOf(actor, object, narrow !== undefined);
        return indicator === undefined ? [] : [toPair({ of, by, actor, object, narrow, indicator }, lookup)];
      }),
  );
  return gravest(pairs);
}

/** The published rule: docs/mechanisms.md. `isNarrow` lifts what is moderately sensitive, and what no table grades, by one step. */
function gradeOf(actor: RoleRow, object: RoleRow, isNarrow: boolean): Indicator | undefined {
  if (object.role === 'prodrug' && actor.role === 'inducer') return undefined;
  if (object.strength === 'inducible') return actor.role === 'inhibitor' ? undefined : actor.strength === 'strong' ? 'warning' : 'info';
  if (actor.strength === 'strong') {
    if (object.strength === 'sensitive' || (object.strength === 'moderate' && isNarrow)) return 'warning';
    return object.strength === 'moderate' || isNarrow ? 'info' : undefined;
  }
  if (actor.strength === 'unspecified' && object.strength === 'sensitive') return 'warning';
  return object.strength === 'sensitive' || isNarrow ? 'info' : undefined;
}

interface Meeting {
  readonly of: string;
  readonly by: string;
  readonly actor: RoleRow;
  readonly object: RoleRow;
  readonly narrow: IndexRow | undefined;
  readonly indicator: Indicator;
}

function toPair({ of, by, actor, object, narrow, indicator }: Meeting, { pathways, nameOf }: Lookup): DerivedPair {
  const pathway = pathways.get(actor.pathway);
  const adverb = actor.strength === 'unspecified' ? '' : `${actor.strength}ly `.replace('moderately', 'moderately');
  const verb = actor.role === 'inducer' ? 'induces' : 'inhibits';
  const loses = (actor.role === 'inducer') !== (object.role === 'prodrug');
  const does = object.role === 'prodrug' ? 'activates' : pathway?.does;
  // The narrow index decides only where the object is not sensitive by itself.
  const used = [actor, object, ...(narrow === undefined || object.strength === 'sensitive' ? [] : [narrow])];
  const sources = used.map(({ source }) => source).filter((one, at, all) => all.findIndex((other) => other.label === one.label) === at);
  const [first, ...more] = sources;
  const source = first ?? actor.source;
  return {
    of,
    by,
    indicator,
    risk: loses ? `loss of the effect of ${nameOf(of)}` : `too high a level of ${nameOf(of)}`,
    text: `${capitalise(nameOf(by))} ${adverb}${verb} ${pathway?.name}, which ${does} ${nameOf(of)}.`,
    rule: {
      id: actor.id,
      indicator,
      source:
        more.length === 0
          ? source
          : { ...source, section: `${source.section}. Also: ${more.map(({ label, section }) => `${label}, ${section}`).join('; ')}` },
      verified: used.every(({ verified }) => verified === 'read') ? 'read' : 'recalled',
      reviewed: used.map(({ reviewed }) => reviewed).sort()[0] ?? actor.reviewed,
    },
    mgPerDayAtMost: undefined,
    moves: [],
    isAnyRoute: false,
  };
}

const capitalise = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
