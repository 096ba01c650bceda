import { lengthsOf } from '../../contract/models/pack.ts';
import type { PackSummary } from '../../contract/models/pack.ts';
import type { ResolvedPack } from './pack-registry.ts';

const ROLES = ['encoder', 'decoder', 'scorer', 'features', 'previewer', 'captioner', 'writer'] as const;

/** What a list of packs shows. Lengths ascend; bytes are the sum the manifest gives. `crashed` are those of its graphs that are not tried again. */
export function summarisePack({ manifest, embedded }: ResolvedPack, crashed: PackSummary['crashed']): PackSummary {
  const { id, name, version, summary, roles, files, licence, source } = manifest;
  return {
    id,
    name,
    version,
    summary,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    lengths: roles.encoder === undefined ? [] : lengthsOf(roles.encoder),
    roles: ROLES.filter((role) => roles[role] !== undefined),
    licence: licence.spdx,
    embedded,
    hub: source.hub?.repository ?? null,
    crashed,
  };
}
