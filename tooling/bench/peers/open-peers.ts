import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { takeStep } from '../tell-step.ts';

const run = promisify(execFile);
const here = (name: string): string => resolve(import.meta.dirname, name);

/**
 * A Python with the packages of requirements.txt, and the models it made.
 *
 * @throws Error that says what to install where there is none
 */
export async function makePeerModels(folder: string): Promise<string> {
  const python = process.env['DEDIFFUSION_PEERS_PYTHON'] ?? 'python3';
  await run(python, ['-c', 'import optimum.onnxruntime, diffusers, transformers, torch']).catch((cause: unknown) => {
    throw new Error(
      `These rows need Python with diffusers, PyTorch and Optimum, and ${python} has not all of them. Make one and name it:\n` +
        '  python3 -m venv peers && peers/bin/pip install -r tooling/bench/peers/requirements.txt\n' +
        '  DEDIFFUSION_PEERS_PYTHON=peers/bin/python npm run bench -- --only peers',
      { cause },
    );
  });
  await takeStep('models of middle size, made and exported', 10 * 60_000, () =>
    run(python, ['-W', 'ignore', here('make_models.py'), folder], { maxBuffer: 2 ** 26 }),
  );
  return python;
}

/** The most memory that a process has held since it began, in MB; where the system tells (Linux). */
export async function readPeakMb(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('How much memory a process held is read on Linux alone; run these rows there.');
  return Number(kilobytes) / 1024;
}
