import type { PicturesScore } from '../../contract/texts/evaluation.ts';
import type { Library } from '../library/library.ts';
import type { PackRegistry, ResolvedPack } from '../packs/pack-registry.ts';
import { requireRole } from '../packs/require-role.ts';
import type { Provider } from '../ports/provider.ts';
import { quietContext } from '../running/run-context.ts';
import { hashBytes } from '../storage/hash-bytes.ts';
import { embedPresent } from './create-embedders.ts';
import { frechetDistance } from './frechet-distance.ts';
import { KeptVectors } from './kept-vectors.ts';
import { readPictures } from './read-pictures.ts';
import type { VectorStore } from './vector-store.ts';

interface FidParts {
  readonly library: Library;
  readonly packs: PackRegistry;
  readonly models: Provider;
  readonly store: VectorStore;
  readonly signal: AbortSignal;
}

type Looker = KeptVectors<{ readonly sha256: string }>;

/** FID of two sets of the library's pictures, by an installed pack that brings Inception's features. */
export class Fid {
  readonly #parts: FidParts;
  readonly #lookers = new Map<string, Looker>();

  constructor(parts: FidParts) {
    this.#parts = parts;
  }

  /**
   * @param wishedPackId goes before others that bring the features, if it does
   * @param originals different pictures of the library by their sha256, as `drawn`
   * @returns null where no pack brings the features, and for fewer than two pictures on a side
   * @throws StudioError image-unreadable, pack-invalid, and as the engine does
   */
  async measure(wishedPackId: string, originals: readonly string[], drawn: readonly string[]): Promise<PicturesScore['fid']> {
    if (originals.length < 2 || drawn.length < 2) return null;
    const { packs } = await this.#parts.packs.listPacks();
    const able = packs.filter(({ roles }) => roles.includes('features')).map(({ id }) => id);
    const packId = able.includes(wishedPackId) ? wishedPackId : able[0];
    if (packId === undefined) return null;
    const looker = await this.#open(packId);
    const [first, second] = [await readPictures(originals, looker), await readPictures(drawn, looker)];
    return { packId, value: await frechetDistance([...first.values()], [...second.values()]) };
  }

  /** Resolves when nothing is looked at any more. */
  async settle(): Promise<void> {
    await Promise.all([...this.#lookers.values()].map((looker) => looker.settle()));
  }

  async #open(packId: string): Promise<Looker> {
    const { library, packs, models, store, signal } = this.#parts;
    const pack = await packs.openPack(packId, { signal });
    const key = await nameFeatures(pack);
    const open = this.#lookers.get(key);
    if (open !== undefined) return open;
    const features = models.features(pack);
    const embed = embedPresent(library, (paths) => features.look(paths, { ...quietContext, signal }));
    const looker = new KeptVectors({ key, store, embed });
    looker.forget(looker.names().filter((sha256) => !library.hasImage(sha256)));
    this.#lookers.set(key, looker);
    return looker;
  }
}

/** By the bytes of the graph: the same features of another pack are the same. */
function nameFeatures(pack: ResolvedPack): Promise<string> {
  const { kind, graph } = requireRole(pack, 'features');
  const sha256 = pack.manifest.files.find(({ path }) => path === graph)?.sha256 ?? pack.manifestSha256;
  return hashBytes(Buffer.from(JSON.stringify([kind, sha256])));
}
