import { setImmediate, setTimeout } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import type { LibraryFilter, LibrarySimilar, LibrarySimilarQuery, SimilarTo } from '../../contract/library.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { hashBytes } from '../library/hash-bytes.ts';
import type { Library } from '../library/library.ts';
import type { PictureRef } from '../library/row-queries.ts';
import type { VectorStore } from '../library/vector-store.ts';
import type { PackRegistry, ResolvedPack } from '../packs/pack-registry.ts';
import { requireRole } from '../packs/require-role.ts';
import { quietContext } from '../run-context.ts';
import { cosineSimilarity } from '../tensor/cosine-similarity.ts';
import { PictureVectors } from './picture-vectors.ts';

/** A small library is looked at whole before the first answer. */
const FIRST_LOOK_MS = 300;

/** Compared between two yields to the event loop: under a millisecond for vectors of 512. */
const COMPARED_A_STEP = 1000;

const TEXTS_KEPT = 32;

export interface SimilarityParts {
  readonly library: Library;
  readonly packs: PackRegistry;
  readonly engine: EngineClient;
  readonly store: VectorStore;
  readonly defaultPackId: string;
  /** Aborted when the studio closes. */
  readonly signal: AbortSignal;
}

/** What one pack's scorer has seen. */
interface Viewer {
  readonly pack: ResolvedPack;
  readonly vectors: PictureVectors;
  readonly texts: Map<string, Float32Array>;
}

interface Wanted {
  readonly vector: Float32Array;
  /** The item asked about, which is no answer. */
  readonly itemId: string | null;
}

/** Finds pictures like a picture or a sentence: cosine of the scorer's vectors, over every picture it has looked at. */
export class Similarity {
  readonly #parts: SimilarityParts;
  readonly #viewers = new Map<string, Viewer>();

  /** The list of the last question, until the library changes: listing ten thousand pictures takes ten milliseconds. */
  #listed: { readonly filter: string; readonly pictures: readonly PictureRef[] } | null = null;

  constructor(parts: SimilarityParts) {
    this.#parts = parts;
    parts.library.subscribe(() => (this.#listed = null));
  }

  /** @throws StudioError pack-not-found, pack-role-missing, not-found, image-unreadable, and as the engine does */
  async find(query: LibrarySimilarQuery): Promise<LibrarySimilar> {
    const viewer = await this.#openViewer(query.scorerPackId ?? this.#parts.defaultPackId);
    const wanted = await this.#read(query.like, viewer);
    const pictures = this.#listPictures({ ...query, text: '' });
    const looking = viewer.vectors.look(pictures);
    // The wait below may end first; a failure after that is met again by the next question.
    looking.catch(() => undefined);
    await Promise.race([looking, setTimeout(FIRST_LOOK_MS, undefined, { ref: false })]);
    const scored = await this.#score(pictures, wanted, viewer.vectors);
    const best = scored.sort((a, b) => b.score - a.score).slice(0, query.limit);
    const scores = new Map(best.map(({ id, score }) => [id, score]));
    const rows = this.#parts.library.getRows(best.map(({ id }) => id)).map((row) => ({ ...row, score: scores.get(row.id) ?? 0 }));
    const seen = pictures.filter(({ sha256 }) => viewer.vectors.isSettled(sha256)).length;
    return { rows, seen, total: pictures.length };
  }

  /** Resolves when nothing is looked at any more. */
  async settle(): Promise<void> {
    await Promise.all([...this.#viewers.values()].map(({ vectors }) => vectors.settle()));
  }

  #listPictures({
    kinds,
    trashed,
    starred,
    boardId,
    packId,
    createdFromMs,
    createdBeforeMs,
  }: LibraryFilter): readonly PictureRef[] {
    const filter = JSON.stringify([kinds, trashed, starred, boardId, packId, createdFromMs, createdBeforeMs]);
    if (this.#listed?.filter === filter) return this.#listed.pictures;
    const wanted = { text: '', kinds, trashed, starred, boardId, packId, createdFromMs, createdBeforeMs };
    const pictures = this.#parts.library.listPictures(wanted);
    this.#listed = { filter, pictures };
    return pictures;
  }

  async #score(
    pictures: readonly PictureRef[],
    wanted: Wanted,
    vectors: PictureVectors,
  ): Promise<{ id: string; score: number }[]> {
    const scored: { id: string; score: number }[] = [];
    for (const [at, { id, sha256 }] of pictures.entries()) {
      if (at % COMPARED_A_STEP === COMPARED_A_STEP - 1) await setImmediate();
      const vector = vectors.get(sha256);
      if (vector !== undefined && id !== wanted.itemId) scored.push({ id, score: cosineSimilarity(wanted.vector, vector) });
    }
    return scored;
  }

  async #read(like: SimilarTo, viewer: Viewer): Promise<Wanted> {
    if (like.type === 'text') return { vector: await this.#readText(like.text, viewer), itemId: null };
    if (like.type === 'image') return { vector: await this.#readPicture(like.sha256, viewer), itemId: null };
    const item = this.#parts.library.getItem(like.itemId);
    const vector =
      item.kind === 'prompt' ? await this.#readText(item.text, viewer) : await this.#readPicture(item.image.sha256, viewer);
    return { vector, itemId: item.id };
  }

  async #readPicture(sha256: string, { vectors }: Viewer): Promise<Float32Array> {
    const vector = await vectors.require(sha256);
    if (vector !== null) return vector;
    throw new StudioError('image-unreadable', 'That picture could not be read.', 'Choose another one to look for.', { sha256 });
  }

  async #readText(text: string, { pack, texts }: Viewer): Promise<Float32Array> {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const request = { packFolder: pack.folder, scorer: requireRole(pack, 'scorer'), images: [], texts: [text] };
    const [vector] = (await this.#parts.engine.embed(request, { ...quietContext, signal: this.#parts.signal })).texts;
    if (vector === undefined) throw new Error('the engine answered without the vector of a text');
    // Questions are repeated while pictures are looked at; the oldest go first.
    if (texts.size >= TEXTS_KEPT) texts.delete([...texts.keys()][0] ?? '');
    texts.set(text, vector);
    return vector;
  }

  async #openViewer(packId: string): Promise<Viewer> {
    const pack = await this.#parts.packs.openPack(packId, { signal: this.#parts.signal });
    const scorerKey = await nameScorer(pack);
    const known = this.#viewers.get(scorerKey);
    if (known !== undefined) return known;
    const viewer = this.#createViewer(pack, scorerKey);
    this.#viewers.set(scorerKey, viewer);
    return viewer;
  }

  #createViewer(pack: ResolvedPack, scorerKey: string): Viewer {
    const { library, engine, store, signal } = this.#parts;
    const scorer = requireRole(pack, 'scorer');
    const context = { ...quietContext, signal };
    const vectors = new PictureVectors({ scorerKey, packFolder: pack.folder, scorer, library, engine, store, context });
    const all = [false, true].flatMap((trashed) => library.listPictures({ text: '', kinds: [], trashed }));
    const present = new Set(all.map(({ sha256 }) => sha256));
    vectors.forget(vectors.names().filter((sha256) => !present.has(sha256)));
    return { pack, vectors, texts: new Map() };
  }
}

/** A scorer by the bytes of its graphs and by how pictures get into it: whatever changes one of these changes the vectors. */
async function nameScorer(pack: ResolvedPack): Promise<string> {
  const { vision, text, image } = requireRole(pack, 'scorer');
  const shaOf = (path: string) => pack.manifest.files.find((file) => file.path === path)?.sha256 ?? pack.manifestSha256;
  return hashBytes(Buffer.from(JSON.stringify([pack.manifest.id, shaOf(vision), shaOf(text), image])));
}
