/** A difference of fidelities as a person reads it: "+0.034", "−0.008", "0.000". */
export function describeValue(value: number): string {
  const digits = Math.abs(value).toFixed(3);
  if (Number(digits) === 0) return digits;
  return `${value < 0 ? '−' : '+'}${digits}`;
}
