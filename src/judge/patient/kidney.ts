/** Kidney function from creatinine. Two published equations; knows no drug. */

/**
 * CKD-EPI 2021 without race, in mL/min/1.73 m². Creatinine in mg/dL.
 * Source: Inker et al., N Engl J Med 2021;385:1737-1749, doi 10.1056/NEJMoa2102953. Adults only.
 */
export function estimateGfr({
  creatinine,
  ageYears,
  sex,
}: {
  readonly creatinine: number;
  readonly ageYears: number;
  readonly sex: 'female' | 'male';
}): number {
  const [kappa, alpha, factor] = sex === 'female' ? [0.7, -0.241, 1.012] : [0.9, -0.302, 1];
  const ratio = creatinine / kappa;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** ageYears * factor;
}

/** Cockcroft–Gault creatinine clearance in mL/min, actual weight. Source: Cockcroft and Gault, Nephron 1976;16:31-41. */
export function estimateClearance({
  creatinine,
  ageYears,
  sex,
  weightKg,
}: {
  readonly creatinine: number;
  readonly ageYears: number;
  readonly sex: 'female' | 'male';
  readonly weightKg: number;
}): number {
  return (((140 - ageYears) * weightKg) / (72 * creatinine)) * (sex === 'female' ? 0.85 : 1);
}
