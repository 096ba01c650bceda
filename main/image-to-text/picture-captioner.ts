import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { CaptionerRole } from '../../contract/models/text-roles.ts';
import type { Pixels } from '../image/pixels.ts';
import { loadTransformers, modelOptions } from '../tensor/load-transformers.ts';
import type { Transformers } from '../tensor/load-transformers.ts';
import type { OpenSession } from '../tensor/session.ts';

/** What every family is asked with: the likeliest word at every place, so that the same picture is always told the same. */
interface Limits {
  readonly max_new_tokens: number;
  readonly do_sample: false;
  readonly num_beams: 1;
  readonly stopping_criteria: InstanceType<Transformers['InterruptableStoppingCriteria']>;
}

type RawImage = InstanceType<Transformers['RawImage']>;
/** Says what a picture shows in about so many words. */
type Describe = (image: RawImage, words: number, limits: Limits) => Promise<string>;

/** Words are often more than one token. */
const tokensAWord = 2;

/** Florence-2's own tasks, by the most words that are asked for. */
const florenceTasks = [
  [20, '<CAPTION>'],
  [50, '<DETAILED_CAPTION>'],
  [Infinity, '<MORE_DETAILED_CAPTION>'],
] as const;

/**
 * A model that says what a picture shows, by the graphs of a repository of transformers.js. Its graphs run in sessions that `openSession` opens,
 * so that it may be kept for ever: they come and go by themselves.
 */
export class PictureCaptioner {
  readonly #library: Transformers;
  readonly #describe: Describe;

  private constructor(library: Transformers, describe: Describe) {
    this.#library = library;
    this.#describe = describe;
  }

  /** @throws StudioError `pack-invalid` for a model of another kind or one that cannot be loaded; as `openSession` does */
  static async open(packFolder: string, role: CaptionerRole, openSession: OpenSession): Promise<PictureCaptioner> {
    const library = await loadTransformers();
    const open = families[role.model];
    if (open === undefined) {
      throw new StudioError(
        'pack-invalid',
        `Captions of the kind ${role.model} cannot be asked for.`,
        `Choose a model of one of these kinds: ${captionerKinds.join(', ')}.`,
        { model: role.model },
      );
    }
    const folder = join(packFolder, role.tokenizer);
    const describe = await orInvalid(() => open(library, folder, modelOptions(role.graphs, openSession)));
    return new PictureCaptioner(library, describe);
  }

  /** What a picture shows, in about so many words at most. Rejects with the signal's reason when cancelled, between two words. */
  async describe({ data, width, height }: Pixels, words: number, signal: AbortSignal): Promise<string> {
    const { RawImage, InterruptableStoppingCriteria } = this.#library;
    signal.throwIfAborted();
    const stopping = new InterruptableStoppingCriteria();
    const stop = (): void => stopping.interrupt();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const limits = {
        max_new_tokens: words * tokensAWord,
        do_sample: false,
        num_beams: 1,
        stopping_criteria: stopping,
      } as const;
      const text = await orInvalid(() => this.#describe(new RawImage(data, width, height, 3), words, limits));
      signal.throwIfAborted();
      return text.replaceAll(/\s+/gu, ' ').trim();
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

type OpenFamily = (library: Transformers, folder: string, options: ReturnType<typeof modelOptions>) => Promise<Describe>;

const openVisionEncoderDecoder: OpenFamily = async (library, folder, options) => {
  const processor = await library.AutoProcessor.from_pretrained(folder);
  const tokenizer = await library.AutoTokenizer.from_pretrained(folder);
  const model = await library.AutoModelForVision2Seq.from_pretrained(folder, options);
  return async (image, _words, limits) => {
    const { pixel_values: inputs } = (await processor(image)) as { pixel_values: unknown };
    const written = await model.generate({ inputs, ...limits } as Parameters<typeof model.generate>[0]);
    return tokenizer.batch_decode(written as number[][], { skip_special_tokens: true })[0] ?? '';
  };
};

/** What of the library's Florence2Processor is used. */
interface FlorenceProcessor {
  (image: RawImage, task: string): Promise<object>;
  batch_decode(tokens: number[][], options: { readonly skip_special_tokens: boolean }): string[];
  post_process_generation(text: string, task: string, size: [height: number, width: number]): Readonly<Record<string, unknown>>;
}

const openFlorence: OpenFamily = async (library, folder, options) => {
  const processor = (await library.AutoProcessor.from_pretrained(folder)) as unknown as FlorenceProcessor;
  const model = await library.AutoModelForImageTextToText.from_pretrained(folder, options);
  return async (image, words, limits) => {
    const task = florenceTasks.find(([most]) => words <= most)?.[1] ?? '<CAPTION>';
    const inputs = await processor(image, task);
    const written = await model.generate({ ...inputs, ...limits });
    const text = processor.batch_decode(written as number[][], { skip_special_tokens: false })[0] ?? '';
    const said = processor.post_process_generation(text, task, [image.height, image.width]);
    return String(said[task]).replaceAll(/<[^<>]*>/gu, ' ');
  };
};

/** By `model_type` of config.json. */
const families: Readonly<Record<string, OpenFamily>> = {
  'vision-encoder-decoder': openVisionEncoderDecoder,
  florence2: openFlorence,
};

/** The kinds of captioners that can be asked. */
export const captionerKinds: readonly string[] = Object.keys(families);

/** What the library throws is about the files it was given; what our own sessions throw says so itself. */
async function orInvalid<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = 'Verify the model, or get it again; the details say more.';
    throw new StudioError('pack-invalid', 'Its captions cannot be asked for.', hint, { reason: reason.slice(0, 500) }, cause);
  }
}
