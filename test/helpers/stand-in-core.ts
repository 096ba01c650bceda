import { createRouterClient, implement } from '@orpc/server';
import { contract } from '../../contract/methods.ts';
import { coreSettingsSchema } from '../../contract/settings.ts';
import type { StudioClient } from '../../contract/methods.ts';
import type { StudioEvent } from '../../contract/events.ts';
import type { Job } from '../../contract/job.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { StudioError } from '../../contract/errors.ts';
import { comparePrompts } from '../../main/prompt/compare-prompts.ts';
import { createPrompt } from '../../main/prompt/create-prompt.ts';
import { editPrompt } from '../../main/prompt/edit-prompt.ts';
import { exportPrompt } from '../../main/prompt/export-prompt.ts';
import { inspectPrompt } from '../../main/prompt/inspect-prompt.ts';
import { loadClipTokenizer } from '../../main/tokenizer/load-clip-tokenizer.ts';
import { answerNoBatches } from './stand-in-batches.ts';
import { answerFewItems } from './stand-in-library.ts';
import { standInManifest } from './stand-in-manifest.ts';
import { StandInState } from './stand-in-state.ts';

/**
 * A core with no models behind the real contract (inputs and outputs are parsed by it), for tests of the page's state: it
 * reads every picture as the same words and draws nothing, and jobs end when the test says so. What is done to texts is real.
 */
export interface StandInCore {
  readonly client: StudioClient;
  readonly router: ReturnType<typeof buildRouter>;
  readonly jobs: Map<string, Job>;
  push(event: StudioEvent): void;
  /** Ends a job with what the stand-in reads or draws. */
  finish(jobId: string): void;
  fail(jobId: string, error: StudioError): void;
  progress(jobId: string, progress: Partial<Job['progress']>): void;
  addPicture(title: string, sha256?: string): Extract<LibraryItem, { kind: 'picture' }>;
  /** Makes every following edit fail, or none with null. */
  refuseEdits(error: StudioError | null): void;
}

const engine = {
  state: 'idle',
  device: 'cpu',
  reason: 'The only device here.',
  memoryBytes: 210_000_000,
  memoryBudgetBytes: 2_000_000_000,
  loadedSessions: [],
  restarts: 0,
} as const;

async function createDocument(text: string) {
  return createPrompt({ id: 'by-hand', packId: 'stand-in', text }, await loadClipTokenizer());
}

function buildRouter(core: StandInState) {
  const on = implement(contract);
  const toWire = on.$context<object>();
  const getJob = (jobId: string): Job => core.change(jobId, {});
  return toWire.router({
    studio: {
      info: toWire.studio.info.handler(() => ({
        versions: { studio: '0.1.0', node: '24', onnxruntime: '1.30' },
        defaultPackId: 'stand-in',
        libraryItems: core.items.size,
        engine: { ...engine, loadedSessions: [] },
        devices: [{ device: 'cpu' as const, available: true, reason: 'always there', probeMs: 1 }],
      })),
      events: toWire.studio.events.handler(async function* ({ signal }) {
        const queue: StudioEvent[] = [
          { type: 'hello', engine: { ...engine, loadedSessions: [] }, jobs: [...core.jobs.values()] },
        ];
        let wake: () => void = () => undefined;
        const tell = (event: StudioEvent): void => {
          queue.push(event);
          wake();
        };
        core.listeners.add(tell);
        signal?.addEventListener('abort', () => wake());
        try {
          while (signal?.aborted !== true) {
            const event = queue.shift();
            if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
            else yield event;
          }
        } finally {
          core.listeners.delete(tell);
        }
      }),
      restartEngine: toWire.studio.restartEngine.handler(() => ({ ...engine, loadedSessions: [] })),
      unload: toWire.studio.unload.handler(() => ({ ...engine, loadedSessions: [] })),
      probeDevices: toWire.studio.probeDevices.handler(() => []),
      storage: toWire.studio.storage.handler(() => ({ parts: [], bytes: 0 })),
    },
    settings: {
      get: toWire.settings.get.handler(() => core.settings),
      update: toWire.settings.update.handler(({ input }) => {
        core.settings = { ...core.settings, settings: coreSettingsSchema.parse({ ...core.settings.settings, ...input }) };
        return core.settings;
      }),
    },
    packs: {
      list: toWire.packs.list.handler(() => []),
      info: toWire.packs.info.handler(() => standInManifest),
      verify: toWire.packs.verify.handler(() => ({ id: 'stand-in', ok: true, checked: 0, problems: [] })),
      check: toWire.packs.check.handler(async function* () {
        yield { type: 'progress' as const, doneBytes: 1, totalBytes: 2 };
        await Promise.resolve();
        yield { type: 'done' as const, verification: { id: 'stand-in', ok: true, checked: 0, problems: [] } };
      }),
      overview: toWire.packs.overview.handler(() => ({ packs: [], problems: [], folder: '/packs' })),
      measurements: toWire.packs.measurements.handler(() => []),
    },
    images: {
      addSample: toWire.images.addSample.handler(({ input }) =>
        core.addPicture(standInManifest.samples.find(({ file }) => file === input.file)?.title ?? input.file),
      ),
      addFromAddress: toWire.images.addFromAddress.handler(({ input }) =>
        core.addPicture(new URL(input.address).pathname.slice(1)),
      ),
      info: toWire.images.info.handler(({ input }) => core.stored(input.sha256)),
    },
    // Texts need no models: these are the core's own functions, over CLIP's vocabulary.
    prompts: {
      create: toWire.prompts.create.handler(({ input }) => createDocument(input.text)),
      read: toWire.prompts.read.handler(({ input }) => createDocument(input.content)),
      edit: toWire.prompts.edit.handler(async ({ input, errors }) => {
        if (core.editError !== null) throw errors.STUDIO({ data: core.editError.toBody() });
        return editPrompt(input.document, input.edit, await loadClipTokenizer());
      }),
      inspect: toWire.prompts.inspect.handler(async ({ input }) => {
        const tokenizer = await loadClipTokenizer();
        return inspectPrompt(input.document, { tokenizer, clipTokenizer: tokenizer, maxTokens: 75 });
      }),
      export: toWire.prompts.export.handler(async ({ input }) =>
        exportPrompt(input.document, input.target, input.options, await loadClipTokenizer()),
      ),
      compare: toWire.prompts.compare.handler(({ input }) => comparePrompts(input.before, input.after)),
      save: toWire.prompts.save.handler(({ input }) => core.savePrompt(input.document, input.parents)),
    },
    jobs: {
      submit: toWire.jobs.submit.handler(({ input }) => {
        const progress = { fraction: 0, phase: 'waiting' as const, step: 0, steps: 0, remainingMs: null, previewUrl: null };
        const job: Job = {
          id: core.id('job'),
          request: input,
          state: 'queued',
          createdMs: 1_700_000_000_000 + core.jobs.size,
          startedMs: null,
          endedMs: null,
          attempts: 0,
          progress,
          result: null,
          error: null,
        };
        core.jobs.set(job.id, job);
        core.push({ type: 'job-changed', job });
        return job;
      }),
      list: toWire.jobs.list.handler(() => [...core.jobs.values()]),
      get: toWire.jobs.get.handler(({ input }) => getJob(input.jobId)),
      cancel: toWire.jobs.cancel.handler(({ input }) =>
        core.change(input.jobId, { state: 'cancelled', endedMs: 1_700_000_000_500 }),
      ),
      retry: toWire.jobs.retry.handler(({ input }) => core.change(input.jobId, { state: 'queued', endedMs: null, error: null })),
      clear: toWire.jobs.clear.handler(() => {
        const ended = [...core.jobs.values()]
          .filter((job) => ['done', 'failed', 'cancelled'].includes(job.state))
          .map((job) => job.id);
        for (const id of ended) core.jobs.delete(id);
        return ended;
      }),
    },
    batches: answerNoBatches(),
    library: answerFewItems(core),
  });
}

export function createStandInCore(): StandInCore {
  const core = new StandInState();
  const router = buildRouter(core);
  return {
    client: createRouterClient(router, { context: {} }),
    router,
    jobs: core.jobs,
    push: (event) => core.push(event),
    finish: (jobId) => {
      const job = core.jobs.get(jobId);
      if (job !== undefined) core.change(jobId, { state: 'done', endedMs: 1_700_000_000_900, result: core.result(job.request) });
    },
    fail: (jobId, error) => void core.change(jobId, { state: 'failed', endedMs: 1_700_000_000_900, error: error.toBody() }),
    progress: (jobId, progress) => {
      const job = core.jobs.get(jobId);
      if (job !== undefined)
        core.change(jobId, { state: 'running', startedMs: 1_700_000_000_100, progress: { ...job.progress, ...progress } });
    },
    addPicture: (title, sha256) => core.addPicture(title, sha256),
    refuseEdits: (error) => void (core.editError = error),
  };
}
