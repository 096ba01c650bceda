import { basename } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { deviceNameSchema } from '../../contract/studio-info.ts';
import type { Device } from '../../contract/studio-info.ts';
import { PictureReader } from '../image/picture-reader.ts';
import type { Progress, RunContext } from '../running/run-context.ts';
import { PictureCaptioner } from '../image-to-text/picture-captioner.ts';
import { inferenceClock } from '../tensor/inference-clock.ts';
import { measureGraph } from '../tensor/measure-graph.ts';
import { openOnnxSession } from '../tensor/onnx-session.ts';
import type { OpenSession } from '../tensor/session.ts';
import { DiffusionPipeline } from '../text-to-image/diffusion-pipeline.ts';
import { loadScorerTokenizer } from '../text-to-image/judges/load-scorer-tokenizer.ts';
import type { PromptTokenizer } from '../tokenizer/prompt-tokenizer.ts';
import { traceError } from '../running/trace-error.ts';
import type { EngineWork } from './engine-work.ts';
import { engineCommandSchema, readRequestId } from './protocol.ts';
import type { EngineCommand, EngineEvent, EngineLimits, EngineMessage, EngineScoreRequest } from './protocol.ts';
import { PictureComparison } from './picture-comparison.ts';
import { RemoteGraphs } from './remote/remote-graphs.ts';
import { runCaption } from './run-caption.ts';
import { runEmbed } from './scoring/run-embed.ts';
import { runFeatures } from './scoring/run-features.ts';
import { runEncode } from './run-encode.ts';
import { runGenerate } from './run-generate.ts';
import { runJudge } from './run-judge.ts';
import { runMeasure } from './run-measure.ts';
import { runSearch } from './scoring/run-search.ts';
import { SessionCache } from './memory/session-cache.ts';
import { StampedFolders } from './stamped-folders.ts';
import { nameGraph, watchGraphs } from './crashes/watch-graphs.ts';

type WorkCommand = Extract<
  EngineCommand,
  { type: 'encode' | 'generate' | 'score' | 'embed' | 'features' | 'search' | 'measure' | 'judge' | 'caption' | 'unload' }
>;

interface Current {
  readonly requestId: number;
  readonly controller: AbortController;
  /** What went wrong beside the run, where nobody waited for it. */
  stray: { readonly error: unknown } | null;
}

export interface EngineRequestsOptions {
  /** Where graphs run; every event says so. */
  readonly device: Device;
  readonly send: (event: EngineEvent) => void;
  /** A line for the host's log; nothing a person wrote, drew or named. */
  readonly log: (line: string) => void;
  /** Called after every request. */
  readonly onFinished: () => void;
}

/** What the host asks of the engine, one request at a time. No message can end it: what it does not understand fails, and it goes on. */
export class EngineRequests {
  readonly #options: EngineRequestsOptions;
  /** A model run blocks this thread: enough pictures lie ready beside it for the next ones. */
  readonly #pictures = new PictureReader({ mostAhead: 64 });
  /** Both hold configs, vocabularies and handles of graphs. */
  readonly #pipelines = new StampedFolders<DiffusionPipeline>();
  readonly #captioners = new StampedFolders<PictureCaptioner>();
  readonly #tokenizers = new StampedFolders<PromptTokenizer>();
  readonly #elsewhere: RemoteGraphs;
  #sessions: SessionCache | null = null;
  #avoided: ReadonlySet<string> = new Set();
  /** The graph that is on trial, as the host knows it. */
  #triedGraph: string | null = null;
  #limits: EngineLimits | null = null;
  #current: Current | null = null;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: EngineRequestsOptions) {
    this.#options = options;
    this.#elsewhere = new RemoteGraphs((ask) => {
      this.#emit({ type: 'remote-ask', requestId: this.#current?.requestId ?? 0, ...ask });
    });
  }

  receive(message: unknown): void {
    const command = engineCommandSchema.safeParse(message);
    if (!command.success) this.#refuse(readRequestId(message), z.prettifyError(command.error));
    else if (command.data.type === 'start') this.#start(command.data);
    else if (command.data.type === 'limits') this.#limit(command.data);
    else if (command.data.type === 'avoid') this.#avoided = new Set(command.data.graphs);
    else if (command.data.type === 'remote-answer') this.#elsewhere.settle(command.data);
    else if (command.data.type === 'cancel') this.#cancel(command.data.requestId);
    else if (this.#current) this.#refuse(command.data.requestId, `request ${this.#current.requestId} is not finished`);
    else void this.#take(command.data);
  }

  /** Something that nobody waited for went wrong: whatever runs can no longer be trusted and fails; the next request starts anew. */
  failStray(error: unknown): void {
    this.#log(error);
    if (!this.#current) return;
    this.#current.stray ??= { error };
    this.#current.controller.abort();
  }

  #start(limits: EngineLimits): void {
    const { device } = this.#options;
    this.#limits = limits;
    const own = deviceNameSchema.safeParse(device);
    this.#sessions = new SessionCache({
      ...(own.success
        ? { openSession: this.#watch((path) => openOnnxSession(path, { device: own.data })), measure: measureGraph }
        : { openSession: this.#elsewhere.open, measure: () => Promise.resolve(0) }),
      memoryBudgetBytes: limits.memoryBudgetBytes,
      readMemoryBytes: () => process.memoryUsage.rss(),
      onChange: () => this.#emit({ type: 'memory', ...this.#readMemory() }),
    });
    this.#emit({ type: 'ready', ...this.#readMemory() });
  }

  /** A message costs as much as a small graph's run, so that only changes are told. */
  #watch(open: OpenSession): OpenSession {
    return watchGraphs(open, {
      isAvoided: (path) => this.#avoided.has(path),
      onTrial: (path) => {
        if (path === this.#triedGraph) return;
        this.#triedGraph = path;
        this.#emit({ type: 'graph', requestId: this.#current?.requestId ?? 0, path });
      },
    });
  }

  #limit(limits: EngineLimits): void {
    this.#limits = limits;
    if (!this.#current) this.#waitToUnload();
    void this.#sessions?.setMemoryBudget(limits.memoryBudgetBytes);
  }

  #cancel(requestId: number): void {
    if (this.#current?.requestId === requestId) this.#current.controller.abort();
  }

  #refuse(requestId: number | null, reason: string): void {
    this.#options.log(`a command was refused: ${reason}`);
    if (requestId === null || requestId === this.#current?.requestId) return;
    this.#emit({ type: 'failed', requestId, error: ofTheStudio(reason), memory: this.#readMemory() });
  }

  async #take(command: WorkCommand): Promise<void> {
    const { requestId } = command;
    const current: Current = { requestId, controller: new AbortController(), stray: null };
    this.#current = current;
    this.#triedGraph = null;
    clearTimeout(this.#idleTimer);
    const startMs = performance.now();
    const runtimeStartMs = inferenceClock.elapsedMs;
    const report = (progress: Progress): void => this.#emit({ type: 'progress', requestId, progress });
    try {
      await this.#answer(command, {
        signal: current.controller.signal,
        onProgress: thinProgress(report, () => performance.now()),
        log: (message) => this.#emit({ type: 'log', requestId, message }),
      });
      if (current.stray) throw current.stray.error;
      const [runtimeMs, wallMs] = [inferenceClock.elapsedMs - runtimeStartMs, performance.now() - startMs];
      this.#finish({ type: 'done', requestId, runtimeMs, wallMs, memory: this.#readMemory() });
    } catch (thrown) {
      const error = current.stray ? current.stray.error : thrown;
      const memory = this.#readMemory();
      if (!current.stray && current.controller.signal.aborted) this.#finish({ type: 'cancelled', requestId, memory });
      else this.#finish({ type: 'failed', requestId, error: namePack(this.#describe(error), command), memory });
    }
  }

  async #answer(command: WorkCommand, context: RunContext): Promise<void> {
    const sessions = this.#sessions;
    if (!sessions) throw new Error('a request before start');
    const work: EngineWork = {
      requestId: command.requestId,
      sessions,
      pictures: this.#pictures,
      openPipeline: (folder) => this.#pipelines.take(folder, () => DiffusionPipeline.open(folder, sessions.open)),
      openCaptioner: (folder, role) => this.#captioners.take(folder, () => PictureCaptioner.open(folder, role, sessions.open)),
      openTokenizer: (folder) => this.#tokenizers.take(folder, loadScorerTokenizer),
      context,
      emit: (message) => this.#emit(message),
    };
    // It starts while the graphs are loaded.
    if (command.type !== 'unload') this.#pictures.warm();
    if (command.type === 'encode') return runEncode(command.request, work);
    if (command.type === 'generate') return runGenerate(command.request, work);
    if (command.type === 'score') return runScore(command.request, work);
    if (command.type === 'embed') return runEmbed(command.request, work);
    if (command.type === 'features') return runFeatures(command.request, work);
    if (command.type === 'search') return runSearch(command.request, work);
    if (command.type === 'measure') return runMeasure(command.request, work);
    if (command.type === 'judge') return runJudge(command.request, work);
    if (command.type === 'caption') return runCaption(command.request, work);
    return this.#unload();
  }

  async #unload(): Promise<void> {
    this.#pipelines.clear();
    this.#captioners.clear();
    this.#tokenizers.clear();
    await this.#sessions?.unloadAll();
  }

  #finish(message: EngineMessage): void {
    this.#current = null;
    this.#emit(message);
    this.#options.onFinished();
    this.#waitToUnload();
  }

  #waitToUnload(): void {
    clearTimeout(this.#idleTimer);
    if (this.#limits) this.#idleTimer = setTimeout(() => void this.#unload(), this.#limits.unloadAfterIdleMs);
  }

  #describe(error: unknown): ErrorBody {
    if (!(error instanceof StudioError)) this.#log(error);
    return toEngineErrorBody(error);
  }

  #log(error: unknown): void {
    const { kind, code, stack } = traceError(error);
    this.#options.log(`${kind} ${code}\n${stack}`);
  }

  #readMemory(): { memoryBytes: number; loadedSessions: string[] } {
    return { memoryBytes: process.memoryUsage.rss(), loadedSessions: (this.#sessions?.loadedPaths ?? []).map(nameGraph) };
  }

  #emit(message: EngineMessage): void {
    this.#options.send({ device: this.#options.device, ...message });
  }
}

/** What a graph is of, it does not know itself: the last folder on the way to the pack names it. */
function namePack(error: ErrorBody, command: WorkCommand): ErrorBody {
  if (error.code !== 'pack-invalid' || command.type === 'unload') return error;
  const pack = basename(command.request.packFolder);
  return {
    ...error,
    message: `The model ${pack} cannot be used for this. ${error.message}`,
    details: { ...error.details, pack },
  };
}

/** Compares every candidate with the original. */
async function runScore(request: EngineScoreRequest, work: EngineWork): Promise<void> {
  const { requestId, context, emit } = work;
  const { candidates } = request;
  context.onProgress({ fraction: 0, phase: 'scoring', step: 0, steps: candidates.length });
  const scores = await new PictureComparison(request, work).score(candidates);
  emit({ type: 'scores', requestId, scores });
}

/** Thirty a second: more than a person sees, and a message to the host can cost as much as a twentieth of a small model's step. */
const shortestPauseMs = 33;

/** Lets through what begins a phase, what ends the call, and in between no more than somebody can look at. `now` is in milliseconds. */
export function thinProgress(send: (progress: Progress) => void, now: () => number): (progress: Progress) => void {
  let sentMs = Number.NEGATIVE_INFINITY;
  let phase: Progress['phase'] | null = null;
  return (progress) => {
    const isDue = progress.phase !== phase || progress.fraction >= 1 || now() - sentMs >= shortestPauseMs;
    if (!isDue) return;
    phase = progress.phase;
    sentMs = now();
    send(progress);
  };
}

/**
 * What went wrong in the engine, for the host. Allocation failures of V8 and of native code become `memory-exceeded`;
 * what nobody expected is `internal` with its text in the details, and the engine's log says where it happened.
 */
export function toEngineErrorBody(error: unknown): ErrorBody {
  if (error instanceof StudioError) return error.toBody();
  const reason = error instanceof Error ? error.message : String(error);
  if (/bad_alloc|allocation failed|failed to allocate|out of memory|invalid (typed )?array length/i.test(reason)) {
    return {
      code: 'memory-exceeded',
      message: 'There is not enough memory for this.',
      hint: 'Make a smaller picture or fewer at a time, or close other programs.',
      details: { reason },
    };
  }
  return ofTheStudio(reason);
}

function ofTheStudio(reason: string): ErrorBody {
  return {
    code: 'internal',
    message: 'The engine met a fault of the studio.',
    hint: 'Try again; if it stays, report it with the details.',
    details: { reason },
  };
}
