import { setTimeout as wait } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import { mayBeHeard } from '../writers/mended-elsewhere.ts';
import type { ToolPlace } from './tool-place.ts';

/** How a server stands to a drawing it was asked for; null: it knows nothing of it. */
export type Standing<Entry> =
  | { readonly type: 'ended'; readonly entry: Entry; readonly hasFailed: boolean }
  | { readonly type: 'running' }
  /** `ahead`: drawings that go before it; null where the server does not say. */
  | { readonly type: 'waiting'; readonly ahead: number | null }
  | null;

/** What a server says while it draws, as far as it matters here. `id` is null where it comes to whoever asked for it alone. */
export type ToolMessage =
  /** A node of the graph is worked on; null: none any more. */
  | { readonly type: 'node'; readonly id: string | null; readonly node: string | null }
  | { readonly type: 'step'; readonly id: string | null; readonly step: number; readonly steps: number }
  | { readonly type: 'preview'; readonly id: string | null; readonly bytes: Uint8Array; readonly mediaType: string }
  /** It has come to an end, good or bad; the server's lists say which. */
  | { readonly type: 'ended'; readonly id: string | null };

/** An open line to a server. */
export interface ToolLine {
  /**
   * The next message; 'nothing' for what says nothing of a drawing, 'gone' once the server has ended the line.
   * @throws StudioError for a line that broke off; the signal's reason
   */
  next(): Promise<ToolMessage | 'nothing' | 'gone'>;
  close(): void;
}

/** A server with a queue, which is asked for one drawing under an id of ours. */
export interface QueuedTool<Entry> {
  readonly place: ToolPlace;
  find(id: string, signal: AbortSignal): Promise<Standing<Entry>>;
  /** @returns the id the server knows it by */
  submit(id: string, signal: AbortSignal): Promise<string>;
  /** Takes a drawing out of the queue, or stops it; nothing of others is touched. */
  stop(id: string, signal: AbortSignal): Promise<void>;
  listen(id: string, signal: AbortSignal): Promise<ToolLine>;
}

export interface QueuedHooks {
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  /** `ahead`: drawings that go before it; null where the server does not say. */
  readonly onWaiting: (ahead: number | null) => void;
  readonly onNode: (node: string) => void;
  readonly onStep: (step: number, steps: number) => void;
  readonly onPreview: (bytes: Uint8Array, mediaType: string) => void;
}

/** In milliseconds. */
export interface QueuedTimes {
  /** Silence after which the server is asked how things stand. */
  readonly checkMs: number;
  /** Between two tries to reach a server that does not answer. */
  readonly pauseMs: number;
  /** Longest time a server may be away: it may be on its way up again. Absent: the connection's patience. */
  readonly awayMs?: number;
}

export interface EndedDrawing<Entry> {
  readonly id: string;
  readonly entry: Entry;
  /** It was asked for by an earlier start of the same work, and not again. */
  readonly takenUp: boolean;
}

export const usualTimes: QueuedTimes = { checkMs: 5_000, pauseMs: 1_000 };
/** A drawing is asked for again only where the server knows nothing of it any more: it was started anew. */
const mostSubmits = 2;
const mostAttempts = 50;
const stopLimitMs = 8_000;

const isUnreachable = (error: unknown): boolean => error instanceof StudioError && error.code === 'address-unreachable';
const hasFailed = (standing: Standing<unknown>): boolean => standing?.type === 'ended' && standing.hasFailed;

/** One drawing from its queuing to its end: messages tell how it goes, the server's own lists what is true. */
class QueuedRun<Entry> {
  readonly #tool: QueuedTool<Entry>;
  /** Ids to ask for it by: the first, and those after it where what the ids before stand for came to a bad end. */
  readonly #idOf: (attempt: number) => string;
  readonly #hooks: QueuedHooks;
  readonly #times: QueuedTimes;
  #line: ToolLine | null = null;
  /** The next message, asked for once: a look at the clock must not lose it. */
  #hearing: Promise<ToolMessage | 'nothing' | 'gone'> | null = null;

  constructor(tool: QueuedTool<Entry>, idOf: (attempt: number) => string, hooks: QueuedHooks, times: QueuedTimes) {
    this.#tool = tool;
    this.#idOf = idOf;
    this.#hooks = hooks;
    this.#times = times;
  }

  async run(): Promise<EndedDrawing<Entry>> {
    let { askedId, standing } = await this.#findAttempt();
    let id = askedId;
    let takenUp = standing !== null;
    let submits = takenUp ? 1 : 0;
    try {
      for (;;) {
        if (standing?.type === 'ended' && takenUp && standing.hasFailed) {
          // What an earlier start was cancelled in was still on its way to its end.
          this.#leaveLine();
          ({ askedId, standing } = await this.#findAttempt());
          [id, takenUp] = [askedId, standing !== null];
          submits = takenUp ? 1 : 0;
          continue;
        }
        if (standing?.type === 'ended') return { id, entry: standing.entry, takenUp };
        this.#line ??= await this.#listen(askedId);
        if (standing === null) {
          if (submits >= mostSubmits) throw this.#lost();
          submits += 1;
          id = await this.#submit(id);
        } else if (standing.type === 'waiting') this.#hooks.onWaiting(standing.ahead);
        await this.#hear(id);
        standing = await this.#patiently(() => this.#tool.find(id, this.#hooks.signal));
      }
    } catch (error) {
      if (this.#hooks.signal.aborted) await this.#stop(id);
      throw error;
    } finally {
      this.#leaveLine();
    }
  }

  /** The first id that nothing came of, or whose drawing goes on or is done. */
  async #findAttempt(): Promise<{ readonly askedId: string; readonly standing: Standing<Entry> }> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const askedId = this.#idOf(attempt);
      const standing = await this.#tool.find(askedId, this.#hooks.signal);
      if (!hasFailed(standing)) return { askedId, standing };
    }
    throw this.#lost();
  }

  async #submit(id: string): Promise<string> {
    try {
      return await this.#tool.submit(id, this.#hooks.signal);
    } catch (error) {
      // What then stands in the queue or the history says whether it was heard.
      if (error instanceof StudioError && mayBeHeard(error)) return id;
      throw error;
    }
  }

  /** Follows what is said until there is a reason to look: an end, silence, or nobody to listen to. */
  async #hear(id: string): Promise<void> {
    const { checkMs, pauseMs } = this.#times;
    for (;;) {
      const line = this.#line;
      if (line === null) {
        await wait(Math.min(checkMs, pauseMs), undefined, { signal: this.#hooks.signal });
        return;
      }
      this.#hearing ??= this.#next(line);
      const quiet = new AbortController();
      const heard = await Promise.race([
        this.#hearing,
        wait(checkMs, 'quiet' as const, { signal: quiet.signal }).catch(() => 'quiet' as const),
      ]);
      quiet.abort();
      this.#hooks.signal.throwIfAborted();
      if (heard === 'quiet') return;
      this.#hearing = null;
      if (heard === 'gone') {
        this.#leaveLine();
        return;
      }
      if (heard !== 'nothing' && this.#tell(heard, id)) return;
    }
  }

  async #next(line: ToolLine): Promise<ToolMessage | 'nothing' | 'gone'> {
    try {
      return await line.next();
    } catch (error) {
      if (!this.#hooks.signal.aborted) this.#hooks.log(`The connection to the tool broke off: ${String(error)}`);
      return 'gone';
    }
  }

  /** @returns whether that was the end */
  #tell(message: ToolMessage, id: string): boolean {
    if (message.id !== null && message.id !== id) return false;
    switch (message.type) {
      case 'node':
        if (message.node === null) return true;
        this.#hooks.onNode(message.node);
        return false;
      case 'step':
        this.#hooks.onStep(message.step, message.steps);
        return false;
      case 'preview':
        this.#hooks.onPreview(message.bytes, message.mediaType);
        return false;
      case 'ended':
        return true;
    }
  }

  /** Null where the server does not let itself be listened to: then it is asked now and then. */
  async #listen(id: string): Promise<ToolLine | null> {
    try {
      return await this.#tool.listen(id, this.#hooks.signal);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      this.#hooks.log(`The tool cannot be listened to: ${String(error)}`);
      return null;
    }
  }

  get #awayMs(): number {
    return this.#times.awayMs ?? this.#tool.place.patienceMs;
  }

  /** Asks again where nobody answers: a server may be on its way up again. */
  async #patiently<Value>(ask: () => Promise<Value>): Promise<Value> {
    const begun = performance.now();
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isUnreachable(error) || performance.now() - begun > this.#awayMs) throw error;
        this.#leaveLine();
        await wait(this.#times.pauseMs, undefined, { signal: this.#hooks.signal });
      }
    }
  }

  async #stop(id: string): Promise<void> {
    try {
      await this.#tool.stop(id, AbortSignal.timeout(stopLimitMs));
    } catch (error) {
      this.#hooks.log(`The tool could not be told to stop: ${String(error)}`);
    }
  }

  #leaveLine(): void {
    this.#line?.close();
    this.#line = null;
    this.#hearing = null;
  }

  #lost(): StudioError {
    const { host } = this.#tool.place;
    const hint = 'Look at the window of that program, then draw again.';
    return new StudioError('tool-failed', `${host} forgets what it is asked to draw.`, hint, { host });
  }
}

/**
 * Has a server with a queue draw something once. What an earlier start asked for under the same ids is taken up; a broken line is opened
 * again; a drawing is queued a second time only where the server says that it knows nothing of the first. Cancelling takes it out of the
 * queue or stops it.
 *
 * @param idOf ids to ask for it by: the first, and those after it where what the ids before stand for came to a bad end
 * @throws StudioError as the tool's calls do, `tool-failed` for a server that forgets; the signal's reason when cancelled
 */
export function runQueued<Entry>(
  tool: QueuedTool<Entry>,
  idOf: (attempt: number) => string,
  hooks: QueuedHooks,
  times: QueuedTimes = usualTimes,
): Promise<EndedDrawing<Entry>> {
  return new QueuedRun(tool, idOf, hooks, times).run();
}
