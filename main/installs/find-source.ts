import { basename, extname, isAbsolute } from 'node:path';
import type { CatalogueEntry } from '../../contract/models/catalogue.ts';
import { StudioError } from '../../contract/errors.ts';
import type { InstallChoice, InstallSource } from '../../contract/models/install.ts';
import { readCatalogue } from '../packs/read-catalogue.ts';

/** A source with what the catalogue knows of it. */
export type FoundSource = {
  readonly packId: string;
  readonly name: string;
  readonly summary: string;
  readonly choice: InstallChoice;
} & (
  | { readonly type: 'hub'; readonly repository: string; readonly revision: string; readonly entry: CatalogueEntry | null }
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'archive'; readonly path: string }
  | { readonly type: 'checkpoint'; readonly source: Extract<InstallSource, { type: 'checkpoint' }> }
);

/** A name that may be a pack's id: small letters, digits and hyphens. */
function toPackId(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, 64).replace(/-+$/, '') || 'pack';
}

/** @throws StudioError `not-found` for an entry the catalogue does not have, `bad-request` for a path that is none of this machine's */
export function findSource(source: InstallSource, choice: InstallChoice): FoundSource {
  if (source.type === 'checkpoint') {
    const files = [source.path, ...source.loras.map(({ path }) => path), ...(source.vae === undefined ? [] : [source.vae])];
    if (!files.every(isAbsolute))
      throw new StudioError('bad-request', 'A file is named by its whole path.', 'Begin at the root of the disk.');
    const name = basename(source.path, extname(source.path));
    return {
      type: 'checkpoint',
      source,
      packId: choice.packId ?? toPackId(name),
      name: choice.name ?? name,
      summary: '',
      choice,
    };
  }
  if (source.type === 'folder') {
    if (!isAbsolute(source.path))
      throw new StudioError('bad-request', 'A folder is named by its whole path.', 'Begin at the root of the disk.');
    const file = basename(source.path);
    const isArchive = /\.zip$/i.test(file);
    const name = isArchive ? file.slice(0, -'.zip'.length) : file;
    return {
      type: isArchive ? 'archive' : 'folder',
      path: source.path,
      packId: choice.packId ?? toPackId(name),
      name: choice.name ?? name,
      summary: isArchive ? `Adopted from the archive ${file}.` : `Adopted from the folder ${file}.`,
      choice,
    };
  }
  const entries = readCatalogue();
  const entry =
    source.type === 'catalogue'
      ? entries.find(({ id }) => id === source.id)
      : entries.find(({ repository, revision }) => repository === source.repository && revision === source.revision);
  if (source.type === 'catalogue' && entry === undefined) {
    const hint = '`packs catalogue` lists what there is; any other repository is named as organisation/name.';
    throw new StudioError('not-found', `The catalogue has no ${source.id}.`, hint, { id: source.id });
  }
  const { repository, revision } =
    source.type === 'hub' ? source : { repository: entry?.repository ?? '', revision: entry?.revision ?? '' };
  const [file] = entry?.layout === 'gguf' ? entry.files : [];
  return {
    type: 'hub',
    repository,
    revision,
    entry: entry ?? null,
    packId: choice.packId ?? entry?.id ?? toPackId(basename(repository)),
    name: choice.name ?? entry?.name ?? basename(repository),
    summary: entry?.summary ?? '',
    choice: {
      ...(entry?.layout === 'transformers.js' ? { dtype: entry.dtype } : {}),
      ...(file === undefined ? {} : { file: file.path }),
      ...choice,
    },
  };
}
