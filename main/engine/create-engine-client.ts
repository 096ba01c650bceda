import { totalmem } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { takeImage } from '../image-to-text/encoded-length.ts';
import { writePromptDocument } from '../image-to-text/write-prompt-document.ts';
import type { ReadPicture } from '../ports/reader.ts';
import type { SearchSteps } from '../ports/scorer.ts';
import { quietContext } from '../running/run-context.ts';
import type { RunContext } from '../running/run-context.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type {
  EngineClient,
  EngineClientOptions,
  EngineGeneratedImage,
  EngineGeneration,
  EngineMeasuredPicture,
  EngineTiming,
  GenerateContext,
} from './engine-client.ts';
import { EventQueue } from './event-queue.ts';
import type {
  EncodedImagesMessage,
  EngineCommand,
  EngineEncodeRequest,
  EngineEvent,
  EngineGenerateRequest,
  EngineMeasureRequest,
  EngineSearchRequest,
} from './protocol.ts';
import { StampedFolders } from './stamped-folders.ts';
import { SupervisedEngine } from './supervised-engine.ts';

/** Half of this machine's memory: the rest is for the artist's other programs. */
export function defaultMemoryBudgetBytes(): number {
  return Math.floor(totalmem() / 2);
}

/** Builds the host's side of the engine. Nothing is started before the first request or `warm`. */
export function createEngineClient(options: EngineClientOptions): EngineClient {
  const engine = new SupervisedEngine({
    device: options.device,
    deviceReason: options.deviceReason,
    memoryBudgetBytes: options.memoryBudgetBytes ?? defaultMemoryBudgetBytes(),
    unloadAfterIdleMs: options.unloadAfterIdleMs ?? 5 * 60_000,
    cancelDeadlineMs: options.cancelDeadlineMs ?? 700,
    crashLoop: options.crashLoop ?? { limit: 3, windowMs: 60_000 },
    compileCacheFolder: options.compileCacheFolder ?? null,
    elsewhere: options.elsewhere ?? null,
    crashing: options.crashing ?? null,
    librariesFor: options.librariesFor ?? (() => null),
    log: options.log ?? (() => undefined),
  });
  const tokenizers = new StampedFolders<Tokenizer>();
  let timing: EngineTiming | null = null;
  const keepTiming = (measured: EngineTiming): void => {
    timing = measured;
  };
  const ask = <Answer>(order: Order, context: RunContext, read: (event: EngineEvent) => Answer | null): Promise<Answer> =>
    askFor(engine, order, context, keepTiming, read);
  return {
    encode: (request, context) => encode(engine, request, context, tokenizers, keepTiming),
    generate: (request, context) => generate(engine, request, context, keepTiming),
    score: (request, context) =>
      ask({ type: 'score', request }, context, (event) => (event.type === 'scores' ? event.scores : null)),
    measure: (request, context, onPicture) => measure(engine, request, context, onPicture, keepTiming),
    judge: (request, context) =>
      ask({ type: 'judge', request }, context, (event) =>
        event.type === 'judged' ? { losses: event.losses, latents: event.latents } : null,
      ),
    caption: (request, context) =>
      ask({ type: 'caption', request }, context, (event) => (event.type === 'captioned' ? event.caption : null)),
    embed: (request, context) =>
      ask({ type: 'embed', request }, context, (event) =>
        event.type === 'embeddings' ? { images: event.images, texts: event.texts, rows: event.rows } : null,
      ),
    features: (request, context) =>
      ask({ type: 'features', request }, context, (event) => (event.type === 'features' ? event.images : null)),
    search: (request, context, steps) => search(engine, request, context, steps, keepTiming),
    warm: () => engine.warm(),
    status: () => engine.status(),
    processId: () => engine.processId,
    onStatus: (listener) => engine.onStatus(listener),
    lastTiming: () => timing,
    unload: async () => {
      if (engine.processId !== null)
        await engine.call(
          (requestId) => ({ type: 'unload', requestId }),
          quietContext.signal,
          () => undefined,
        );
    },
    kill: () => engine.kill(),
    restart: () => engine.restart(),
    explainCrashes: () => engine.explainCrashes(),
    setDevice: (device, reason) => engine.setDevice(device, reason),
    setLimits: (limits) => engine.setLimits(limits),
    close: () => engine.close(),
  };
}

/** The engine sends bare numbers; documents are written here, while the engine runs the next batch. */
async function* encode(
  engine: SupervisedEngine,
  request: EngineEncodeRequest,
  context: RunContext,
  tokenizers: StampedFolders<Tokenizer>,
  onTiming: (timing: EngineTiming) => void,
): AsyncGenerator<ReadPicture, void, undefined> {
  const tokenizer = tokenizers.take(join(request.packFolder, request.encoder.tokenizer), loadTokenizer);
  // Met with the first text; until then the engine may fail first, and nobody would hear of this.
  tokenizer.catch(() => undefined);
  const leaving = new AbortController();
  const signal = AbortSignal.any([context.signal, leaving.signal]);
  const batches = new EventQueue<EncodedImagesMessage>();
  const call = engine
    .call(
      (requestId) => ({ type: 'encode', requestId, request }),
      signal,
      (event) => {
        if (event.type === 'encoded-images') batches.push(event);
        else pass(event, context);
      },
    )
    .then(
      (measured) => {
        onTiming(measured);
        batches.end();
      },
      (error: unknown) => batches.fail(error),
    );
  try {
    for await (const batch of batches) yield* writeKnownDocuments(batch, request, await tokenizer);
  } finally {
    leaving.abort();
    await call;
  }
}

/** An id that the pack's own vocabulary lacks is the pack's fault, not the text's. */
function* writeKnownDocuments(
  batch: EncodedImagesMessage,
  request: EngineEncodeRequest,
  tokenizer: Tokenizer,
): Generator<ReadPicture, void, undefined> {
  try {
    // Candidates are looked up when somebody asks for them; here it is still known whose fault one is.
    for (const { tokenIds } of batch.lengths) for (const id of new Set(tokenIds)) tokenizer.tokenText(id);
    yield* writeDocuments(batch, request, tokenizer);
  } catch (error) {
    if (!(error instanceof StudioError && error.code === 'prompt-invalid')) throw error;
    const message = `The model ${request.packId} cannot be used for this. Its encoder names a token that its vocabulary lacks.`;
    throw new StudioError('pack-invalid', message, 'Verify the model, or choose another.', { ...error.details }, error);
  }
}

function* writeDocuments(
  { images, lengths, read }: EncodedImagesMessage,
  request: EngineEncodeRequest,
  tokenizer: Tokenizer,
): Generator<ReadPicture, void, undefined> {
  for (const { imageIndex, place, error } of images) {
    const imageSha256 = request.images[imageIndex]?.imageSha256 ?? null;
    const { packId, packVersion, encoder } = request;
    const { patchGrid, inside } = encoder;
    const reader = { method: 'de-diffusion' as const, insideThreshold: inside?.threshold };
    const facts = { packId, packVersion, imageSha256, patchGrid, tokenizer, ...reader };
    const said = place === null ? [] : lengths.map((encoded) => takeImage(encoded, place, read));
    yield { imageIndex, imageSha256, texts: said.map((encoded) => writePromptDocument(encoded, facts)), error };
  }
}

async function generate(
  engine: SupervisedEngine,
  request: EngineGenerateRequest,
  context: GenerateContext,
  onTiming: (timing: EngineTiming) => void,
): Promise<EngineGeneration> {
  const images: EngineGeneratedImage[] = [];
  let prompt: Pick<EngineGeneration, 'tokenIds' | 'tokenWeights'> = { tokenIds: [], tokenWeights: [] };
  const timing = await engine.call(
    (requestId) => ({ type: 'generate', requestId, request }),
    context.signal,
    (event) => {
      if (event.type === 'prompt') prompt = { tokenIds: event.tokenIds, tokenWeights: event.tokenWeights };
      else if (event.type === 'preview') context.onPreview?.({ imageIndex: event.imageIndex, step: event.step, png: event.png });
      else if (event.type === 'generated-image') {
        const { imageIndex, seed, width, height, device, png, fidelity } = event;
        const image = { imageIndex, seed, width, height, device, png, fidelity };
        images.push(image);
        context.onImage?.(image);
      } else pass(event, context);
    },
  );
  onTiming(timing);
  return { images, ...prompt, timing };
}

/** A command without the number that the engine's client gives it. */
type Order = CommandWithoutId<EngineCommand>;
type CommandWithoutId<Command> = Command extends { readonly requestId: number } ? Omit<Command, 'requestId'> : never;

/** Sends a request that has one answer; `read` gives what an event says of it, or null for another event. */
async function askFor<Answer>(
  engine: SupervisedEngine,
  order: Order,
  context: RunContext,
  onTiming: (timing: EngineTiming) => void,
  read: (event: EngineEvent) => Answer | null,
): Promise<Answer> {
  const answers: Answer[] = [];
  const timing = await engine.call(
    (requestId) => ({ ...order, requestId }),
    context.signal,
    (event) => {
      const said = read(event);
      if (said === null) pass(event, context);
      else answers.push(said);
    },
  );
  onTiming(timing);
  const [answer] = answers;
  if (answer === undefined) throw new Error(`the engine ended a ${order.type} without an answer`);
  return answer;
}

async function search(
  engine: SupervisedEngine,
  request: EngineSearchRequest,
  context: RunContext,
  { onText, onSweep }: SearchSteps,
  onTiming: (timing: EngineTiming) => void,
): Promise<void> {
  const timing = await engine.call(
    (requestId) => ({ type: 'search', requestId, request }),
    context.signal,
    (event) => {
      if (event.type === 'found-text') onText(event.text);
      else if (event.type === 'search-state') onSweep(event.state);
      else pass(event, context);
    },
  );
  onTiming(timing);
}

async function measure(
  engine: SupervisedEngine,
  request: EngineMeasureRequest,
  context: RunContext,
  onPicture: (picture: EngineMeasuredPicture) => void,
  onTiming: (timing: EngineTiming) => void,
): Promise<void> {
  const timing = await engine.call(
    (requestId) => ({ type: 'measure', requestId, request }),
    context.signal,
    (event) => {
      if (event.type === 'measured-picture') {
        const { promptIndex, seed, fidelity, png } = event;
        onPicture({ promptIndex, seed, fidelity, png });
      } else pass(event, context);
    },
  );
  onTiming(timing);
}

function pass(event: EngineEvent, context: RunContext): void {
  if (event.type === 'progress') context.onProgress(event.progress);
  else if (event.type === 'log') context.log(event.message);
}
