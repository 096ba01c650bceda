import { percent } from '../../language/say.ts';

/** A probability as a person reads it: "83%", "4.2%", "<0.1%". */
export function describeShare(probability: number): string {
  if (probability > 0 && probability < 0.001) return `<${percent(0.001, 1)}`;
  return percent(probability, probability < 0.0995 ? 1 : 0);
}
