import { StudioError } from '../../contract/errors.ts';
import type { Progress, RunContext } from '../running/run-context.ts';
import type { OpenSession, Session } from '../tensor/session.ts';
import { pauseFor } from '../tensor/yield-to-event-loop.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { decodeLatents } from './vae/autoencoder.ts';
import { canShareRun, stackTexts } from './conditioning.ts';
import type { Conditioning } from './conditioning.ts';
import { denoise } from './denoise.ts';
import { fillsIn, hasEmbeddedGuidance } from './denoiser.ts';
import { DecoderGraphs } from './decoder-graphs.ts';
import { encodeLikeliest, encodeStart } from './vae/encode-start.ts';
import type { PictureEncoding, Start } from './vae/encode-start.ts';
import { encodeTexts } from './encode-texts.ts';
import type {
  GenerateRequest,
  GeneratedBatch,
  GeneratedPicture,
  PromptInput,
  PromptOptions,
  VariantPicture,
  VariantsRequest,
} from './generate-request.ts';
import { createGenerationProgress } from './generation-progress.ts';
import { initialLatents } from './initial-latents.ts';
import { beginMasked } from './masks/begin-masked.ts';
import { mixConditioning } from './mix-conditioning.ts';
import { judgeTexts, takesShortTexts } from './judges/judge-texts.ts';
import type { Judgement, JudgeRequest } from './judges/judge-texts.ts';
import { createNoiseSource } from './noise-source.ts';
import { pictureBatches, picturesAtOnce } from './picture-batches.ts';
import { createPreviewer } from './previewer.ts';
import { PromptReader } from './prompt-reader.ts';
import type { TextPrompts } from './prompt-reader.ts';
import { readDecoderFolder } from './read-decoder-folder.ts';
import type { DecoderConfig } from './read-decoder-folder.ts';
import { createScheduler } from './schedulers/create-scheduler.ts';
import type { Scheduler } from './schedulers/scheduler.ts';

/**
 * Text to image over any folder of a known family (families/), in the numbered steps of diffusers' StableDiffusionPipeline, whose
 * numbers it gives (test/golden/stable-diffusion.json). Graphs are opened at first use and kept until `release`.
 */
export class DiffusionPipeline {
  readonly config: DecoderConfig;
  readonly #prompts: PromptReader;
  readonly #graphs: DecoderGraphs;

  private constructor(config: DecoderConfig, prompts: PromptReader, openSession: OpenSession) {
    this.config = config;
    this.#prompts = prompts;
    this.#graphs = new DecoderGraphs(config.folder, openSession);
  }

  /** Reads configs and tokenizer; opens no graph. Throws `pack-file-missing` or `pack-invalid`. */
  static async open(folder: string, openSession: OpenSession): Promise<DiffusionPipeline> {
    const config = await readDecoderFolder(folder);
    return new DiffusionPipeline(config, await PromptReader.open(config), openSession);
  }

  /** Of the text encoder a document's tokens are for. */
  get tokenizer(): Tokenizer {
    return this.#prompts.tokenizer;
  }

  /**
   * Draws as many pictures at once as fit and gives each batch as soon as it is finished; how many that are is decided here alone. Prompts
   * and an initial picture are encoded once, whatever the count. Throws `bad-request` for a size or step count that cannot be drawn and for a mask that
   * is missing or black, and the signal's reason once it is aborted.
   */
  async *generate(request: GenerateRequest, context: RunContext): AsyncGenerator<GeneratedBatch, void, undefined> {
    context.signal.throwIfAborted();
    const { width, height } = this.#sizeOf(request);
    const beforeRun = pauseFor(context.signal);
    const planned = this.#schedule(request);
    const stepsEach = planned.timesteps.length - planned.firstStep;
    const progress = createGenerationProgress(context, 2 + request.count * (stepsEach + 1));
    context.onProgress({ fraction: 0, phase: 'loading', step: 0, steps: stepsEach });
    const denoiser = await this.#graphs.open(this.config.family.denoiser.component);

    // 1. Tokenise.
    const tokens = this.#prompts.tokensOf(request.prompt);
    const isGuided = request.guidanceScale > 1 && !hasEmbeddedGuidance(denoiser, this.config.family);

    // 2. Encode the negative prompt and the prompt together.
    const prompt = wantedText(request.prompt, request);
    const { mixed } = request;
    const group = [
      ...(isGuided ? [unwantedText(request.negative, request, request.secondNegative)] : []),
      ...(mixed === undefined ? [prompt] : [prompt, wantedText(mixed.prompt, request)]),
    ];
    const [encoded = []] = await encodeTexts(this.config, this.#prompts, this.#graphs, [group], beforeRun);
    const texts = mixed === undefined ? encoded : mixLast(encoded, mixed.share);
    progress.advance('encoding', 1, 0, stepsEach);
    const start = await encodeStart(request.init, fillsIn(denoiser, this.config), this.#encoding(beforeRun));
    progress.advance('encoding', 1, 0, stepsEach);

    // 3. Plan the timesteps, then 4. to 6. for as many pictures at once as fit.
    const ofAll = { tokenIds: tokens.map(({ id }) => id), tokenWeights: tokens.map(({ weight }) => weight), width, height };
    let firstIndex = 0;
    for (const seeds of pictureBatches(request.seed, request.count, { width, height }, isGuided)) {
      const scheduler = this.#schedule(request);
      const batch = { firstIndex, seeds, width, height, texts, ...start, denoiser, scheduler };
      const onStep = (phase: Progress['phase'], step: number): void => progress.advance(phase, seeds.length, step, stepsEach);
      yield { firstIndex, pictures: await this.#drawBatch(request, batch, onStep, beforeRun), ...ofAll };
      firstIndex += seeds.length;
    }
  }

  /**
   * Draws every prompt at every seed, as many pictures at once as fit whatever prompt they are of, and gives each batch as soon as it
   * is finished. All prompts are encoded together before the first. `step` of the progress counts finished pictures. Throws as `generate` does.
   */
  async *drawVariants(request: VariantsRequest, context: RunContext): AsyncGenerator<readonly VariantPicture[], void, undefined> {
    context.signal.throwIfAborted();
    const size = this.#sizeOf(request);
    const beforeRun = pauseFor(context.signal);
    const total = request.prompts.length * request.seeds.length;
    context.onProgress({ fraction: 0, phase: 'loading', step: 0, steps: total });
    const denoiser = await this.#graphs.open(this.config.family.denoiser.component);
    const isGuided = request.guidanceScale > 1 && !hasEmbeddedGuidance(denoiser, this.config.family);
    const negative = isGuided ? [unwantedText(request.negative, request)] : [];
    const planned = this.#schedule(request);
    const progress = createGenerationProgress(context, total * (planned.timesteps.length + 1));
    let finished = 0;
    const waiting: TextToDraw[] = [];
    const draw = async (waited: readonly TextToDraw[]): Promise<readonly VariantPicture[]> => {
      const seeds = waited.map(({ seed }) => seed);
      const batch = {
        firstIndex: finished,
        seeds,
        ...size,
        texts: stackTexts(waited.map(({ texts }) => texts)),
        initial: null,
        masked: null,
        denoiser,
        scheduler: this.#schedule(request),
      };
      const onStep = (phase: Progress['phase']): void => progress.advance(phase, seeds.length, finished, total);
      const pictures = await this.#drawBatch({ ...request, seed: seeds[0] ?? 0 }, batch, onStep, beforeRun);
      finished += pictures.length;
      progress.advance('decoding', 0, finished, total);
      return pictures.map((picture, index) => ({ ...picture, promptIndex: waited[index]?.promptIndex ?? 0 }));
    };
    const groups = request.prompts.map((prompt) => [...negative, wantedText(prompt, request)]);
    for (const [promptIndex, texts] of (
      await encodeTexts(this.config, this.#prompts, this.#graphs, groups, beforeRun)
    ).entries()) {
      for (const seed of request.seeds) {
        // Texts of another number of chunks cannot share a run.
        const fits = canShareRun(waiting[0]?.texts[0] ?? {}, texts[0] ?? {});
        if (waiting.length > 0 && !fits) yield await draw(waiting.splice(0));
        waiting.push({ promptIndex, seed, texts });
        if (waiting.length === picturesAtOnce(size, isGuided)) yield await draw(waiting.splice(0));
      }
    }
    if (waiting.length > 0) yield await draw(waiting);
  }

  /**
   * How well each text tells the denoiser what is in a picture. Whoever searches asks hundreds of times and knows how far it is; a call tells of no
   * progress. Throws as `judgeTexts` does, and the signal's reason once it is aborted.
   */
  async judge(
    { original, texts, looks, cells, rowLength, ...options }: JudgeRequest,
    { signal }: Pick<RunContext, 'signal'>,
  ): Promise<Judgement> {
    signal.throwIfAborted();
    const beforeRun = pauseFor(signal);
    const denoiser = await this.#graphs.open(this.config.family.denoiser.component);
    const latents = original instanceof Float32Array ? original : await encodeLikeliest(original, this.#encoding(beforeRun));
    const groups = texts.map((text) => [wantedText(text, options)]);
    const shorter = rowLength !== undefined && takesShortTexts(denoiser) ? { rowLength } : {};
    const told = await encodeTexts(this.config, this.#prompts, this.#graphs, groups, beforeRun, shorter);
    const counted = cells === undefined ? {} : { cells };
    const order = { config: this.config, denoiser, latents, texts: told.flat(), looks, ...counted, beforeRun };
    return { losses: await judgeTexts(order), latents };
  }

  /** Closes every graph; the next call opens what it needs again. */
  async release(): Promise<void> {
    await this.#graphs.release();
  }

  async #drawBatch(
    request: Pick<
      GenerateRequest,
      'guidanceScale' | 'guidanceRescale' | 'guidanceFromTimestep' | 'preview' | 'openPreviewDecoder' | 'seed'
    >,
    batch: PictureBatch,
    onRun: (phase: Progress['phase'], step: number) => void,
    beforeRun: () => Promise<void>,
  ): Promise<GeneratedPicture[]> {
    const { firstIndex, seeds, width, height, texts, initial, masked, denoiser, scheduler } = batch;
    const { config } = this;
    const shape = [seeds.length, config.latentChannels, height / config.scaleFactor, width / config.scaleFactor] as const;
    const noise = createNoiseSource(seeds, shape[1] * shape[2] * shape[3]);

    // 4. Latents: noise, or the initial picture under as much noise as the first step expects.
    const begun = masked && beginMasked(masked, noise, seeds.length, scheduler, config);
    const latents = begun?.latents ?? initialLatents(initial, noise, seeds.length, scheduler, config);

    // 5. Denoise.
    const openVaeDecoder = (): Promise<Session> => this.#graphs.open('vae_decoder');
    const previewer = await createPreviewer(request, firstIndex, openVaeDecoder, config, shape, beforeRun);
    const { guidanceScale, guidanceRescale = 0, guidanceFromTimestep = 0 } = request;
    const onStep = (step: number): void => onRun('denoising', step);
    const { family } = config;
    const run = {
      family,
      session: denoiser,
      scheduler,
      latents,
      shape,
      texts,
      guidanceScale,
      guidanceRescale,
      size: { width, height },
      guidanceFromTimestep,
      noise,
      masked: begun?.run ?? null,
      previewer,
      beforeRun,
      onStep,
    };
    await denoise(run);

    // 6. Decode.
    const images = await decodeLatents(
      await openVaeDecoder(),
      { dtype: 'float32', shape, data: latents },
      config,
      seeds.length,
      beforeRun,
    );
    onRun('decoding', scheduler.timesteps.length - scheduler.firstStep);
    return images.map((image, index) => ({ seed: seeds[index] ?? request.seed, image }));
  }

  #schedule(request: Pick<GenerateRequest, 'scheduler' | 'steps' | 'init' | 'width' | 'height'>): Scheduler {
    const strength = request.init === undefined ? {} : { strength: request.init.strength };
    const { family, scaleFactor, scheduler } = this.config;
    const { width, height } = this.#sizeOf(request);
    const patch = scaleFactor * family.denoiser.patchSide;
    const flow = { patches: (width / patch) * (height / patch), evenLevels: family.evenNoiseLevels };
    return createScheduler(request.scheduler, scheduler, { steps: request.steps, flow, ...strength });
  }

  #encoding(beforeRun: () => Promise<void>): PictureEncoding {
    return { config: this.config, openEncoder: () => this.#graphs.open('vae_encoder'), beforeRun };
  }

  #sizeOf(request: Pick<GenerateRequest, 'width' | 'height' | 'init'>): { width: number; height: number } {
    const { defaultWidth, defaultHeight, multipleOf } = this.config;
    const { width = defaultWidth, height = defaultHeight, init } = request;
    if (width % multipleOf !== 0 || height % multipleOf !== 0) {
      throw new StudioError(
        'bad-request',
        `This model draws pictures whose sides are multiples of ${multipleOf}; ${width} × ${height} is not.`,
        `Choose multiples of ${multipleOf}, such as ${defaultWidth} × ${defaultHeight}.`,
        { width, height, multipleOf },
      );
    }
    for (const pixels of [init?.image, init?.mask]) {
      if (pixels === undefined || (pixels.width === width && pixels.height === height)) continue;
      throw new Error(`what is begun with is ${pixels.width} × ${pixels.height}, not ${width} × ${height}`);
    }
    return { width, height };
  }
}

interface TextToDraw {
  readonly promptIndex: number;
  readonly seed: number;
  /** What the negative and the positive say, or the positive alone. */
  readonly texts: readonly Conditioning[];
}

interface PictureBatch extends Start {
  readonly firstIndex: number;
  readonly seeds: readonly number[];
  readonly width: number;
  readonly height: number;
  /** What the negative and the positive say, or the positive alone. */
  readonly texts: readonly Conditioning[];
  readonly denoiser: Session;
  readonly scheduler: Scheduler;
}

/** The last two texts become one. */
function mixLast(texts: readonly Conditioning[], share: number): Conditioning[] {
  const [first = {}, second = {}] = texts.slice(-2);
  return [...texts.slice(0, -2), mixConditioning(first, second, share)];
}

function wantedText(first: PromptInput, { secondPrompt, clipSkip, emphasis }: PromptOptions): TextPrompts {
  return { first, second: secondPrompt ?? null, isNegative: false, clipSkip: clipSkip ?? 0, emphasis: emphasis ?? 'a1111' };
}

/** What is not wanted is read with every layer, whatever the prompt leaves out. */
function unwantedText(first: PromptInput, { emphasis }: PromptOptions, second: PromptInput | null = null): TextPrompts {
  return { first, second, isNegative: true, clipSkip: 0, emphasis: emphasis ?? 'a1111' };
}
