import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { CoreState } from '../../../../contract/desktop.ts';
import type { ErrorBody } from '../../../../contract/errors.ts';
import { hostReportSchema } from './host-protocol.ts';
import type { HostOrder } from './host-protocol.ts';
import { CrashRecord } from '../../../running/crash-record.ts';
import type { CrashLimits } from '../../../running/crash-record.ts';
import { hideKeys, keysIn } from '../../../running/known-keys.ts';

export interface HostCommand {
  /** A plain Node binary. Never Electron's own: native modules that allocate much crash inside it. */
  readonly node: string;
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingFolder: string;
}

/** What is known about a host that ended without being asked. */
export interface HostDeath {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Without keys, the token of the page among them: it is written down. */
  readonly lastOutput: string;
}

export interface HostSupervisorOptions {
  readonly command: HostCommand;
  readonly socketPath: string;
  readonly token: string;
  /** Keys of other programs, asked for at every start of a host. */
  readonly readSecrets: () => Readonly<Record<string, string>>;
  /** Default: five crashes within a minute. */
  readonly crashLoop?: CrashLimits;
  /** A host that has not reported after this long is taken for dead. Default 60 s: the first start of a large library builds its index. */
  readonly startDeadlineMs?: number;
  /** A host that does not end after being asked is killed. Default 5 s. */
  readonly closeDeadlineMs?: number;
  readonly onState: (state: CoreState) => void;
  readonly onDeath: (death: HostDeath) => void;
}

const keptOutput = 8_000;

const gaveUp: ErrorBody = {
  code: 'internal',
  message: 'The studio’s core stopped several times in a row.',
  hint: 'Your text is kept. Choose Help → Restart Core; if it stops again, the crash notes in the log folder say why.',
  details: {},
};

/** Starts the host, starts it again when it dies, and ends it with the program. */
export class HostSupervisor {
  readonly #options: HostSupervisorOptions;
  readonly #crashes: CrashRecord;
  #state: CoreState = { type: 'starting' };
  #child: ChildProcess | null = null;
  /** The keys that the child was handed with the order to open; null: it loads its code, and waits for that order. */
  #handed: readonly string[] | null = null;
  #restartTimer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(options: HostSupervisorOptions) {
    this.#options = options;
    this.#crashes = new CrashRecord(options.crashLoop ?? { limit: 5, windowMs: 60_000 });
  }

  get state(): CoreState {
    return this.#state;
  }

  get processId(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Has a host load its code, which takes most of its start. It is told nothing before `start`, so that no keychain need be open yet. */
  prepare(): void {
    if (this.#child === null && this.#closing === null) this.#spawn();
  }

  /** Starts the host unless it runs. After it gave up, its crashes are forgiven. */
  start(): void {
    if (this.#handed !== null || this.#closing !== null) return;
    this.#cancelRestart();
    if (this.#state.type === 'failed') this.#crashes.clear();
    this.#setState({ type: 'starting' });
    const child = this.#child ?? this.#spawn();
    const { socketPath, token, readSecrets } = this.#options;
    const secrets = readSecrets();
    this.#handed = Object.values(secrets);
    this.#send(child, { type: 'open', socketPath, token, secrets });
  }

  /** Hands keys of other programs to the host that runs; the next one asks for them. */
  handSecrets(values: Readonly<Record<string, string>>): void {
    if (this.#child !== null && this.#handed !== null) this.#send(this.#child, { type: 'secrets', values });
  }

  /** Resolves when the host answers or has given up, and after `deadlineMs` in any case. */
  async whenSettled(deadlineMs: number): Promise<CoreState> {
    const isSettled = () => this.#state.type === 'ready' || this.#state.type === 'failed';
    if (isSettled() || this.#closing !== null) return this.#state;
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const check = () => {
        if (isSettled() || this.#closing !== null) finish();
      };
      const timer = setTimeout(finish, deadlineMs);
      this.#waiting.add(check);
    });
    return this.#state;
  }

  /** Asks the host to close the library and end; resolves when it has. */
  close(): Promise<void> {
    this.#cancelRestart();
    // Requests of a page that is still there are turned away at once.
    if (this.#state.type !== 'failed') this.#state = { type: 'starting' };
    this.#closing ??= this.#endChild();
    for (const check of this.#waiting) check();
    return this.#closing;
  }

  #spawn(): ChildProcess {
    const { node, entry, environment, workingFolder } = this.#options.command;
    const child = spawn(node, [entry], {
      cwd: workingFolder,
      env: environment,
      // The fourth stream is Node's own channel: it carries the token, and its end tells the host that the program is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    });
    this.#child = child;
    const { token, readSecrets } = this.#options;
    // Twice what is kept: a key that was cut off at the beginning is not known any more.
    const output = new TextTail(2 * keptOutput);
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => output.push(text));
    const deadline = setTimeout(() => child.kill('SIGKILL'), this.#options.startDeadlineMs ?? 60_000);
    let ended = false;
    const end = (exitCode: number | null, signal: NodeJS.Signals | null) => {
      if (ended) return;
      ended = true;
      clearTimeout(deadline);
      const keys = [token, ...(this.#handed ?? []), ...Object.values(readSecrets()), ...keysIn(environment)];
      this.#afterEnd({ exitCode, signal, lastOutput: hideKeys(output.take(), keys).slice(-keptOutput) });
    };
    child.on('message', (message) => {
      clearTimeout(deadline);
      this.#receive(message);
    });
    child.once('error', (error) => {
      // The binary could not be started at all, so there will be no exit.
      output.push(`${error.message}\n`);
      if (child.pid === undefined) end(null, null);
    });
    child.once('exit', end);
    return child;
  }

  #send(child: ChildProcess, order: HostOrder): void {
    // A channel that is gone already is reported by the exit.
    if (child.connected) child.send(order, () => undefined);
  }

  #receive(message: unknown): void {
    const report = hostReportSchema.safeParse(message);
    if (!report.success || this.#closing !== null) return;
    if (report.data.type === 'ready') this.#setState({ type: 'ready' });
    else this.#setState({ type: 'failed', error: report.data.error });
  }

  #afterEnd(death: HostDeath): void {
    this.#child = null;
    this.#handed = null;
    // A host that refused has said why, and ends on purpose.
    if (this.#closing !== null || this.#state.type === 'failed') return;
    this.#options.onDeath(death);
    const nowMs = Date.now();
    this.#crashes.add(nowMs);
    if (this.#crashes.isLoop) {
      this.#setState({ type: 'failed', error: gaveUp });
      return;
    }
    const delayMs = this.#crashes.delayMs(nowMs);
    this.#setState({ type: 'restarting', inMs: delayMs, reason: 'The studio’s core stopped and is being started again.' });
    this.#restartTimer = setTimeout(() => {
      this.#restartTimer = null;
      this.start();
    }, delayMs);
  }

  async #endChild(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#send(child, { type: 'close' });
    const deadline = setTimeout(() => child.kill('SIGKILL'), this.#options.closeDeadlineMs ?? 5_000);
    await exited;
    clearTimeout(deadline);
  }

  #cancelRestart(): void {
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    this.#restartTimer = null;
  }

  #setState(state: CoreState): void {
    this.#state = state;
    this.#options.onState(state);
    for (const check of this.#waiting) check();
  }
}

/** The last characters of a stream of text. */
class TextTail {
  readonly #limit: number;
  #text = '';

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(text: string): void {
    this.#text = `${this.#text}${text}`.slice(-this.#limit);
  }

  take(): string {
    return this.#text;
  }
}
