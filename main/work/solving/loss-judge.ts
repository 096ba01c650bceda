import type { ResolvedPack } from '../../packs/pack-registry.ts';
import type { JudgeOrder, PackDrawer } from '../../ports/drawer.ts';
import type { PromptTokens } from '../../prompt/collect-tokens.ts';
import { EMPTY_PLACE, mean } from '../../prompt/judged-sweep.ts';
import type { JudgeTexts } from '../../prompt/judged-sweep.ts';
import type { RunContext } from '../../running/run-context.ts';
import type { CellWeights } from '../../text-to-image/judges/judge-texts.ts';
import type { JobServices } from '../../services/job-services.ts';

/** Where texts are compared at the end; none is asked for in a search's order, and their noise is fresh. */
const CHECK_LEVELS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Noises a call draws lie this far apart, so that none meets another's. */
const SEED_STRIDE = 64;
const SEED_END = Number.MAX_SAFE_INTEGER;

export interface LossJudgeOptions {
  readonly pack: ResolvedPack;
  /** Absolute path of the picture, or the bytes of its file. */
  readonly original: string | Uint8Array;
  /** The noise of the looks follows from it: the same seed judges in the same way. */
  readonly seed: number;
  /** How the decoder reads a text besides its words; absent: as it is. */
  readonly settings?: JudgeOrder['settings'];
  /** Which parts of the picture count; absent: all of it. */
  readonly cells?: CellWeights;
  /** Weights by place; absent: all 1. */
  readonly tokenWeights?: readonly number[];
  /** Where an earlier run of the same judging was: the noise goes on from there. */
  readonly earlier?: { readonly evaluations: number; readonly calls: number };
  /** Called after each answer with the losses asked for so far. */
  readonly onAsked?: (evaluations: number) => void;
}

/** Judges texts by the decoder's own loss on one picture, each call at noise that no call before saw. Places without a word are left out. */
export class LossJudge {
  readonly #drawer: PackDrawer;
  readonly #options: LossJudgeOptions;
  readonly #context: RunContext;
  #original: string | Uint8Array | Float32Array;
  #calls: number;
  #asked: number;

  /** @throws StudioError `pack-role-missing` for a pack without a decoder */
  constructor({ models }: JobServices, options: LossJudgeOptions, context: RunContext) {
    this.#drawer = models.drawer(options.pack);
    this.#options = options;
    this.#original = options.original;
    this.#calls = options.earlier?.calls ?? 0;
    this.#asked = options.earlier?.evaluations ?? 0;
    this.#context = { ...context, onProgress: () => undefined };
  }

  /** Losses asked for so far. */
  get evaluations(): number {
    return this.#asked;
  }

  /** Calls so far; each has noise of its own. */
  get calls(): number {
    return this.#calls;
  }

  /** Throws StudioError `pack-invalid` for a decoder that was distilled. */
  readonly judge: JudgeTexts = async (texts, levels) => {
    this.#calls += 1;
    const { seed, onAsked, settings = {}, cells } = this.#options;
    const looks = levels.map((level, index) => ({ seed: (seed + this.#calls * SEED_STRIDE + index) % SEED_END, level }));
    const asked = { texts: texts.map((tokenIds) => this.#toTokens(tokenIds)), looks, settings, original: this.#original };
    const order = { ...asked, ...(cells === undefined ? {} : { cells }) };
    const { losses, latents } = await this.#drawer.judge(order, this.#context);
    this.#original = latents;
    this.#asked += losses.length;
    onAsked?.(this.#asked);
    return texts.map((_, text) => [...losses.subarray(text * looks.length, (text + 1) * looks.length)]);
  };

  /** Mean losses of texts at noise no search saw, all at the same. */
  async compare(texts: readonly (readonly number[])[]): Promise<number[]> {
    return (await this.judge(texts, CHECK_LEVELS)).map(mean);
  }

  #toTokens(places: readonly number[]): PromptTokens {
    const { tokenWeights } = this.#options;
    const filled = places.flatMap((tokenId, place) =>
      tokenId === EMPTY_PLACE ? [] : [{ tokenId, weight: tokenWeights?.[place] ?? 1 }],
    );
    return { tokenIds: filled.map(({ tokenId }) => tokenId), tokenWeights: filled.map(({ weight }) => weight) };
  }
}
