/**
 * How long a cancelled drawing takes to answer, in the middle of a step (docs/speed.md):
 *
 *   node tooling/bench/measure-cancel.ts MODEL SIDE [TIMES]
 *
 * MODEL is a folder in the layout of diffusers, such as one that `tooling/bench/peers/make_models.py` writes; SIDE in pixels. Each time a drawing is cancelled at
 * another place within its third step. Where a step is longer than the engine is waited for, the engine is ended.
 */
import { basename, dirname } from 'node:path';
import { quietContext } from '../../main/running/run-context.ts';
import { withEngine } from './with-engine.ts';

const [model, side, times = '5'] = process.argv.slice(2);
if (model === undefined || side === undefined) throw new Error('Name a model and a side.');
const size = { width: Number(side), height: Number(side) };
const defaults = { steps: 20, guidance: 5, scheduler: 'ddim' as const, negative: '' };
const request = {
  packFolder: dirname(model),
  decoder: { layout: 'diffusers' as const, folder: basename(model), image: { ...size, multipleOf: 8 }, defaults },
  prompt: { type: 'text' as const, text: 'a photo of the red cat' },
  ...{ ...defaults, ...size, seed: 7, count: 1, init: null, fidelity: null, previews: false },
};

await withEngine(async (engine) => {
  for (let time = 0; time < Number(times); time += 1) {
    const controller = new AbortController();
    const seen: number[] = [];
    let cancelledMs = 0;
    const onProgress = ({ phase, step }: { readonly phase: string; readonly step: number }): void => {
      if (phase !== 'denoising' || step <= seen.length) return;
      seen.push(performance.now());
      const [first = 0, second = 0] = seen;
      if (seen.length !== 2) return;
      setTimeout(
        () => {
          cancelledMs = performance.now();
          controller.abort();
        },
        ((second - first) * (time + 0.5)) / Number(times),
      );
    };
    const ended = await engine.generate(request, { ...quietContext, signal: controller.signal, onProgress }).then(
      () => false,
      () => true,
    );
    if (!ended) throw new Error('The drawing was done before it was cancelled.');
    const [first = 0, second = 0] = seen;
    const answer = (performance.now() - cancelledMs).toFixed(0);
    console.log(`a step ${(second - first).toFixed(0)} ms   answered after ${answer} ms`);
  }
});
