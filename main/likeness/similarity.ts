import { setImmediate, setTimeout } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import type { PicturesRequest, PicturesScore } from '../../contract/texts/evaluation.ts';
import type { LibraryFilter, LibrarySimilar, LibrarySimilarQuery, SimilarTo } from '../../contract/library.ts';
import { hashBytes } from '../storage/hash-bytes.ts';
import type { Library } from '../library/library.ts';
import type { PictureRef } from '../library/index/row-queries.ts';
import type { VectorStore } from './vector-store.ts';
import type { PackRegistry, ResolvedPack } from '../packs/pack-registry.ts';
import { requireRole } from '../packs/require-role.ts';
import type { Provider } from '../ports/provider.ts';
import type { Scorer } from '../ports/scorer.ts';
import { quietContext } from '../running/run-context.ts';
import { cosineSimilarity } from '../tensor/cosine-similarity.ts';
import { mean } from '../prompt/judged-sweep.ts';
import { createEmbedders } from './create-embedders.ts';
import { Fid } from './fid.ts';
import { frechetDistance } from './frechet-distance.ts';
import { KeptVectors } from './kept-vectors.ts';
import { readPicture, readPictures } from './read-pictures.ts';
import { listTexts } from './list-texts.ts';
import type { TextRef } from './list-texts.ts';

/** A small library is looked at whole before the first answer. */
const FIRST_LOOK_MS = 300;

/** Compared between two yields to the event loop: under a millisecond for vectors of 512. */
const COMPARED_A_STEP = 1000;

const TEXTS_KEPT = 32;

export interface SimilarityParts {
  readonly library: Library;
  readonly packs: PackRegistry;
  readonly models: Provider;
  readonly store: VectorStore;
  readonly defaultPackId: () => string;
  /** Aborted when the studio closes. */
  readonly signal: AbortSignal;
}

/** What one pack's scorer has seen. */
interface Viewer {
  readonly scorer: Scorer;
  readonly pictures: KeptVectors<{ readonly sha256: string }>;
  readonly texts: KeptVectors<Pick<TextRef, 'sha256' | 'text'>>;
  /** Sentences that were asked about, which are not the library's. */
  readonly asked: Map<string, Float32Array>;
}

interface Wanted {
  readonly vector: Float32Array;
  /** The item asked about, which is no answer. */
  readonly itemId: string | null;
}

/**
 * Finds pictures or texts like a picture, a text or a sentence: cosine of the scorer's vectors, over everything it has looked at.
 * Pictures and texts are never in one list: texts are closer to any text than every picture is, and the other way round.
 */
export class Similarity {
  readonly #parts: SimilarityParts;
  readonly #viewers = new Map<string, Promise<Viewer>>();
  readonly #fid: Fid;

  /** The lists of the last question, until the library changes: listing ten thousand pictures takes ten milliseconds. */
  #listed: { readonly filter: string; readonly pictures: readonly PictureRef[] } | null = null;
  #listedTexts: { readonly filter: string; readonly texts: readonly TextRef[] } | null = null;

  constructor(parts: SimilarityParts) {
    this.#parts = parts;
    this.#fid = new Fid(parts);
    parts.library.subscribe(() => {
      this.#listed = null;
      this.#listedTexts = null;
    });
  }

  /** @throws StudioError pack-not-found, pack-role-missing, not-found, image-unreadable, and as the scorer does */
  async find(query: LibrarySimilarQuery): Promise<LibrarySimilar> {
    const viewer = await this.#openViewer(query.scorerPackId ?? this.#parts.defaultPackId());
    const wanted = await this.#read(query.like, viewer);
    const filter = readFilter(query);
    const textsAlone = filter.kinds.length === 1 && filter.kinds[0] === 'prompt';
    return textsAlone
      ? this.#rank(await this.#listTexts(filter), viewer.texts, wanted, query.limit)
      : this.#rank(this.#listPictures(filter), viewer.pictures, wanted, query.limit);
  }

  /**
   * How near drawings come to their originals: by pairs, and as two sets.
   * @throws StudioError image-unreadable, and as `find` does
   */
  async comparePairs({ packId, pairs }: PicturesRequest): Promise<Omit<PicturesScore, 'pixelError'>> {
    const scorerPackId = packId ?? this.#parts.defaultPackId();
    const viewer = await this.#openViewer(scorerPackId);
    const originals = await readPictures([...new Set(pairs.map(({ original }) => original))], viewer.pictures);
    const drawn = await readPictures([...new Set(pairs.map((pair) => pair.drawn))], viewer.pictures);
    const nothing = new Float32Array();
    const cosines = pairs.map((pair) =>
      cosineSimilarity(originals.get(pair.original) ?? nothing, drawn.get(pair.drawn) ?? nothing),
    );
    return {
      similarity: mean(cosines),
      frechet: originals.size < 2 || drawn.size < 2 ? null : await frechetDistance([...originals.values()], [...drawn.values()]),
      fid: await this.#fid.measure(scorerPackId, [...originals.keys()], [...drawn.keys()]),
      originals: originals.size,
      drawn: drawn.size,
    };
  }

  /**
   * How alike a picture is to a picture, a text or an item: the cosine of the scorer's vectors.
   * @throws StudioError as `find` does
   */
  async compare(like: SimilarTo, sha256: string, scorerPackId = this.#parts.defaultPackId()): Promise<number> {
    const viewer = await this.#openViewer(scorerPackId);
    const { vector } = await this.#read(like, viewer);
    const other = await readPicture(sha256, viewer.pictures);
    if (other.length !== vector.length) throw unlikeVectors(vector.length, other.length);
    return cosineSimilarity(vector, other);
  }

  async #rank<Ref extends { readonly sha256: string }>(
    refs: readonly (Ref & { readonly id: string })[],
    vectors: KeptVectors<Ref>,
    wanted: Wanted,
    limit: number,
  ): Promise<LibrarySimilar> {
    const looking = vectors.look(refs);
    // The wait below may end first; a failure after that is met again by the next question.
    looking.catch(() => undefined);
    await Promise.race([looking, setTimeout(FIRST_LOOK_MS, undefined, { ref: false })]);
    const scored = await this.#score(refs, wanted, (sha256) => vectors.get(sha256));
    const best = scored.sort((a, b) => b.score - a.score).slice(0, limit);
    const scores = new Map(best.map(({ id, score }) => [id, score]));
    const rows = this.#parts.library.getRows(best.map(({ id }) => id)).map((row) => ({ ...row, score: scores.get(row.id) ?? 0 }));
    const seen = refs.filter(({ sha256 }) => vectors.isSettled(sha256)).length;
    return { rows, seen, total: refs.length };
  }

  /** Resolves when nothing is looked at any more. */
  async settle(): Promise<void> {
    const viewers = (await Promise.allSettled(this.#viewers.values())).flatMap((one) =>
      one.status === 'fulfilled' ? [one.value] : [],
    );
    await Promise.all([this.#fid.settle(), ...viewers.flatMap(({ pictures, texts }) => [pictures.settle(), texts.settle()])]);
  }

  #listPictures(wanted: LibraryFilter): readonly PictureRef[] {
    const filter = JSON.stringify(wanted);
    if (this.#listed?.filter === filter) return this.#listed.pictures;
    const pictures = this.#parts.library.listPictures(wanted);
    this.#listed = { filter, pictures };
    return pictures;
  }

  async #listTexts(wanted: LibraryFilter): Promise<readonly TextRef[]> {
    const filter = JSON.stringify(wanted);
    if (this.#listedTexts?.filter === filter) return this.#listedTexts.texts;
    const meanwhile = { changed: false };
    const stop = this.#parts.library.subscribe(() => (meanwhile.changed = true));
    const texts = await listTexts(this.#parts.library, wanted).finally(stop);
    if (!meanwhile.changed) this.#listedTexts = { filter, texts };
    return texts;
  }

  async #score(
    refs: readonly PictureRef[],
    wanted: Wanted,
    find: (sha256: string) => Float32Array | undefined,
  ): Promise<{ id: string; score: number }[]> {
    const scored: { id: string; score: number }[] = [];
    for (const [at, { id, sha256 }] of refs.entries()) {
      if (at % COMPARED_A_STEP === COMPARED_A_STEP - 1) await setImmediate();
      const vector = find(sha256);
      if (vector === undefined || id === wanted.itemId) continue;
      if (vector.length !== wanted.vector.length) throw unlikeVectors(wanted.vector.length, vector.length);
      scored.push({ id, score: cosineSimilarity(wanted.vector, vector) });
    }
    return scored;
  }

  async #read(like: SimilarTo, viewer: Viewer): Promise<Wanted> {
    if (like.type === 'text') return { vector: await this.#readText(like.text, viewer), itemId: null };
    if (like.type === 'image') return { vector: await readPicture(like.sha256, viewer.pictures), itemId: null };
    const item = this.#parts.library.getItem(like.itemId);
    const vector =
      item.kind === 'prompt' ? await this.#readText(item.text, viewer) : await readPicture(item.image.sha256, viewer.pictures);
    return { vector, itemId: item.id };
  }

  async #readText(text: string, { scorer, asked }: Viewer): Promise<Float32Array> {
    const known = asked.get(text);
    if (known !== undefined) return known;
    const context = { ...quietContext, signal: this.#parts.signal };
    const [vector] = (await scorer.embed({ images: [], texts: [text] }, context)).texts;
    if (vector === undefined) throw new Error('the scorer answered without the vector of a text');
    // Questions are repeated while pictures are looked at; the oldest go first.
    if (asked.size >= TEXTS_KEPT) asked.delete([...asked.keys()][0] ?? '');
    asked.set(text, vector);
    return vector;
  }

  async #openViewer(packId: string): Promise<Viewer> {
    const pack = await this.#parts.packs.openPack(packId, { signal: this.#parts.signal });
    const scorerKey = await nameScorer(pack);
    const known = this.#viewers.get(scorerKey);
    if (known !== undefined) return known;
    const viewer = this.#createViewer(pack, scorerKey);
    this.#viewers.set(scorerKey, viewer);
    // What failed is tried again by the next question.
    viewer.catch(() => this.#viewers.delete(scorerKey));
    return viewer;
  }

  async #createViewer(pack: ResolvedPack, scorerKey: string): Promise<Viewer> {
    const { library, models, store, signal } = this.#parts;
    const scorer = models.scorer(pack);
    const embed = createEmbedders({ library, scorer, context: { ...quietContext, signal } });
    const pictures = new KeptVectors({ key: scorerKey, store, embed: embed.pictures });
    const texts = new KeptVectors({ key: `${scorerKey} texts`, store, embed: embed.texts });
    const both = [false, true].map((trashed) => ({ text: '', kinds: [], trashed }));
    const presentPictures = new Set(both.flatMap((filter) => library.listPictures(filter)).map(({ sha256 }) => sha256));
    pictures.forget(pictures.names().filter((sha256) => !presentPictures.has(sha256)));
    if (texts.names().length > 0) {
      const present = await Promise.all(both.map((filter) => listTexts(library, filter)));
      const presentTexts = new Set(present.flat().map(({ sha256 }) => sha256));
      texts.forget(texts.names().filter((sha256) => !presentTexts.has(sha256)));
    }
    return { scorer, pictures, texts, asked: new Map() };
  }
}

/** The filter alone: what is asked for and how much of it make no other list. */
function readFilter(query: LibrarySimilarQuery): LibraryFilter {
  const { kinds, trashed, starred, boardId, packId, createdFromMs, createdBeforeMs } = query;
  return { text: '', kinds, trashed, starred, boardId, packId, createdFromMs, createdBeforeMs };
}

/** A scorer by the bytes of its graphs and by how pictures get into it: whatever changes one of these changes the vectors. */
async function nameScorer(pack: ResolvedPack): Promise<string> {
  const { vision, text, image } = requireRole(pack, 'scorer');
  const shaOf = (path: string) => pack.manifest.files.find((file) => file.path === path)?.sha256 ?? pack.manifestSha256;
  return hashBytes(Buffer.from(JSON.stringify([pack.manifest.id, shaOf(vision), shaOf(text), image])));
}

/** A scorer's graphs of texts and of pictures must give vectors of one length. */
function unlikeVectors(wanted: number, found: number): StudioError {
  return new StudioError(
    'pack-invalid',
    `The model cannot be used for this: its scorer gives vectors of ${wanted} numbers for one thing and of ${found} for another.`,
    'Verify the model, or choose another.',
    { wanted, found },
  );
}
