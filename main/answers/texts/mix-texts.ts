import type { MixRequest } from '../../../contract/texts/blend.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { mixReadings } from '../../prompt/mix-readings.ts';
import type { NamedReading } from '../../prompt/mix-readings.ts';
import { createId } from '../../storage/create-id.ts';
import type { StudioServices } from '../studio-services.ts';

/**
 * The text that the readings of two texts say together. What a person changed in them has no part in it.
 *
 * @throws StudioError `bad-request` for texts that were not read by one model at one number of tokens, or whose readings are gone
 */
export async function mixTexts(services: StudioServices, { a, b, share }: MixRequest): Promise<PromptDocument> {
  const pair = [await findReading(services, a), await findReading(services, b)] as const;
  const [first, second] = pair;
  if (first === null || second === null || a.packId !== b.packId || first.reading.length !== second.reading.length) {
    throw new StudioError(
      'bad-request',
      'These two texts cannot be mixed by what was read in their pictures.',
      'Let one model read both pictures at one number of tokens.',
    );
  }
  const tokenizer = await services.tokenizers.takeById(a.packId, services.packs);
  return mixReadings([first, second], share, { id: createId(services.clock()), packId: a.packId, tokenizer });
}

async function findReading({ library }: StudioServices, { sources }: PromptDocument): Promise<NamedReading | null> {
  for (const source of sources) {
    if (source.type === 'reading' && source.sha256 !== null && library.readings.has(source.sha256))
      return { source, reading: await library.readings.read(source.sha256) };
  }
  return null;
}
