import { brief, fixed } from '../../language/say.ts';

/** A difference of fidelities as a person reads it: "+0.034", "−0.008", "0.000". */
export function describeValue(value: number): string {
  const digits = fixed(Math.abs(value), 3);
  if (Number(value.toFixed(3)) === 0) return digits;
  return `${value < 0 ? '−' : '+'}${digits}`;
}

/** The difference of two fidelities that stand beside it with three digits: of what is read, so that it adds up. */
export function describeGain(before: number, after: number): string {
  return describeValue(Number(after.toFixed(3)) - Number(before.toFixed(3)));
}

/** A difference in the room of a badge: "+.03", "−.03", and "≈0" where so few digits show none. */
export function describeBriefGain(before: number, after: number): string {
  const gain = after - before;
  if (Number(gain.toFixed(2)) === 0) return '≈0';
  return `${gain < 0 ? '−' : '+'}${brief(Math.abs(gain), 2)}`;
}
