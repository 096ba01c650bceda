import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

const ENTRY = fileURLToPath(new URL('../../../main/shell/cli/dediffusion.ts', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliPlace {
  /** DEDIFFUSION_HOME of the run. */
  readonly home: string;
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the real command line as a process of its own. */
export function startCli(args: readonly string[], place: CliPlace): ChildProcess {
  const environment = { ...process.env, DEDIFFUSION_HOME: place.home, NO_COLOR: '1', ...place.environment };
  return spawn(process.execPath, [ENTRY, ...args], {
    cwd: place.folder ?? place.home,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for its end and gives back all it wrote. */
export function endOf(child: ChildProcess): Promise<CliRun> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

export function runCli(args: readonly string[], place: CliPlace): Promise<CliRun> {
  return endOf(startCli(args, place));
}

/** Runs with `--json`, expects the exit code, and parses stdout as exactly one document of the schema. */
export async function runJson<S extends z.ZodType>(
  args: readonly string[],
  place: CliPlace,
  schema: S,
  code = 0,
): Promise<z.infer<S>> {
  const run = await runCli([...args, '--json'], place);
  if (run.code !== code) throw new Error(`exit code ${run.code}, not ${code}\n${run.stdout}\n${run.stderr}`);
  return schema.parse(JSON.parse(run.stdout));
}
