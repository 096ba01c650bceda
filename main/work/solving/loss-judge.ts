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
  /**
   * Places of the texts, where those of a search may be read in rows as short as that: beside those of a whole row they are in the same order
   * (their losses go together with a correlation of .99), in three quarters of the time. What is compared at the end is read as it is drawn.
   */
  readonly places?: number;
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
  readonly judge: JudgeTexts = (texts, levels) => {
    const { places } = this.#options;
    return this.#ask(texts, levels, places === undefined ? {} : { rowLength: places + 2 });
  };

  /** Mean losses of texts at noise no search saw, all at the same. */
  async compare(texts: readonly (readonly number[])[]): Promise<number[]> {
    return (await this.#ask(texts, CHECK_LEVELS, {})).map(mean);
  }

  async #ask(
    texts: readonly (readonly number[])[],
    levels: readonly number[],
    rows: { readonly rowLength?: number },
  ): Promise<number[][]> {
    this.#calls += 1;
    const { seed, onAsked, settings = {}, cells } = this.#options;
    const looks = levels.map((level, index) => ({ seed: (seed + this.#calls * SEED_STRIDE + index) % SEED_END, level }));
    const asked = { texts: texts.map((tokenIds) => this.#toTokens(tokenIds)), looks, settings, original: this.#original };
    const order = { ...asked, ...rows, ...(cells === undefined ? {} : { cells }) };
    const { losses, latents } = await this.#drawer.judge(order, this.#context);
    this.#original = latents;
    this.#asked += losses.length;
    onAsked?.(this.#asked);
    return texts.map((_, text) => [...losses.subarray(text * looks.length, (text + 1) * looks.length)]);
  }

  #toTokens(places: readonly number[]): PromptTokens {
    const { tokenWeights } = this.#options;
    const filled = places.flatMap((tokenId, place) =>
      tokenId === EMPTY_PLACE ? [] : [{ tokenId, weight: tokenWeights?.[place] ?? 1 }],
    );
    return { tokenIds: filled.map(({ tokenId }) => tokenId), tokenWeights: filled.map(({ weight }) => weight) };
  }
}
