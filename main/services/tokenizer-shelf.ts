import { join } from 'node:path';
import type { PackManifest } from '../../contract/pack.ts';
import { StudioError } from '../../contract/errors.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

function findTokenizerFolder(manifest: PackManifest): string {
  const { encoder, decoder } = manifest.roles;
  const folder = encoder?.tokenizer ?? (decoder === undefined ? undefined : `${decoder.folder}/tokenizer`);
  if (folder !== undefined) return folder;
  throw new StudioError(
    'pack-role-missing',
    `The pack ${manifest.name} has no vocabulary.`,
    'Choose a pack that reads or draws pictures.',
    {
      pack: manifest.id,
    },
  );
}

/** Vocabularies, each loaded when first asked for and kept: editing must feel instant. */
export class TokenizerShelf {
  readonly #loaded = new Map<string, Promise<Tokenizer>>();

  /** The tokenizer whose ids the pack's texts are made of. */
  take(pack: ResolvedPack): Promise<Tokenizer> {
    const folder = join(pack.folder, findTokenizerFolder(pack.manifest));
    const key = `${pack.manifestSha256} ${folder}`;
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const loading = loadTokenizer(folder);
    this.#loaded.set(key, loading);
    // A missing file can come back; the next call shall look again.
    loading.catch(() => this.#loaded.delete(key));
    return loading;
  }
}
