/**
 * Quantile of the symmetric beta distribution: the x with I_x(a, a) = share, both 0..1. Bisection over the power series of the
 * incomplete beta function (Abramowitz and Stegun 26.5.4), on the lower half, where its terms halve; the upper half mirrors it.
 */
export function betaQuantile(share: number, a: number): number {
  if (share > 0.5) return 1 - betaQuantile(1 - share, a);
  const wanted = share * 2 * incompleteBeta(0.5, a);
  let low = 0;
  let high = 0.5;
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** B_x(a, a) = x^a · Σ (1−a)_n / n! · x^n / (a + n), for x up to ½. */
function incompleteBeta(x: number, a: number): number {
  let coefficient = 1;
  let sum = 0;
  for (let n = 0; n < 60; n += 1) {
    sum += coefficient / (a + n);
    coefficient *= ((n + 1 - a) / (n + 1)) * x;
  }
  return x ** a * sum;
}
