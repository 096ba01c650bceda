import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const runPeer = resolve(import.meta.dirname, 'run_peer.py');

/** One of the other libraries, in a process of its own: see run_peer.py. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess, answers: AsyncIterator<string>) {
    this.#child = child;
    this.#answers = answers;
  }

  /** Gives it when its model is loaded. */
  static async start(python: string, library: 'optimum' | 'diffusers' | 'optimum-clip', folder: string): Promise<PeerProcess> {
    const child = spawn(python, ['-W', 'ignore', runPeer, library, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    const peer = new PeerProcess(child, createInterface(child.stdout)[Symbol.asyncIterator]());
    await peer.#next();
    return peer;
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }

  async ask(input: object): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify(input)}\n`);
    return this.#next();
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin?.end();
    await once(this.#child, 'exit');
  }

  async #next(): Promise<unknown> {
    const line = await this.#answers.next();
    if (line.done) throw new Error('The other library ended; what it said stands above.');
    return JSON.parse(line.value);
  }
}
