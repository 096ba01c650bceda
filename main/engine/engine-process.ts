import { flushCompileCache } from 'node:module';
import sharp from 'sharp';
import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { PreprocessThread } from '../image/preprocess-thread.ts';
import type { RunContext } from '../run-context.ts';
import { inferenceClock } from '../tensor/inference-clock.ts';
import { openOnnxSession } from '../tensor/onnx-session.ts';
import { DiffusionPipeline } from '../text-to-image/diffusion-pipeline.ts';
import type { EngineWork } from './engine-work.ts';
import { engineCommandSchema } from './protocol.ts';
import type { EngineCommand, EngineEvent, EngineLimits } from './protocol.ts';
import { runEmbed } from './run-embed.ts';
import { runEncode } from './run-encode.ts';
import { runGenerate } from './run-generate.ts';
import { runMeasure } from './run-measure.ts';
import { runScore } from './run-score.ts';
import { SessionCache } from './session-cache.ts';
import { thinProgress } from './thin-progress.ts';
import { toEngineErrorBody } from './to-engine-error-body.ts';

/**
 * The engine: a process of its own, because a model run blocks its event loop, cannot be interrupted and may take the
 * process with it. It answers one request at a time and touches neither network nor database.
 * Started by start-engine-process.ts, which sends `start` first.
 */

type StartCommand = Extract<EngineCommand, { type: 'start' }>;
type LimitsCommand = Extract<EngineCommand, { type: 'limits' }>;
type WorkCommand = Extract<EngineCommand, { type: 'encode' | 'generate' | 'score' | 'embed' | 'measure' | 'unload' }>;

const thread = new PreprocessThread();
const pipelines = new Map<string, Promise<DiffusionPipeline>>();
let sessions: SessionCache | null = null;
let settings: EngineLimits | null = null;
let current: { readonly requestId: number; readonly controller: AbortController } | null = null;
let hasKeptCode = false;
let idleTimer: NodeJS.Timeout | undefined;

// The runtime has the cores; pictures are decoded beside it, one thread each, and none is decoded twice.
sharp.concurrency(1);
sharp.cache(false);

// A host that is gone wants no results. Ctrl+C reaches the whole process group: the host decides what it means.
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  const command = engineCommandSchema.parse(message);
  if (command.type === 'start') start(command);
  else if (command.type === 'limits') limit(command);
  else if (command.type === 'cancel') cancel(command.requestId);
  else void take(command);
});

function start(command: StartCommand): void {
  settings = command;
  sessions = new SessionCache({
    openSession: (path) => openOnnxSession(path, { device: command.device }),
    memoryBudgetBytes: command.memoryBudgetBytes,
    readMemoryBytes: () => process.memoryUsage.rss(),
    onChange: () => emit({ type: 'memory', ...readMemory() }),
  });
  emit({ type: 'ready', ...readMemory() });
}

function limit(command: LimitsCommand): void {
  settings = command;
  if (!current) waitToUnload();
  void sessions?.setMemoryBudget(command.memoryBudgetBytes);
}

function cancel(requestId: number): void {
  if (current?.requestId === requestId) current.controller.abort();
}

async function take(command: WorkCommand): Promise<void> {
  const { requestId } = command;
  if (current) throw new Error(`request ${requestId} while ${current.requestId} runs`);
  const controller = new AbortController();
  current = { requestId, controller };
  clearTimeout(idleTimer);
  const startMs = performance.now();
  const runtimeStartMs = inferenceClock.elapsedMs;
  try {
    await answer(command, {
      signal: controller.signal,
      onProgress: thinProgress(
        (progress) => emit({ type: 'progress', requestId, progress }),
        () => performance.now(),
      ),
      log: (message) => emit({ type: 'log', requestId, message }),
    });
    const [runtimeMs, wallMs] = [inferenceClock.elapsedMs - runtimeStartMs, performance.now() - startMs];
    finish({ type: 'done', requestId, runtimeMs, wallMs, memory: readMemory() });
  } catch (error) {
    if (controller.signal.aborted) finish({ type: 'cancelled', requestId, memory: readMemory() });
    else finish({ type: 'failed', requestId, error: describe(error), memory: readMemory() });
  }
}

async function answer(command: WorkCommand, context: RunContext): Promise<void> {
  if (!sessions) throw new Error('a request before start');
  const work: EngineWork = { requestId: command.requestId, sessions, thread, openPipeline, context, emit };
  if (command.type === 'encode') return runEncode(command.request, work);
  if (command.type === 'generate') return runGenerate(command.request, work);
  if (command.type === 'score') return runScore(command.request, work);
  if (command.type === 'embed') return runEmbed(command.request, work);
  if (command.type === 'measure') return runMeasure(command.request, work);
  return unload();
}

/** A pipeline holds configs, a tokenizer and handles of graphs. A failure is not kept: the pack may be mended. */
function openPipeline(folder: string): Promise<DiffusionPipeline> {
  if (!sessions) throw new Error('a request before start');
  const known = pipelines.get(folder);
  if (known) return known;
  const opening = DiffusionPipeline.open(folder, sessions.open);
  pipelines.set(folder, opening);
  opening.catch(() => pipelines.delete(folder));
  return opening;
}

async function unload(): Promise<void> {
  pipelines.clear();
  await sessions?.unloadAll();
}

function finish(event: EngineEvent): void {
  current = null;
  emit(event);
  if (!settings) return;
  keepCompiledCode();
  waitToUnload();
}

function waitToUnload(): void {
  clearTimeout(idleTimer);
  if (settings) idleTimer = setTimeout(() => void unload(), settings.unloadAfterIdleMs);
}

/** Once, after the first request, because this process is usually killed and Node writes the cache only at a quiet end. */
function keepCompiledCode(): void {
  if (hasKeptCode) return;
  hasKeptCode = true;
  flushCompileCache();
}

function describe(error: unknown): ErrorBody {
  if (!(error instanceof StudioError))
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return toEngineErrorBody(error);
}

function readMemory(): { memoryBytes: number; loadedSessions: string[] } {
  return { memoryBytes: process.memoryUsage.rss(), loadedSessions: (sessions?.loadedPaths ?? []).map(shorten) };
}

/** The end of the path says which graph of which pack it is; the rest is nobody's business. */
function shorten(path: string): string {
  return path.split(/[\\/]/).slice(-3).join('/');
}

function emit(event: EngineEvent): void {
  process.send?.(event);
}
