import type { EncoderRole } from '../../../contract/pack.ts';
import { UsageError } from './usage-error.ts';

const PREFERRED_LENGTH = 75;

/**
 * A number of tokens the encoder has a head for: the one asked for, else 75, else its longest.
 * @throws UsageError for a length it does not have
 */
export function chooseLength(encoder: EncoderRole | undefined, wish: number | undefined): number {
  const lengths = Object.keys(encoder?.heads ?? {}).map(Number);
  const length = wish ?? (lengths.includes(PREFERRED_LENGTH) ? PREFERRED_LENGTH : Math.max(...lengths));
  if (lengths.includes(length)) return length;
  throw new UsageError(`--length ${length}: this pack reads ${lengths.join(', ')} tokens.`);
}
