/** Where a bar stands that diverges from a centre line. Knows numbers only. */

export interface Bar {
  readonly x: number;
  readonly width: number;
}

/** In a box of 200 units with the centre at 100; `largest` fills half of it. A bar that would be invisible is one unit wide. */
export function barOf(contribution: number, largest: number): Bar {
  const half = 100;
  const share = largest > 0 ? Math.min(1, Math.abs(contribution) / largest) : 0;
  const width = Math.max(1, share * half);
  return { x: contribution < 0 ? half - width : half, width };
}

export function largestOf(reasons: readonly { readonly contribution: number }[]): number {
  return Math.max(0, ...reasons.map(({ contribution }) => Math.abs(contribution)));
}
