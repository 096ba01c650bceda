import { basename } from 'node:path';
import type { StudioClient } from '../../../contract/methods.ts';
import type { CommandContext } from './command-context.ts';
import { cleanLine } from './output/clean-line.ts';

/**
 * Says of a picture whose file says how it was made what can be done with that. Of many pictures it says nothing: there it would be in
 * the way.
 */
export async function offerMade(
  client: StudioClient,
  images: readonly { readonly path: string; readonly sha256: string }[],
  context: CommandContext,
): Promise<void> {
  const [image] = images;
  if (image === undefined || images.length > 1) return;
  const { metadata } = await client.images.metadata({ sha256: image.sha256 });
  if (metadata === null) return;
  const name = cleanLine(basename(image.path));
  context.say(`${name} says how it was made: \`metadata read\` prints it, and \`generate --like\` draws it again.`);
}
