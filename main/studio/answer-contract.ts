import { implement } from '@orpc/server';
import { contract } from '../../contract/methods.ts';
import { createId } from '../library/create-id.ts';
import { createPrompt } from '../prompt/create-prompt.ts';
import { editPrompt } from '../prompt/edit-prompt.ts';
import { exportPrompt } from '../prompt/export-prompt.ts';
import { inspectPrompt } from '../prompt/inspect-prompt.ts';
import { parsePromptFile } from '../prompt/parse-prompt-file.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { loadClipTokenizer } from '../tokenizer/load-clip-tokenizer.ts';
import { addFromAddress } from './add-from-address.ts';
import type { StudioServices } from './studio-services.ts';
import { toWireError } from './to-wire-error.ts';
import type { LogFailure } from './to-wire-error.ts';
import { prepareRequest } from './prepare-request.ts';

/** The contract with the one place where failures become its typed error: around the checks of inputs and outputs as well. */
function implementContract(logFailure: LogFailure) {
  return implement(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw toWireError(error, logFailure);
    }
  });
}
type Implementation = ReturnType<typeof implementContract>;

function answerStudio({ studio }: Implementation, services: StudioServices) {
  const { engine, queue, library, events } = services;
  return {
    info: studio.info.handler(() => ({
      versions: services.versions,
      defaultPackId: services.defaultPackId,
      libraryItems: library.countItems(),
      engine: engine.status(),
      devices: [...services.devices.probes],
    })),
    events: studio.events.handler(({ signal }) => {
      // Whoever listens is about to work: the engine process starts while the page is still being drawn.
      engine.warm();
      services.devices.probeWhenQuiet();
      return events.read(() => ({ type: 'hello', engine: engine.status(), jobs: [...queue.list({ results: 'none' })] }), signal);
    }),
    restartEngine: studio.restartEngine.handler(() => engine.restart()),
  };
}

function answerPacks({ packs, images }: Implementation, services: StudioServices) {
  return {
    packs: {
      list: packs.list.handler(async () => [...(await services.packs.listPacks()).packs]),
      info: packs.info.handler(async ({ input }) => (await services.packs.resolvePack(input.packId)).manifest),
      verify: packs.verify.handler(({ input, signal }) =>
        services.packs.verifyPack(input.packId, signal === undefined ? {} : { signal }),
      ),
    },
    images: {
      addSample: images.addSample.handler(({ input }) => services.addSample(input.packId, input.file)),
      addFromAddress: images.addFromAddress.handler(({ input, signal }) =>
        addFromAddress(services.library, input.address, signal),
      ),
      info: images.info.handler(({ input }) => services.library.getImage(input.sha256)),
    },
  };
}

function answerPrompts({ prompts }: Implementation, services: StudioServices) {
  const { library, packs, tokenizers, clock } = services;
  const tokenizerOf = async (packId: string) => tokenizers.take(await packs.resolvePack(packId));
  const createFrom = async (packId = services.defaultPackId, text: string) =>
    createPrompt({ id: createId(clock()), packId, text }, await tokenizerOf(packId));
  return {
    create: prompts.create.handler(({ input }) => createFrom(input.packId, input.text)),
    read: prompts.read.handler(async ({ input }) => {
      const source = parsePromptFile(new TextEncoder().encode(input.content));
      if (source.type === 'text') return createFrom(input.packId, source.text);
      await packs.resolvePack(source.document.packId);
      return source.document;
    }),
    edit: prompts.edit.handler(async ({ input }) =>
      editPrompt(input.document, input.edit, await tokenizerOf(input.document.packId)),
    ),
    inspect: prompts.inspect.handler(async ({ input: { document } }) => {
      const pack = await packs.resolvePack(document.packId);
      const [tokenizer, clipTokenizer] = await Promise.all([tokenizers.take(pack), loadClipTokenizer()]);
      return inspectPrompt(document, { tokenizer, clipTokenizer, maxTokens: pack.manifest.limits.maxTokens });
    }),
    export: prompts.export.handler(async ({ input }) =>
      exportPrompt(input.document, input.target, input.options, await loadClipTokenizer()),
    ),
    save: prompts.save.handler(({ input }) => {
      const { text } = renderPrompt(input.document);
      return library.addPrompt({ prompt: input.document, text, title: input.title, parents: input.parents });
    }),
  };
}

function answerJobs({ jobs }: Implementation, { queue }: StudioServices) {
  return {
    submit: jobs.submit.handler(({ input }) => queue.submit(prepareRequest(input))),
    list: jobs.list.handler(() => [...queue.list({ results: 'none' })]),
    get: jobs.get.handler(({ input }) => queue.get(input.jobId)),
    cancel: jobs.cancel.handler(({ input }) => queue.cancel(input.jobId)),
    retry: jobs.retry.handler(({ input }) => queue.retry(input.jobId)),
    clear: jobs.clear.handler(() => [...queue.clear()]),
  };
}

function answerLibrary({ library: methods }: Implementation, { library }: StudioServices) {
  return {
    query: methods.query.handler(({ input }) => library.queryItems(input)),
    get: methods.get.handler(({ input }) => library.getItem(input.itemId)),
    lineage: methods.lineage.handler(({ input }) => library.getLineage(input.itemId)),
    update: methods.update.handler(({ input: { itemId, ...change } }) => library.updateItem(itemId, change)),
    rebuild: methods.rebuild.handler(async () => {
      const { items, problems } = await library.rebuildIndex();
      return { items, problems: [...problems] };
    }),
  };
}

/** Answers every method of the contract. Inputs and outputs are checked by the contract's schemas. */
export function answerContract(services: StudioServices) {
  const implementation = implementContract(services.logFailure);
  return implementation.router({
    studio: answerStudio(implementation, services),
    ...answerPacks(implementation, services),
    prompts: answerPrompts(implementation, services),
    jobs: answerJobs(implementation, services),
    library: answerLibrary(implementation, services),
  });
}
export type StudioRouter = ReturnType<typeof answerContract>;
