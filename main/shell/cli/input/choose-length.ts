import type { ReaderAbilities } from '../../../../contract/models/abilities.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import { UsageError } from '../usage-error.ts';

const PREFERRED_LENGTH = 75;

/** What whoever reads pictures with a pack can do. Throws StudioError `pack-not-found`; UsageError where nobody can. */
export async function askReader(client: StudioClient, packId: string): Promise<ReaderAbilities> {
  const { reader } = await client.packs.abilities({ packId });
  if (reader === null) throw new UsageError(`--pack ${packId}: this model reads no pictures.`);
  return reader;
}

/**
 * A number of tokens a reader has: the one asked for, else 75, else its longest.
 * @throws UsageError for a length it does not have
 */
export function chooseLength({ lengths }: ReaderAbilities, wish: number | undefined): number {
  const length = wish ?? (lengths.includes(PREFERRED_LENGTH) ? PREFERRED_LENGTH : Math.max(...lengths));
  if (lengths.includes(length)) return length;
  throw new UsageError(`--length ${length}: this model reads ${lengths.join(', ')} tokens.`);
}
