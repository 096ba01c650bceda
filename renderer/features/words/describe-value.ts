import { fixed } from '../../language/say.ts';

/** A difference of fidelities as a person reads it: "+0.034", "−0.008", "0.000". */
export function describeValue(value: number): string {
  const digits = fixed(Math.abs(value), 3);
  if (Number(value.toFixed(3)) === 0) return digits;
  return `${value < 0 ? '−' : '+'}${digits}`;
}
