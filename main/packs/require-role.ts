import { StudioError } from '../../contract/errors.ts';
import type { PackManifest } from '../../contract/models/pack.ts';
import type { ResolvedPack } from './pack-registry.ts';

type Roles = PackManifest['roles'];

const WORK: Readonly<Record<keyof Roles, string>> = {
  encoder: 'read pictures',
  decoder: 'draw pictures',
  scorer: 'compare pictures',
  features: 'measure FID',
  previewer: 'show drawings in the making',
  captioner: 'say what pictures show',
  writer: 'write texts',
};

/** The part of a pack that does one kind of work. Throws StudioError pack-role-missing. */
export function requireRole<R extends keyof Roles>(pack: ResolvedPack, role: R): NonNullable<Roles[R]> {
  const found = pack.manifest.roles[role];
  if (found) return found;
  const { id, name } = pack.manifest;
  throw new StudioError(
    'pack-role-missing',
    `The model ${name} (${id}) cannot ${WORK[role]}: it has no ${role}.`,
    `Choose a model with the role ${role}; \`packs list\` shows the roles of each.`,
    { packId: id, role },
  );
}
