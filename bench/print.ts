/** One line for a figure, beside its goal; and quantiles. Knows no benchmark. */

export function print(name: string, measured: string, goal: string, isReached: boolean): void {
  console.log(`${isReached ? 'reached' : 'MISSED '}  ${name.padEnd(58)} ${measured.padStart(28)}   goal ${goal}`);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
