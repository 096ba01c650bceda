import { StudioError } from '../../../../contract/errors.ts';
import type { DrawerAbilities } from '../../../../contract/models/abilities.ts';
import type { PromptSource } from '../../../../contract/job.ts';
import type { GenerateSettings, LocalRecipe } from '../../../../contract/recipe.ts';
import type { Studio } from '../../../studio.ts';
import { completeJob } from '../../complete-job.ts';
import { signalOfLeaving } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';

export interface ClientOrder {
  readonly packId: string;
  readonly prompt: PromptSource;
  readonly settings: GenerateSettings;
  /** Library items it is made from. */
  readonly parents: readonly string[];
  readonly onSubmit?: (jobId: string) => void;
}

/** A picture as another program takes it. */
export interface DrawnForClient {
  /** PNG. */
  readonly base64: string;
  readonly recipe: LocalRecipe;
}

/**
 * Draws for a program that waits for its pictures in one answer. They are in the library as any other; a program that goes away cancels
 * what is not drawn yet.
 * @throws StudioError as the job does
 */
export async function drawForClient(studio: Studio, exchange: Exchange, order: ClientOrder): Promise<DrawnForClient[]> {
  const { packId, prompt, settings, parents, onSubmit } = order;
  const request = { kind: 'generate' as const, packId, prompt, settings, parents: [...parents] };
  const options = { signal: signalOfLeaving(exchange), ...(onSubmit === undefined ? {} : { onSubmit }) };
  const { items } = await completeJob(studio.client, request, options).catch(explainCancelling);
  return Promise.all(
    items.map(async (item) => {
      if (item.kind !== 'generation' || item.recipe.kind !== 'local') throw new Error(`${item.id} is not what was drawn`);
      return { base64: Buffer.from(await studio.readImage(item.image.sha256)).toString('base64'), recipe: item.recipe };
    }),
  );
}

/** A person, or the program itself, has cancelled what was waited for. */
function explainCancelling(error: unknown): never {
  if (!(error instanceof DOMException) || error.name !== 'AbortError') throw error;
  throw new StudioError('bad-request', 'The drawing was cancelled.', 'Pictures that were finished by then are in the library.');
}

/** What draws with a pack. Throws StudioError `pack-not-found`, and `pack-role-missing` for one that does not draw. */
export async function requireDrawer({ client }: Studio, packId: string): Promise<DrawerAbilities> {
  const { drawer } = await client.packs.abilities({ packId });
  if (drawer !== null) return drawer;
  throw new StudioError('pack-role-missing', `The model ${packId} draws no pictures.`, 'Name one that does.', { packId });
}

/** The packs that draw, the one that is used where none is named first. */
export async function listDrawingPacks({ client }: Studio): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const [packs, { defaultPackId }] = await Promise.all([client.packs.list(), client.studio.info()]);
  return packs
    .filter(({ roles }) => roles.includes('decoder'))
    .toSorted((a, b) => Number(b.id === defaultPackId) - Number(a.id === defaultPackId));
}
