import { setTimeout as wait } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import type { Device, EngineStatus } from '../../contract/studio-info.ts';
import { ActiveCall, untilAborted } from './active-call.ts';
import type { CallOutcome } from './active-call.ts';
import { CrashRecord } from '../running/crash-record.ts';
import type { CrashLimits } from '../running/crash-record.ts';
import type { CrashingGraphs } from '../packs/crashing-graphs.ts';
import type { GraphRunner } from '../ports/graph-runner.ts';
import type { EngineTiming } from './engine-client.ts';
import type { EngineCommand, EngineEvent, EngineLimits } from './protocol.ts';
import { answerRemoteAsk } from './remote/answer-remote-ask.ts';
import { GraphSuspicion } from './crashes/graph-suspicion.ts';
import { explainEngineExit, startEngineProcess } from './start-engine-process.ts';
import type { EngineExit, EngineProcess } from './start-engine-process.ts';

export interface SupervisionOptions {
  readonly device: Device;
  readonly deviceReason: string;
  readonly memoryBudgetBytes: number;
  readonly unloadAfterIdleMs: number;
  readonly cancelDeadlineMs: number;
  readonly crashLoop: CrashLimits;
  readonly compileCacheFolder: string | null;
  /** Runs graphs elsewhere; null where nothing does. */
  readonly elsewhere: GraphRunner | null;
  /** Remembers graphs that end the engine; null where nothing does. */
  readonly crashing: CrashingGraphs | null;
  /** The folder of libraries that were installed for a device; null for none. */
  readonly librariesFor: (device: Device) => string | null;
  readonly log: (message: string) => void;
}

type WorkCommand = Extract<EngineCommand, { requestId: number }>;
type CommandOf = (requestId: number) => WorkCommand;

/**
 * One engine process at a time: started when needed, kept, ended when it does not stop in time, started again after a
 * crash with growing pauses, and left alone after too many. Calls wait for one another.
 */
export class SupervisedEngine {
  readonly #options: SupervisionOptions;
  readonly #crashes: CrashRecord;
  readonly #suspicion: GraphSuspicion;
  /** Graphs that the process was told to avoid. */
  #avoided: readonly string[] = [];
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  #device: { readonly name: Device; readonly reason: string };
  #limits: EngineLimits;
  #process: EngineProcess | null = null;
  #isReady = false;
  /** Processes that we ended: their exit is no crash. */
  readonly #ended = new WeakSet<EngineProcess>();
  #active: ActiveCall | null = null;
  #lastTurn: Promise<void> = Promise.resolve();
  #requests = 0;
  #starts = 0;
  #memory: Pick<EngineStatus, 'memoryBytes' | 'loadedSessions'> = { memoryBytes: 0, loadedSessions: [] };
  #gaveUp = false;
  #closed = false;

  constructor(options: SupervisionOptions) {
    this.#options = options;
    this.#crashes = new CrashRecord(options.crashLoop);
    this.#suspicion = new GraphSuspicion(options.crashing);
    this.#device = { name: options.device, reason: options.deviceReason };
    const { memoryBudgetBytes, unloadAfterIdleMs } = options;
    this.#limits = { memoryBudgetBytes, unloadAfterIdleMs };
  }

  status(): EngineStatus {
    const state = this.#gaveUp
      ? 'failed'
      : !this.#process
        ? 'stopped'
        : !this.#isReady
          ? 'starting'
          : this.#active
            ? 'busy'
            : 'idle';
    return {
      state,
      device: this.#device.name,
      reason: this.#device.reason,
      ...this.#memory,
      memoryBudgetBytes: this.#limits.memoryBudgetBytes,
      restarts: Math.max(0, this.#starts - 1),
    };
  }

  onStatus(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends one request when its turn comes; `onEvent` gets what arrives before its end. Rejects as EngineClient says. */
  async call(commandOf: CommandOf, signal: AbortSignal, onEvent: (event: EngineEvent) => void): Promise<EngineTiming> {
    const previous = this.#lastTurn;
    let endTurn = (): void => undefined;
    this.#lastTurn = new Promise((resolve) => {
      endTurn = resolve;
    });
    try {
      await untilAborted(previous, signal);
      const avoided = await this.#suspicion.avoidedOn(this.#device.name);
      const engine = await this.#ensureProcess(signal);
      this.#avoid(engine, avoided);
      return await this.#exchange(engine, commandOf, signal, onEvent);
    } finally {
      void previous.then(endTurn);
    }
  }

  warm(): void {
    if (!this.#process && !this.#gaveUp && !this.#closed && this.#crashes.delayMs(Date.now()) === 0) this.#start();
  }

  get processId(): number | null {
    return this.#process?.processId ?? null;
  }

  setDevice(name: Device, reason: string): void {
    this.#device = { name, reason };
    this.#tell();
  }

  setLimits(limits: Partial<EngineLimits>): void {
    this.#limits = { ...this.#limits, ...limits };
    this.#process?.send({ type: 'limits', ...this.#limits });
    this.#tell();
  }

  async kill(): Promise<void> {
    const engine = this.#process;
    if (!engine) return;
    this.#end(engine);
    await engine.exited;
  }

  async restart(): Promise<EngineStatus> {
    await this.kill();
    this.#crashes.clear();
    this.#gaveUp = false;
    if (!this.#closed && !this.#process) this.#start();
    return this.status();
  }

  explainCrashes(): void {
    this.#crashes.explain();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  async #ensureProcess(signal: AbortSignal): Promise<EngineProcess> {
    // One that was ended for a cancel is still going.
    if (this.#process && this.#ended.has(this.#process)) await this.#process.exited;
    if (this.#process && this.#process.device !== this.#device.name) await this.kill();
    const pauseMs = this.#process ? 0 : this.#crashes.delayMs(Date.now());
    if (pauseMs > 0) await untilAborted(wait(pauseMs), signal);
    signal.throwIfAborted();
    if (this.#closed) throw new StudioError('engine-unavailable', 'The studio is closing.', 'Start the studio again.');
    if (this.#gaveUp) {
      const message = `The engine crashed ${this.#options.crashLoop.limit} times in a row and was not started again.`;
      throw new StudioError(
        'engine-unavailable',
        message,
        'Start it again from the status bar, or choose another device or a smaller model.',
      );
    }
    return this.#process ?? this.#start();
  }

  #start(): EngineProcess {
    const { compileCacheFolder, librariesFor, log } = this.#options;
    const engine: EngineProcess = startEngineProcess({
      device: this.#device.name,
      ...this.#limits,
      compileCacheFolder,
      librariesFolder: librariesFor(this.#device.name),
      log,
      onEvent: (event) => this.#receive(engine, event),
      onUnreadable: (requestId, error) => this.#distrust(engine, requestId, error),
      onExit: (exit) => this.#bury(engine, exit),
    });
    this.#process = engine;
    this.#avoided = [];
    this.#isReady = false;
    this.#starts += 1;
    this.#tell();
    return engine;
  }

  #avoid(engine: EngineProcess, graphs: readonly string[]): void {
    if (graphs.join('\n') === this.#avoided.join('\n')) return;
    this.#avoided = graphs;
    engine.send({ type: 'avoid', graphs: [...graphs] });
  }

  async #exchange(
    engine: EngineProcess,
    commandOf: CommandOf,
    signal: AbortSignal,
    onEvent: (event: EngineEvent) => void,
  ): Promise<EngineTiming> {
    this.#requests += 1;
    const requestId = this.#requests;
    const { cancelDeadlineMs } = this.#options;
    const onDeadline = (): void => this.#replace(engine);
    const call = new ActiveCall({ requestId, engine, signal, onEvent, cancelDeadlineMs, onDeadline });
    this.#active = call;
    engine.send(commandOf(requestId));
    this.#tell();
    const outcome = await call.outcome;
    if ('error' in outcome) throw outcome.error;
    return outcome.timing;
  }

  #receive(engine: EngineProcess, event: EngineEvent): void {
    if (engine !== this.#process) return;
    if (event.type === 'ready' || event.type === 'memory') {
      this.#isReady = true;
      this.#remember(event);
      return;
    }
    const call = this.#active;
    if (call?.requestId !== event.requestId) return;
    if (event.type === 'graph') {
      this.#suspicion.using(event.path);
      return;
    }
    if (event.type === 'remote-ask') {
      void answerRemoteAsk(event, engine.device, this.#options.elsewhere, call.signal).then((answer) =>
        engine.send({ type: 'remote-answer', ...answer }),
      );
      return;
    }
    if (event.type !== 'done' && event.type !== 'failed' && event.type !== 'cancelled') {
      call.receive(event);
      return;
    }
    // Whatever the engine answers, it did not crash.
    this.#crashes.clear();
    this.#suspicion.finish();
    if (event.type === 'done') this.#settle({ timing: { runtimeMs: event.runtimeMs, wallMs: event.wallMs } });
    else this.#settle({ error: event.type === 'failed' ? StudioError.fromBody(event.error) : new Error('cancelled by nobody') });
    this.#remember(event.memory);
  }

  /** What cannot be read fails the call it is about, or the one that runs; the engine goes on with the next. */
  #distrust(engine: EngineProcess, requestId: number | null, error: StudioError): void {
    this.#options.log(`${error.message} ${String(error.details['reason'])}`);
    const call = engine === this.#process ? this.#active : null;
    if (requestId === null || requestId === call?.requestId) call?.stop(error);
  }

  #settle(outcome: CallOutcome): void {
    const call = this.#active;
    this.#active = null;
    call?.settle(outcome);
  }

  /** The process is gone, by its own fault or by our hand. */
  #bury(engine: EngineProcess, exit: EngineExit): void {
    if (engine !== this.#process) return;
    this.#process = null;
    this.#isReady = false;
    this.#memory = { memoryBytes: 0, loadedSessions: [] };
    const wasEnded = this.#ended.has(engine);
    if (!wasEnded) this.#crashes.add(Date.now());
    this.#gaveUp ||= this.#crashes.isLoop;
    const error = explainEngineExit(exit, wasEnded, this.#suspicion.died(engine.device, exit, wasEnded));
    this.#options.log(error.message);
    this.#settle({ error });
    this.#tell();
  }

  #end(engine: EngineProcess): void {
    this.#ended.add(engine);
    engine.kill();
  }

  /** It did not stop in time: the caller stops waiting at once, because gigabytes take a while to go, and the next caller finds a fresh process. */
  #replace(engine: EngineProcess): void {
    this.#options.log(`the engine was still busy ${this.#options.cancelDeadlineMs} ms after a cancel and is replaced`);
    this.#end(engine);
    this.#settle({ error: new Error('cancelled by nobody') });
    void engine.exited.then(() => this.warm());
  }

  #remember({ memoryBytes, loadedSessions }: Pick<EngineStatus, 'memoryBytes' | 'loadedSessions'>): void {
    this.#memory = { memoryBytes, loadedSessions };
    this.#tell();
  }

  #tell(): void {
    const status = this.status();
    for (const listener of this.#listeners) listener(status);
  }
}
