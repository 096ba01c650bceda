import type { Device, EngineStatus } from '../../contract/studio-info.ts';
import type { CrashingGraphs } from '../packs/crashing-graphs.ts';
import type { GraphRunner } from '../ports/graph-runner.ts';
import type { ReadPicture } from '../ports/reader.ts';
import type { Embeddings, SearchSteps } from '../ports/scorer.ts';
import type { CrashLimits } from '../running/crash-record.ts';
import type { RunContext } from '../running/run-context.ts';
import type { Judgement } from '../text-to-image/judges/judge-texts.ts';
import type {
  EngineCaptionRequest,
  EngineEmbedRequest,
  EngineEncodeRequest,
  EngineGenerateRequest,
  EngineJudgeRequest,
  EngineLimits,
  EngineMeasureRequest,
  EngineScoreRequest,
  EngineSearchRequest,
} from './protocol.ts';
import type { EngineFeaturesRequest } from './scoring/features-request.ts';

/** One generated picture as PNG bytes tagged sRGB, without text chunks: the host adds the recipe (image/write-png-text.ts). */
export interface EngineGeneratedImage {
  readonly imageIndex: number;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** The one it was drawn on, whatever was asked for meanwhile. */
  readonly device: Device;
  readonly png: Uint8Array;
  /** 0..1, how near it is to the original, as the pack's scorer rates it; null when no original was given. */
  readonly fidelity: number | null;
}

/** Time inside ONNX Runtime and of the whole request in the engine; their ratio is the pipeline's overhead. */
export interface EngineTiming {
  readonly runtimeMs: number;
  readonly wallMs: number;
}

export interface EngineGeneration {
  readonly images: readonly EngineGeneratedImage[];
  /** Exact ids fed to the text encoder, without begin, end and padding, and one weight each: they go into the recipe. */
  readonly tokenIds: readonly number[];
  readonly tokenWeights: readonly number[];
  readonly timing: EngineTiming;
}

export interface EnginePreview {
  readonly imageIndex: number;
  readonly step: number;
  readonly png: Uint8Array;
}

/** A run context whose caller may also look at pictures in the making. */
export interface GenerateContext extends RunContext {
  readonly onPreview?: (preview: EnginePreview) => void;
  /** Each finished picture, before the others are done. */
  readonly onImage?: (image: EngineGeneratedImage) => void;
}

/** One picture of one of the texts of a measurement. */
export interface EngineMeasuredPicture {
  readonly promptIndex: number;
  readonly seed: number;
  /** 0..1, how near it is to the original, as the pack's scorer rates it. */
  readonly fidelity: number;
  readonly png: Uint8Array;
}

/**
 * The host's side of the engine process. Calls wait for one another: the engine does one thing at a time.
 *
 * Every call rejects with `context.signal.reason` when aborted, with StudioError `engine-crashed` when the process
 * ended under it, with `engine-unavailable` after too many crashes, and with the engine's own StudioError otherwise
 * (`pack-file-missing`, `memory-exceeded`, `device-unavailable`, …). Nothing else is rejected by a crash: calls that
 * wait start on the next process.
 */
export interface EngineClient {
  /** One result per image, in order, as they are read; a bad image carries its error and the others go on. Leaving the loop early cancels. */
  encode(request: EngineEncodeRequest, context: RunContext): AsyncIterable<ReadPicture>;
  /** Draws `count` pictures. Previews arrive through the context when `request.previews` is set. */
  generate(request: EngineGenerateRequest, context: GenerateContext): Promise<EngineGeneration>;
  /** Similarity of each candidate to the original, 0..1. */
  score(request: EngineScoreRequest, context: RunContext): Promise<readonly number[]>;
  /** What a picture shows, in words. */
  caption(request: EngineCaptionRequest, context: RunContext): Promise<string>;
  /** The scorer's vectors of pictures and texts. */
  embed(request: EngineEmbedRequest, context: RunContext): Promise<Embeddings>;
  /** Inception's features of pictures, in their order; null for one that cannot be read. */
  features(request: EngineFeaturesRequest, context: RunContext): Promise<readonly (Float32Array | null)[]>;
  /** The words most like a picture, or least; `steps` hears of the best text so far. */
  search(request: EngineSearchRequest, context: RunContext, steps: SearchSteps): Promise<void>;
  /** Draws every text at every seed and compares each picture with the original; each is given as soon as its batch is finished. */
  measure(request: EngineMeasureRequest, context: RunContext, onPicture: (picture: EngineMeasuredPicture) => void): Promise<void>;
  /** Each text's loss at each look, and the original's latents for the next request about it. */
  judge(request: EngineJudgeRequest, context: RunContext): Promise<Judgement>;
  /** Starts the process if it is not running, so that the first request finds it warm. Never rejects: see the status. */
  warm(): void;
  status(): EngineStatus;
  /** The engine's process id, or null while there is none: for diagnosis. */
  processId(): number | null;
  /** Calls back on every change; returns the way to stop. */
  onStatus(listener: (status: EngineStatus) => void): () => void;
  /** Time inside ONNX Runtime of the newest finished request, or null. */
  lastTiming(): EngineTiming | null;
  /** Frees every loaded session; resolves when it is done. */
  unload(): Promise<void>;
  /** Ends the process at once. A running request rejects as engine-crashed; the next request starts a new process. */
  kill(): Promise<void>;
  /** Forgets the crashes and starts again: what "restart" in the page does. */
  restart(): Promise<EngineStatus>;
  /** Says that one input is what crashed the engine, so that these crashes do not make it give up. */
  explainCrashes(): void;
  /** Uses another device from the next request on: the process is ended when idle and started anew. */
  setDevice(device: Device, reason: string): void;
  /** Holds from now on, also for the process that runs: what is over a smaller budget is unloaded. */
  setLimits(limits: Partial<EngineLimits>): void;
  /** Ends the process for good. */
  close(): Promise<void>;
}

export interface EngineClientOptions {
  /** Where models run. The first encode must not wait for probes, so this is the saved choice or cpu. */
  readonly device: Device;
  /** Why this device was chosen, in words; shown in the status. */
  readonly deviceReason: string;
  /** Sessions are unloaded, least recently used first, to stay below this. Default: half of the machine's memory. */
  readonly memoryBudgetBytes?: number;
  /** Sessions are unloaded after this long without a request. Default 5 minutes. */
  readonly unloadAfterIdleMs?: number;
  /** A cancelled engine that is not idle after this long is ended and started anew. Default 0.7 s, so that a cancel is answered within one. */
  readonly cancelDeadlineMs?: number;
  /** After `limit` crashes within `windowMs` the engine is not started until asked. Default 3 within 60 s. */
  readonly crashLoop?: CrashLimits;
  /** Where Node keeps compiled code between starts, which makes them two to three times as fast. Absent: nowhere. */
  readonly compileCacheFolder?: string;
  /** Runs graphs elsewhere, for devices that are servers of a connection. */
  readonly elsewhere?: GraphRunner;
  /** Remembers graphs that end the engine, which are then not tried again. Absent: nothing does. */
  readonly crashing?: CrashingGraphs;
  /** The folder of libraries that were installed for a device; null for none. Absent: there are none. */
  readonly librariesFor?: (device: Device) => string | null;
  readonly log?: (message: string) => void;
}
