import type { z } from 'zod';
import type { Blend, blendRequestSchema } from '../../../contract/texts/blend.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { CommandContext } from './command-context.ts';

/**
 * A blend, once it is written.
 * @throws StudioError as `language.blend` does; the signal's reason
 */
export async function followBlend(
  client: StudioClient,
  request: z.input<typeof blendRequestSchema>,
  context: CommandContext,
): Promise<Blend> {
  const events = await client.language.blend(request, { signal: context.signal });
  for await (const event of events) if (event.type === 'done') return event.blend;
  context.signal.throwIfAborted();
  throw new Error('a blend that ended without a result');
}
