import { setTimeout as wait } from 'node:timers/promises';
import { StudioError } from '../../../contract/errors.ts';
import type { ApiGraph } from '../../metadata/compose-graph.ts';
import type { LiveSocket } from '../../network/open-socket.ts';
import type { ToolRequest } from '../tool-place.ts';
import type { StoredPicture } from './comfyui-answers.ts';
import type { ComfyuiClient, PromptStanding } from './comfyui-client.ts';
import { readComfyuiMessage } from './comfyui-messages.ts';
import type { ComfyuiMessage } from './comfyui-messages.ts';
import { readEnding } from './read-ending.ts';

/** A prompt to be drawn once, whatever happens on the way. */
export interface PromptOrder {
  /** Ids to ask for it by: the first, and those after it where what the ids before stand for came to a bad end. */
  readonly idOf: (attempt: number) => string;
  readonly graph: ApiGraph;
  readonly sends: NonNullable<ToolRequest['sends']>;
}

export interface PromptHooks {
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  /** `ahead`: prompts that go before it. */
  readonly onWaiting: (ahead: number) => void;
  readonly onNode: (node: string) => void;
  readonly onStep: (step: number, steps: number) => void;
  readonly onPreview: (bytes: Uint8Array, mediaType: string) => void;
}

export interface DrawnPrompt {
  readonly promptId: string;
  readonly picture: StoredPicture;
  /** The server had drawn the very same before, and gave that. */
  readonly cached: boolean;
  /** It was asked for by an earlier start of the same work, and not again. */
  readonly takenUp: boolean;
}

/** In milliseconds. */
export interface PromptTimes {
  /** Silence after which the server is asked how things stand. */
  readonly checkMs: number;
  /** Between two tries to reach a server that does not answer. */
  readonly pauseMs: number;
}

export const usualTimes: PromptTimes = { checkMs: 5_000, pauseMs: 1_000 };
/** A prompt is asked for again only where the server knows nothing of it any more: it was started anew. */
const mostSubmits = 2;
const mostAttempts = 50;
const stopLimitMs = 8_000;

const isUnreachable = (error: unknown): boolean => error instanceof StudioError && error.code === 'address-unreachable';
/** Whether a request may have been heard though its answer did not come. */
const mayBeHeard = (error: unknown): boolean =>
  isUnreachable(error) &&
  error instanceof StudioError &&
  !['refused', 'name', 'no-way'].includes(String(error.details['reason']));

const hasFailed = (standing: PromptStanding): boolean =>
  standing?.type === 'ended' && standing.entry.status?.status_str === 'error';

/** One prompt from its queuing to its picture: messages tell how it goes, the server's own lists what is true. */
class PromptRun {
  readonly #client: ComfyuiClient;
  readonly #order: PromptOrder;
  readonly #hooks: PromptHooks;
  readonly #times: PromptTimes;
  #socket: LiveSocket | null = null;
  /** The next message, asked for once: a look at the clock must not lose it. */
  #hearing: Promise<ComfyuiMessage | 'gone' | null> | null = null;

  constructor(client: ComfyuiClient, order: PromptOrder, hooks: PromptHooks, times: PromptTimes) {
    this.#client = client;
    this.#order = order;
    this.#hooks = hooks;
    this.#times = times;
  }

  async run(): Promise<DrawnPrompt> {
    let { clientId, standing } = await this.#findAttempt();
    let promptId = clientId;
    let takenUp = standing !== null;
    let submits = takenUp ? 1 : 0;
    try {
      for (;;) {
        if (standing?.type === 'ended' && takenUp && hasFailed(standing)) {
          // What an earlier start was cancelled in was still on its way to its end.
          this.#leaveSocket();
          ({ clientId, standing } = await this.#findAttempt());
          [promptId, takenUp] = [clientId, standing !== null];
          submits = takenUp ? 1 : 0;
          continue;
        }
        if (standing?.type === 'ended') return { promptId, ...readEnding(this.#client.place, standing.entry), takenUp };
        this.#socket ??= await this.#listen(clientId);
        if (standing === null) {
          if (submits >= mostSubmits) throw this.#lost();
          submits += 1;
          promptId = await this.#submit(promptId);
        } else if (standing.type === 'waiting') this.#hooks.onWaiting(standing.ahead);
        await this.#hear(promptId);
        standing = await this.#patiently(() => this.#client.find(promptId, this.#hooks.signal));
      }
    } catch (error) {
      if (this.#hooks.signal.aborted) await this.#stop(promptId);
      throw error;
    } finally {
      this.#leaveSocket();
    }
  }

  /** The first id that nothing came of, or whose drawing goes on or is done. */
  async #findAttempt(): Promise<{ readonly clientId: string; readonly standing: PromptStanding }> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const clientId = this.#order.idOf(attempt);
      const standing = await this.#client.find(clientId, this.#hooks.signal);
      if (!hasFailed(standing)) return { clientId, standing };
    }
    throw this.#lost();
  }

  async #submit(promptId: string): Promise<string> {
    const { graph, sends } = this.#order;
    try {
      return await this.#client.submit(promptId, graph, sends, this.#hooks.signal);
    } catch (error) {
      // What then stands in the queue or the history says whether it was heard.
      if (mayBeHeard(error)) return promptId;
      throw error;
    }
  }

  /** Follows what is said until there is a reason to look: an end, silence, or nobody to listen to. */
  async #hear(promptId: string): Promise<void> {
    const { checkMs, pauseMs } = this.#times;
    for (;;) {
      const socket = this.#socket;
      if (socket === null) {
        await wait(Math.min(checkMs, pauseMs), undefined, { signal: this.#hooks.signal });
        return;
      }
      this.#hearing ??= this.#next(socket);
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
        this.#leaveSocket();
        return;
      }
      if (heard !== null && this.#tell(heard, promptId)) return;
    }
  }

  async #next(socket: LiveSocket): Promise<ComfyuiMessage | 'gone' | null> {
    try {
      const message = await socket.next();
      return message === null ? 'gone' : readComfyuiMessage(message);
    } catch (error) {
      if (!this.#hooks.signal.aborted) this.#hooks.log(`The connection to the tool broke off: ${String(error)}`);
      return 'gone';
    }
  }

  /** @returns whether that was the end */
  #tell(message: ComfyuiMessage, promptId: string): boolean {
    // The older form of previews and steps names no prompt, and comes to whoever asked for it alone.
    if (message.promptId !== null && message.promptId !== promptId) return false;
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
      case 'cached':
        // The history tells it too, also to who did not listen.
        return false;
      case 'ended':
        return true;
    }
  }

  /** Null where the server does not let itself be listened to: then it is asked now and then. */
  async #listen(clientId: string): Promise<LiveSocket | null> {
    try {
      return await this.#client.listen(clientId, this.#hooks.signal);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      this.#hooks.log(`The tool cannot be listened to: ${String(error)}`);
      return null;
    }
  }

  /** Asks again where nobody answers, as long as the connection's patience lasts: a server may be on its way up again. */
  async #patiently<Value>(ask: () => Promise<Value>): Promise<Value> {
    const begun = performance.now();
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isUnreachable(error) || performance.now() - begun > this.#client.place.patienceMs) throw error;
        this.#leaveSocket();
        await wait(this.#times.pauseMs, undefined, { signal: this.#hooks.signal });
      }
    }
  }

  async #stop(promptId: string): Promise<void> {
    try {
      await this.#client.stop(promptId, AbortSignal.timeout(stopLimitMs));
    } catch (error) {
      this.#hooks.log(`The tool could not be told to stop: ${String(error)}`);
    }
  }

  #leaveSocket(): void {
    this.#socket?.close();
    this.#socket = null;
    this.#hearing = null;
  }

  #lost(): StudioError {
    const { host } = this.#client.place;
    const hint = 'Look at the window of that program, then draw again.';
    return new StudioError('tool-failed', `${host} forgets what it is asked to draw.`, hint, { host });
  }
}

/**
 * Has a prompt drawn once. What an earlier start asked for under the same ids is taken up; a broken connection is opened again; a prompt is
 * queued a second time only where the server says that it knows nothing of the first. Cancelling takes it out of the queue or stops it.
 *
 * @throws StudioError `tool-refused`, `tool-failed`, `answer-unreadable`; as `Network.ask` does; the signal's reason when cancelled
 */
export function drawPrompt(
  client: ComfyuiClient,
  order: PromptOrder,
  hooks: PromptHooks,
  times: PromptTimes = usualTimes,
): Promise<DrawnPrompt> {
  return new PromptRun(client, order, hooks, times).run();
}
