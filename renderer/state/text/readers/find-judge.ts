import type { StudioClient } from '../../../../contract/methods.ts';

/** Who says how alike pictures are. */
export interface Judge {
  readonly packId: string;
  /** Whether it is the scorer that guides searches with the model that is used. */
  readonly isGuide: boolean;
}

/**
 * A scorer with other weights than the one of the model that is used, where one is installed: no judge may have guided what it judges. Null
 * where nothing here compares pictures.
 */
export async function findJudge({ packs }: Pick<StudioClient, 'packs'>, packId: string): Promise<Judge | null> {
  const weightsOf = async (id: string): Promise<string | null> => {
    const { roles, files } = await packs.info({ packId: id });
    return files.find(({ path }) => path === roles.scorer?.vision)?.sha256 ?? null;
  };
  const own = await weightsOf(packId);
  for (const { id, roles } of await packs.list())
    if (roles.includes('scorer') && (await weightsOf(id)) !== own) return { packId: id, isGuide: false };
  return own === null ? null : { packId, isGuide: true };
}
