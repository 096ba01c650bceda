/** Bounds and grain of emphasis: what the keyboard can reach. A weight of 0 can only be set outright. */
const LOWEST_STEP = 0.1;
const HIGHEST = 2;
const STEP = 0.05;

/** Rounded to hundredths, so that repeated steps do not collect binary dust (1.1500000000000001). */
export function roundWeight(weight: number): number {
  return Math.round(weight * 100) / 100;
}

/**
 * Moves an emphasis by whole keyboard steps of 0.05.
 * @param weight the present emphasis, 0..2
 * @param steps how many steps up (positive) or down (negative)
 * @returns the new emphasis, on the grid of steps and within 0.1..2
 */
export function stepWeight(weight: number, steps: number): number {
  const onGrid = Math.round(weight / STEP) + steps;
  return roundWeight(Math.min(HIGHEST, Math.max(LOWEST_STEP, onGrid * STEP)));
}
