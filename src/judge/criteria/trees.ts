/** The trees of a gap: for whom (all), exempt because and closed by (none). Knows logic, no criterion. */
import type { CriterionId, Logic, Truth } from '../../types.js';
import type { Tree } from './schema.js';
import { allOf, anyOf, notOf } from './truth.js';

/** What one set of parameters asks of a chart. */
export interface Conditions {
  readonly requires: readonly Tree[];
  readonly exempt: readonly Tree[];
  readonly closedBy: readonly Tree[];
}

export function leavesOf(trees: readonly Tree[]): readonly string[] {
  return trees.flatMap((tree) => (typeof tree === 'string' ? [tree] : leavesOf(childrenOf(tree))));
}

function childrenOf(tree: Exclude<Tree, string>): readonly Tree[] {
  return 'all' in tree ? tree.all : 'any' in tree ? tree.any : tree.none;
}

/** Leaves that stand under an odd number of `none`: what is asked is that they are not so. */
export function unwantedLeavesOf(trees: readonly Tree[], isWanted = true): readonly string[] {
  return trees.flatMap((tree) => {
    if (typeof tree === 'string') return isWanted ? [] : [tree];
    return unwantedLeavesOf(childrenOf(tree), 'none' in tree ? !isWanted : isWanted);
  });
}

export function truthOf(tree: Tree, of: (criterion: string) => Truth): Truth {
  if (typeof tree === 'string') return of(tree);
  const truths = childrenOf(tree).map((child) => truthOf(child, of));
  if ('all' in tree) return allOf(truths);
  return 'any' in tree ? anyOf(truths) : notOf(anyOf(truths));
}

export function toLogic({ requires, exempt, closedBy }: Conditions): Logic {
  const none = [exempt, closedBy].filter((trees) => trees.length > 0).map((trees) => ({ none: trees.map(logicOf) }));
  return { all: [...requires.map(logicOf), ...none] };
}

function logicOf(tree: Tree): Logic {
  if (typeof tree === 'string') return tree as CriterionId;
  if ('all' in tree) return { all: tree.all.map(logicOf) };
  return 'any' in tree ? { any: tree.any.map(logicOf) } : { none: tree.none.map(logicOf) };
}
