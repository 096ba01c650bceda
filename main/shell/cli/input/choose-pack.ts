import { StudioError } from '../../../../contract/errors.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { PackManifest } from '../../../../contract/models/pack.ts';

export type PackRole = keyof PackManifest['roles'];

/**
 * The manifest of the pack asked for, else of the one in use where that has the roles, else of the first that has; embedded packs come first.
 * @throws StudioError `pack-not-found`, `pack-invalid`, `pack-role-missing`
 */
export async function choosePack(
  client: StudioClient,
  packId: string | undefined,
  roles: readonly PackRole[],
): Promise<PackManifest> {
  const manifest = await client.packs.info({ packId: packId ?? (await firstWith(client, roles)) });
  const missing = roles.find((role) => manifest.roles[role] === undefined);
  if (missing === undefined) return manifest;
  const hint = 'Choose another with --pack; `dediffusion packs list` shows what each can do.';
  throw new StudioError('pack-role-missing', `The model ${manifest.id} has no ${missing}.`, hint, {
    packId: manifest.id,
    role: missing,
  });
}

async function firstWith(client: StudioClient, roles: readonly PackRole[]): Promise<string> {
  const able = (await client.packs.list()).filter((candidate) => roles.every((role) => candidate.roles.includes(role)));
  const { defaultPackId } = await client.studio.info();
  const pack = able.find(({ id }) => id === defaultPackId) ?? able[0];
  if (pack !== undefined) return pack.id;
  const needed = roles.join(' and ');
  const hint = 'The studio comes with one: restore the folder models/packs, then see `dediffusion doctor`.';
  throw new StudioError('pack-not-found', `No model on this machine has ${needed}.`, hint, { roles: needed });
}
