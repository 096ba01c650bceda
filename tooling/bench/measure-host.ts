import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Studio } from '../../main/studio.ts';
import { openStudio } from '../../main/studio.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { runJob } from './run-job.ts';

const PROMPT = { type: 'text' as const, text: 'a large red apple on a blue sky' };

/** The 99th percentile of the host's event-loop delay in milliseconds while pictures are made, previews included. */
async function loopDelayMs(studio: Studio): Promise<number> {
  const resolutionMs = 1;
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  await runJob(studio, { kind: 'generate', prompt: PROMPT, settings: { steps: 50, count: 8, seed: 1 }, parents: [] });
  histogram.disable();
  return histogram.percentile(99) / 1e6 - resolutionMs;
}

/** From the call of cancel to an engine that is idle again. */
async function cancelMs(studio: Studio): Promise<number> {
  const settings = { steps: 200, count: 4, seed: 1 };
  const { id } = await studio.client.jobs.submit({ kind: 'generate', prompt: PROMPT, settings, parents: [] });
  while ((await studio.client.jobs.get({ jobId: id })).progress.phase !== 'denoising') await sleep(5);
  await sleep(50);
  const started = performance.now();
  await studio.client.jobs.cancel({ jobId: id });
  for (;;) {
    const job = await studio.client.jobs.get({ jobId: id });
    const { engine } = await studio.client.studio.info();
    if (job.state === 'cancelled' && engine.state === 'idle') return performance.now() - started;
    if (job.state === 'done') throw new Error('The job ended before it was cancelled.');
    await sleep(2);
  }
}

/** First encode of a studio that has just been opened, then the median of ten more. */
async function encodeMs(studio: Studio, samples: readonly string[]): Promise<{ cold: number; warm: number }> {
  const times: number[] = [];
  for (let index = 0; index < 11; index += 1) {
    const sample = samples[index % samples.length];
    if (sample === undefined) throw new Error('The pack has no samples.');
    const started = performance.now();
    const { image } = await studio.addImage(sample);
    await runJob(studio, { kind: 'encode', imageSha256s: [image.sha256], lengths: [75] });
    times.push(performance.now() - started);
  }
  const [cold = Number.NaN, ...warm] = times;
  return { cold, warm: median(warm) };
}

const sleep = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs));

/** What an artist feels: a host that answers, a cancel that works, a first text soon. */
export async function measureHost(samples: readonly string[]): Promise<BenchRow[]> {
  const openedMs = performance.now();
  const studio = await openStudio({ ephemeral: true });
  const openMs = performance.now() - openedMs;
  try {
    const encode = await encodeMs(studio, samples);
    const delay = await loopDelayMs(studio);
    const cancels: number[] = [];
    for (let index = 0; index < 5; index += 1) cancels.push(await cancelMs(studio));
    return [
      judge({ name: 'first encode, cold, studio and engine started', unit: 'ms', atMost: 1500 }, openMs + encode.cold),
      judge({ name: 'encode, warm', unit: 'ms', atMost: 150 }, encode.warm),
      judge({ name: 'host event loop during a generation, p99 delay', unit: 'ms', atMost: 20 }, delay),
      judge({ name: 'cancel to idle, slowest of five', unit: 'ms', atMost: 300 }, Math.max(...cancels)),
    ];
  } finally {
    await studio.close();
  }
}
