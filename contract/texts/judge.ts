import type { StudioClient } from '../methods.ts';
import { guidesOf } from './prompt.ts';
import type { PromptDocument } from './prompt.ts';

/** Who says how alike pictures are. */
export interface Judge {
  readonly packId: string;
  /** Whether it is the scorer that guides searches with the model that is used. */
  readonly isGuide: boolean;
  /** Of the scorer, by the name of its bytes: two models may share one. */
  readonly weights: string | null;
}

/** The weights of a model's scorer, by the name of their bytes; null where it has none. */
async function weightsOf({ packs }: Pick<StudioClient, 'packs'>, packId: string): Promise<string | null> {
  const { roles, files } = await packs.info({ packId });
  return files.find(({ path }) => path === roles.scorer?.vision)?.sha256 ?? null;
}

/**
 * A scorer with other weights than the one of the model that is used, where one is installed: no judge may have guided what it judges. Null
 * where nothing here compares pictures.
 */
export async function findJudge(client: Pick<StudioClient, 'packs'>, packId: string): Promise<Judge | null> {
  const own = await weightsOf(client, packId);
  for (const { id, roles } of await client.packs.list()) {
    const weights = roles.includes('scorer') ? await weightsOf(client, id) : own;
    if (weights !== own) return { packId: id, isGuide: false, weights };
  }
  return own === null ? null : { packId, isGuide: true, weights: own };
}

/** The scorer of `judgeId` as the judge of what the model `packId` is used for. */
export async function judgeOf(client: Pick<StudioClient, 'packs'>, judgeId: string, packId: string): Promise<Judge> {
  const weights = await weightsOf(client, judgeId);
  return { packId: judgeId, isGuide: weights === (await weightsOf(client, packId)), weights };
}

/** Whether a judge had a say in a text, by the models that guided it; one that is no longer here is known by its name alone. */
export async function isPartial(client: Pick<StudioClient, 'packs'>, judge: Judge, document: PromptDocument): Promise<boolean> {
  const here = new Set((await client.packs.list()).map(({ id }) => id));
  for (const guide of guidesOf(document))
    if (guide === judge.packId || (here.has(guide) && (await weightsOf(client, guide)) === judge.weights)) return true;
  return false;
}
