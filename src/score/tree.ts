/** The logic tree in probabilities: all = product, any = noisy or, none = complement (architecture §4). Knows nothing of where evidence comes from. */
import type { CriterionId, Logic } from '../types.js';

export interface Leaf {
  readonly criterion: CriterionId;
  /** Log-odds before anything is known. */
  readonly prior: number;
  /** True: the more the criterion is met, the higher the root. */
  readonly isWanted: boolean;
  /** Leaves under the same `none` have the same group. */
  readonly group: number | undefined;
}

export interface Tree {
  readonly leaves: readonly Leaf[];
  /** Probability of the root from the probability of each leaf, in the order of `leaves`. */
  probability(leaves: ArrayLike<number>): number;
}

type Compute = (leaves: ArrayLike<number>) => number;

/**
 * `prior`: probability of a required criterion. A `none` or `any` over n children has it as a whole, so each child has q with (1-q)^n = 1-prior:
 * a rule is no less likely to apply because its list of exemptions is long.
 */
export function compileTree(logic: Logic, prior: number): Tree {
  const leaves: Leaf[] = [];
  let groups = 0;
  function compile(node: Logic, own: number, isWanted: boolean, group: number | undefined): Compute {
    if (typeof node === 'string') {
      const at = leaves.push({ criterion: node, prior: logit(own), isWanted, group }) - 1;
      return (values) => values[at] ?? own;
    }
    if ('all' in node) {
      const parts = node.all.map((child) => compile(child, own, isWanted, group));
      return (values) => parts.reduce((product, part) => product * part(values), 1);
    }
    const isNone = 'none' in node;
    const children = isNone ? node.none : node.any;
    const share = 1 - (1 - own) ** (1 / Math.max(1, children.length));
    groups += 1;
    const name = isNone ? groups : group;
    const parts = children.map((child) => compile(child, share, isNone ? !isWanted : isWanted, name));
    const noneHolds: Compute = (values) => parts.reduce((product, part) => product * (1 - part(values)), 1);
    return isNone ? noneHolds : (values) => 1 - noneHolds(values);
  }
  const probability = compile(logic, prior, true, undefined);
  return { leaves, probability };
}

export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
