import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../../../contract/errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { Environment } from '../../network/choose-proxy.ts';
import { withoutKeys } from '../../running/known-keys.ts';
import type { RunContext } from '../../running/run-context.ts';
import { toStorageError } from '../../storage/to-storage-error.ts';
import { runChild } from './run-child.ts';
import type { ChildEnd } from './run-child.ts';

/** What making the environment would do. */
export interface PlannedEnvironment {
  readonly folder: string;
  readonly hosts: readonly string[];
  /** About what it takes on the disk. */
  readonly bytes: number;
}

export interface PythonEnvironmentOptions {
  /** Environments of recipes lie in it, each by what it holds. */
  readonly folder: string;
  readonly environment: Environment;
  /** Packages with their exact versions, one a line. Default: those of `models/convert`. */
  readonly requirementsFile?: string;
}

/** Names a Python that has the packages already; then none is made. */
export const OWN_PYTHON = 'DEDIFFUSION_CONVERT_PYTHON';
/** Written last, so that what was broken off is no environment. */
const READY_FILE = 'ready';
const oldestPython = [3, 10] as const;
const aboutBytes = 1.6e9;
/** Lines of pip that begin a package, of about as many packages as there are with what they need. */
const aboutPackages = 50;
const cpuBuilds = 'https://download.pytorch.org/whl/cpu';
const isWindows = process.platform === 'win32';

/** The Python environment that the conversion runs in: made once, after a yes, of packages with exact versions; then nothing is fetched. */
export class PythonEnvironment {
  readonly #options: Required<PythonEnvironmentOptions>;

  constructor(options: PythonEnvironmentOptions) {
    const requirementsFile = fileURLToPath(new URL('../../../models/convert/requirements.txt', import.meta.url));
    this.#options = { requirementsFile, ...options };
  }

  /** What a recipe sees of this process: no keys, and no packages but its own. */
  get variables(): Record<string, string | undefined> {
    return {
      ...withoutKeys(this.#options.environment),
      PYTHONNOUSERSITE: '1',
      // The program's own folder may not be written to.
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
    };
  }

  /** The Python to run; null where the environment has to be made first. */
  async find(): Promise<string | null> {
    const own = this.#options.environment[OWN_PYTHON];
    if (own !== undefined && own !== '') return own;
    const folder = await this.#locate();
    return existsSync(join(folder, READY_FILE)) ? pythonIn(folder) : null;
  }

  /** Null where there is nothing to make. */
  async plan(): Promise<PlannedEnvironment | null> {
    if ((await this.find()) !== null) return null;
    return { folder: await this.#locate(), hosts: this.#hosts(), bytes: aboutBytes };
  }

  /**
   * Makes the environment. What an earlier try left is thrown away; an abort leaves what is no environment.
   *
   * @throws StudioError `not-found` without a Python, `address-unreachable` where packages cannot be had, `disk-full`, `file-unwritable`
   */
  async make({ signal, onProgress }: RunContext): Promise<string> {
    const folder = await this.#locate();
    const base = await this.#findBase(signal);
    try {
      await rm(folder, { recursive: true, force: true });
      makeFolder(this.#options.folder, 'Choose another data folder.');
      onProgress({ fraction: 0, phase: 'downloading', step: 0, steps: 0 });
      await this.#run([...base, '-m', 'venv', folder], signal, () => undefined);
      const install = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off'];
      // What has to be built would run code of strangers here, and need a compiler.
      const order = ['--only-binary', ':all:', ...this.#extraIndex(), '-r', this.#options.requirementsFile];
      let begun = 0;
      await this.#run([pythonIn(folder), ...install, ...order], signal, (line) => {
        if (line.startsWith('Collecting ')) begun += 1;
        if (line.startsWith('Installing collected')) begun = aboutPackages;
        onProgress({ fraction: Math.min(0.95, begun / aboutPackages), phase: 'downloading', step: 0, steps: 0 });
      });
      await writeWhole(join(folder, READY_FILE), '');
      onProgress({ fraction: 1, phase: 'downloading', step: 0, steps: 0 });
      return pythonIn(folder);
    } catch (error) {
      signal.throwIfAborted();
      throw toStorageError(error, folder);
    }
  }

  /** Another list of packages is another environment. */
  async #locate(): Promise<string> {
    const wanted = await readFile(this.#options.requirementsFile, 'utf8');
    const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
    return join(this.#options.folder, `convert-${name}`);
  }

  #hosts(): string[] {
    const { environment } = this.#options;
    const index = environment['PIP_INDEX_URL'];
    const hosts = [index ?? 'https://pypi.org', environment['PIP_EXTRA_INDEX_URL'] ?? '', ...this.#extraIndex().slice(1)];
    return [...new Set(hosts.flatMap((host) => (URL.canParse(host) ? [new URL(host).host] : [])))];
  }

  /** For Linux the public index has builds of PyTorch with gigabytes for one maker's graphics cards; who names a place of their own is not sent elsewhere. */
  #extraIndex(): string[] {
    const { environment } = this.#options;
    const own = ['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS', 'PIP_NO_INDEX'].some((name) => environment[name]);
    return process.platform === 'linux' && !own ? ['--extra-index-url', cpuBuilds] : [];
  }

  /** A Python on this machine, as a command, that can make environments. */
  async #findBase(signal: AbortSignal): Promise<readonly [string, ...string[]]> {
    const asked = 'import sys, venv, ensurepip; print(sys.version_info[0], sys.version_info[1])';
    const candidates: readonly [string, ...string[]][] = isWindows ? [['py', '-3'], ['python']] : [['python3'], ['python']];
    for (const [command, ...args] of candidates) {
      const lines: string[] = [];
      const order = { command, args: [...args, '-c', asked], folder: this.#options.folder, environment: this.variables };
      makeFolder(this.#options.folder, 'Choose another data folder.');
      const end = await runChild({ ...order, onLine: (line) => lines.push(line) }, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        if (error instanceof Error && 'code' in error) return null;
        throw error;
      });
      const [major = 0, minor = 0] = (lines[0] ?? '').split(' ').map(Number);
      if (end?.code === 0 && major === oldestPython[0] && minor >= oldestPython[1]) return [command, ...args];
    }
    const wanted = oldestPython.join('.');
    const message = `There is no Python ${wanted} or newer here that can make an environment.`;
    const hint = isWindows
      ? 'Install it from python.org.'
      : `Install python3 and its venv package, or name one with the packages in ${OWN_PYTHON}.`;
    throw new StudioError('not-found', message, hint, { oldest: wanted });
  }

  async #run([command = '', ...args]: readonly string[], signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
    const order = { command, args, folder: this.#options.folder, environment: this.variables, onLine };
    const end = await runChild(order, signal);
    if (end.code !== 0) throw this.#explain(end);
  }

  #explain({ code, signal, lastWords }: ChildEnd): StudioError {
    const details = { exitCode: code, signal, lastWords };
    if (/No space left|Errno 28/.test(lastWords)) {
      return new StudioError('disk-full', 'The disk is full: the environment could not be made.', 'Free some space.', details);
    }
    const hosts = this.#hosts().join(' or ');
    const message = `The Python packages that the conversion needs could not be had from ${hosts}.`;
    const hint = 'Check the connection, or name a place that has them in PIP_INDEX_URL; the details say what pip said.';
    return new StudioError('address-unreachable', message, hint, details);
  }
}

function pythonIn(folder: string): string {
  return isWindows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}
