/**
 * How long a cancelled drawing takes to answer, wherever it is (docs/speed.md):
 *
 *   node tooling/bench/measure-cancel.ts MODEL SIDE [TIMES]
 *
 * MODEL is a folder in the layout of diffusers, such as one that `tooling/bench/peers/make_models.py` writes; SIDE in pixels. One drawing is let be, to learn
 * how long its parts take; then as many are cancelled within each part, each at another place: while the model is loaded into a fresh engine, in the
 * middle of the last step, and while the picture is decoded. Where a part is longer than the engine is waited for, the engine is ended.
 */
import { basename, dirname } from 'node:path';
import type { EngineClient } from '../../main/engine/engine-client.ts';
import { quietContext } from '../../main/running/run-context.ts';
import type { Progress } from '../../main/running/run-context.ts';
import { withEngine } from './with-engine.ts';

const [model, side, times = '5'] = process.argv.slice(2);
if (model === undefined || side === undefined) throw new Error('Name a model and a side.');
const size = { width: Number(side), height: Number(side) };
const defaults = { steps: 2, guidance: 5, scheduler: 'ddim' as const, negative: '' };
const request = {
  packFolder: dirname(model),
  decoder: { layout: 'diffusers' as const, folder: basename(model), image: { ...size, multipleOf: 8 }, defaults },
  prompt: { type: 'text' as const, text: 'a photo of the red cat' },
  ...{ ...defaults, ...size, seed: 7, count: 1, init: null, fidelity: null, previews: false },
};

type Part = 'loading' | 'a step' | 'decoding';
/** The part that a report begins: steps are told when they are done, and the picture is decoded after the last. */
function partBegunBy({ phase, step }: Progress): Part | null {
  if (phase === 'loading') return 'loading';
  if (phase === 'denoising') return step === defaults.steps ? 'decoding' : 'a step';
  return null;
}

/** Milliseconds of each part of a drawing that nobody cancels. */
async function timeParts(engine: EngineClient): Promise<Readonly<Record<Part, number>>> {
  const began = new Map<Part | 'encoding' | 'end', number>();
  const note = (part: Part | 'encoding' | 'end'): void => {
    if (!began.has(part)) began.set(part, performance.now());
  };
  const onProgress = (progress: Progress): void =>
    note(progress.phase === 'encoding' ? 'encoding' : (partBegunBy(progress) ?? 'end'));
  await engine.generate(request, { ...quietContext, onProgress });
  note('end');
  const at = (part: Part | 'encoding' | 'end'): number => began.get(part) ?? 0;
  return {
    loading: at('encoding') - at('loading'),
    'a step': at('decoding') - at('a step'),
    decoding: at('end') - at('decoding'),
  };
}

/** Cancels so long after a part began; how many milliseconds later that is answered. */
async function timeCancel(engine: EngineClient, part: Part, afterMs: number): Promise<number> {
  const controller = new AbortController();
  let cancelledMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const onProgress = (progress: Progress): void => {
    if (partBegunBy(progress) !== part) return;
    timer ??= setTimeout(() => {
      cancelledMs = performance.now();
      controller.abort();
    }, afterMs);
  };
  const ended = await engine.generate(request, { ...quietContext, signal: controller.signal, onProgress }).then(
    () => false,
    () => true,
  );
  if (!ended) throw new Error('The drawing was done before it was cancelled.');
  return performance.now() - cancelledMs;
}

const lasts = await withEngine(timeParts);
for (const part of ['loading', 'a step', 'decoding'] as const) {
  const answers: number[] = [];
  for (let time = 0; time < Number(times); time += 1) {
    // A fresh engine has loaded nothing.
    const afterMs = (lasts[part] * (time + 0.5)) / Number(times);
    answers.push(await withEngine((engine) => timeCancel(engine, part, afterMs)));
  }
  const told = answers.map((answer) => answer.toFixed(0)).join(', ');
  console.log(`${part.padEnd(8)} lasts ${lasts[part].toFixed(0).padStart(6)} ms   answered after ${told} ms`);
}
