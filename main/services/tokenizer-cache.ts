import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackManifest } from '../../contract/models/pack.ts';
import { StudioError } from '../../contract/errors.ts';
import type { PackRegistry, ResolvedPack } from '../packs/pack-registry.ts';
import { MANIFEST_FILE } from '../packs/read-manifest.ts';
import { requireRole } from '../packs/require-role.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

function findTokenizerFolder(manifest: PackManifest): string {
  const { encoder, decoder, scorer } = manifest.roles;
  const folder = encoder?.tokenizer ?? (decoder === undefined ? scorer?.tokenizer : `${decoder.folder}/tokenizer`);
  if (folder !== undefined) return folder;
  throw new StudioError(
    'pack-role-missing',
    `The model ${manifest.name} has no vocabulary.`,
    'Choose a model that reads, draws or compares pictures.',
    {
      pack: manifest.id,
    },
  );
}

/** Time and size of a pack's manifest; null when it is gone. */
async function stampOf({ folder }: ResolvedPack): Promise<string | null> {
  const facts = await stat(join(folder, MANIFEST_FILE)).catch(() => null);
  return facts === null ? null : `${facts.mtimeMs} ${facts.size} ${facts.ino}`;
}

/** Vocabularies, each loaded when first asked for and kept: editing must feel instant. */
export class TokenizerCache {
  readonly #loaded = new Map<string, Promise<Tokenizer>>();
  readonly #known = new Map<string, { readonly pack: ResolvedPack; readonly stamp: string }>();

  /**
   * The tokenizer of a pack by its id. Every pack.json is not read again at each edit: a pack whose manifest has the time and
   * size it had is the same. Throws as resolvePack does.
   */
  async takeById(packId: string, packs: PackRegistry): Promise<Tokenizer> {
    const known = this.#known.get(packId);
    if (known !== undefined) {
      const stamp = await stampOf(known.pack);
      if (stamp === known.stamp) return this.take(known.pack);
    }
    const pack = await packs.resolvePack(packId);
    const stamp = await stampOf(pack);
    if (stamp !== null) this.#known.set(packId, { pack, stamp });
    return this.take(pack);
  }

  /** The tokenizer whose ids the pack's texts are made of. */
  take(pack: ResolvedPack): Promise<Tokenizer> {
    return this.#load(pack, findTokenizerFolder(pack.manifest));
  }

  /** The tokenizer whose ids the pack's scorer reads. Throws StudioError `pack-role-missing` for a pack without one. */
  takeOfScorer(pack: ResolvedPack): Promise<Tokenizer> {
    return this.#load(pack, requireRole(pack, 'scorer').tokenizer);
  }

  #load(pack: ResolvedPack, inPack: string): Promise<Tokenizer> {
    const folder = join(pack.folder, inPack);
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
