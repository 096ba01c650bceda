import { requireScope } from '../../contract/outside/access-key.ts';
import { recordsOfAnItem } from '../../contract/library.ts';
import { scoreAnswers } from '../language/vqa-accuracy.ts';
import { scopeOfJob } from '../../contract/outside/scope-of-method.ts';
import { nameOlderReadings } from '../library/name-older-readings.ts';
import { createId } from '../storage/create-id.ts';
import { comparePrompts } from '../prompt/compare-prompts.ts';
import { createPrompt } from '../prompt/create-prompt.ts';
import { editPrompt } from '../prompt/edit-prompt.ts';
import { exportPrompt } from '../prompt/export-prompt.ts';
import { inspectPrompt } from '../prompt/inspect-prompt.ts';
import { parsePromptFile } from '../prompt/parse-prompt-file.ts';
import { readDialect } from '../prompt/read-dialect.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { loadClipTokenizer } from '../tokenizer/load-clip-tokenizer.ts';
import { addFromAddress } from './add-from-address.ts';
import { addRegionMask } from './add-region-mask.ts';
import { answerAccessKeys } from './answer-access-keys.ts';
import { answerBatches } from './answer-batches.ts';
import { answerConnections, answerLanguage, answerTemplates } from './answer-language.ts';
import { answerNetwork, answerUpdates } from './answer-network.ts';
import { answerPacks } from './answer-packs.ts';
import { answerStudio } from './answer-studio.ts';
import { answerTransfers } from './answer-transfers.ts';
import { comparePixels } from './compare-pixels.ts';
import { addSample } from './find-sample.ts';
import { implementContract } from './implement-contract.ts';
import type { ContractImplementation } from './implement-contract.ts';
import { answerDeviceParts } from './answer-device-parts.ts';
import { answerLibrary } from './answer-library.ts';
import type { StudioServices } from './studio-services.ts';
import { findMatrix } from './matrix/find-matrix.ts';
import { keepMatrixSheet, writeMatrixFile } from './matrix/write-matrix-file.ts';
import { prepareRequest } from './prepare-request.ts';
import { reportSettings } from './report-settings.ts';
import { readingOf } from '../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { alternativesAt } from '../../contract/texts/reading.ts';
import type { Alternative } from '../../contract/texts/reading.ts';
import type { Library } from '../library/library.ts';

function answerImages({ images }: ContractImplementation, services: StudioServices) {
  const { library, network, pictures } = services;
  return {
    addSample: images.addSample.handler(({ input }) => addSample(services, input.packId, input.file)),
    addFromAddress: images.addFromAddress.handler(({ input, signal }) =>
      addFromAddress(services, network, input.address, signal),
    ),
    info: images.info.handler(({ input }) => library.getImage(input.sha256)),
    maskOfRegion: images.maskOfRegion.handler(({ input, signal }) => addRegionMask(services, input.itemId, input.region, signal)),
    metadata: images.metadata.handler(({ input: { sha256 }, signal }) => {
      library.getImage(sha256);
      return pictures.readMetadata(library.getImagePath(sha256), { name: 'The picture', signal });
    }),
  };
}

function answerPrompts({ prompts }: ContractImplementation, services: StudioServices) {
  const { library, packs, tokenizers, clock } = services;
  const tokenizerOf = (packId: string) => tokenizers.takeById(packId, packs);
  const createFrom = async (packId = services.defaultPackId(), text: string) =>
    createPrompt({ id: createId(clock()), packId, text }, await tokenizerOf(packId));
  // What an older text carried of its picture is stored, so that it opens with its candidates.
  const records = nameOlderReadings(recordsOfAnItem, library.readings.addNow);
  return {
    create: prompts.create.handler(({ input }) => createFrom(input.packId, input.text)),
    read: prompts.read.handler(async ({ input }) => {
      const source = parsePromptFile(new TextEncoder().encode(input.content), records);
      if (source.type === 'text') return createFrom(input.packId, source.text);
      await packs.resolvePack(source.document.packId);
      return source.document;
    }),
    readAs: prompts.readAs.handler(async ({ input: { text, dialect, packId = services.defaultPackId() } }) => {
      const { notes, ...read } = readDialect(text, dialect, { id: createId(clock()), packId }, await tokenizerOf(packId));
      return { ...read, notes: [...notes] };
    }),
    edit: prompts.edit.handler(async ({ input: { document, edit } }) => {
      const candidates = edit.type === 'choose-alternative' ? await findCandidates(library, document, edit.slotId) : null;
      return editPrompt(document, edit, await tokenizerOf(document.packId), candidates);
    }),
    inspect: prompts.inspect.handler(async ({ input: { document } }) => {
      const pack = await packs.resolvePack(document.packId);
      const [tokenizer, clipTokenizer] = await Promise.all([tokenizers.take(pack), loadClipTokenizer()]);
      return inspectPrompt(document, { tokenizer, clipTokenizer, maxTokens: pack.manifest.limits?.maxTokens ?? null });
    }),
    export: prompts.export.handler(async ({ input }) =>
      exportPrompt(input.document, input.target, input.options, await loadClipTokenizer()),
    ),
    compare: prompts.compare.handler(({ input }) => comparePrompts(input.before, input.after)),
    save: prompts.save.handler(({ input }) => {
      const { text } = renderPrompt(input.document);
      return library.addPrompt({ prompt: input.document, text, title: input.title, parents: input.parents });
    }),
  };
}

function answerJobs({ jobs }: ContractImplementation, { queue }: StudioServices) {
  return {
    submit: jobs.submit.handler(({ input, context }) => {
      requireScope(context.scope, scopeOfJob(input));
      return queue.submit(prepareRequest(input));
    }),
    list: jobs.list.handler(() => [...queue.list({ results: 'none' })]),
    get: jobs.get.handler(({ input }) => queue.get(input.jobId)),
    cancel: jobs.cancel.handler(({ input }) => queue.cancel(input.jobId)),
    retry: jobs.retry.handler(({ input, context }) => {
      requireScope(context.scope, scopeOfJob(queue.get(input.jobId).request));
      return queue.retry(input.jobId);
    }),
    clear: jobs.clear.handler(() => [...queue.clear()]),
  };
}

/** Answers every method of the contract. Inputs and outputs are checked by the contract's schemas. */
export function answerContract(services: StudioServices) {
  const implementation = implementContract(services.logFailure);
  return implementation.router({
    studio: answerStudio(implementation, services),
    settings: answerSettings(implementation, services),
    network: answerNetwork(implementation, services),
    updates: answerUpdates(implementation, services),
    deviceParts: answerDeviceParts(implementation, services),
    accessKeys: answerAccessKeys(implementation, services),
    packs: answerPacks(implementation, services),
    images: answerImages(implementation, services),
    prompts: answerPrompts(implementation, services),
    language: answerLanguage(implementation, services),
    matrices: answerMatrices(implementation, services),
    evaluation: answerEvaluation(implementation, services),
    connections: answerConnections(implementation, services),
    templates: answerTemplates(implementation, services),
    jobs: answerJobs(implementation, services),
    batches: answerBatches(implementation, services),
    transfers: answerTransfers(implementation, services),
    library: answerLibrary(implementation.library, services),
  });
}
export type StudioRouter = ReturnType<typeof answerContract>;

function answerMatrices({ matrices }: ContractImplementation, services: StudioServices) {
  return {
    get: matrices.get.handler(({ input }) => findMatrix(services, input.jobId)),
    write: matrices.write.handler(({ input }) => writeMatrixFile(services, input)),
    sheet: matrices.sheet.handler(({ input, signal }) => keepMatrixSheet(services, input.jobId, signal)),
  };
}

function answerEvaluation({ evaluation }: ContractImplementation, services: StudioServices) {
  return {
    answers: evaluation.answers.handler(({ input }) => scoreAnswers(input)),
    pictures: evaluation.pictures.handler(async ({ input, signal }) => ({
      ...(await services.similarity.comparePairs(input)),
      pixelError: await comparePixels(services, input.pairs, signal),
    })),
  };
}

/** What a person sets for the core. A pack is chosen only when it is there. */
function answerSettings({ settings: methods }: ContractImplementation, services: StudioServices) {
  return {
    get: methods.get.handler(() => reportSettings(services)),
    update: methods.update.handler(async ({ input }) => {
      if (typeof input.packId === 'string') await services.packs.resolvePack(input.packId);
      await services.settings.update(input);
      return reportSettings(services);
    }),
  };
}

/** What was read at a slot's place, the chosen token first; null where this library has no reading of it. */
async function findCandidates(library: Library, document: PromptDocument, slotId: string): Promise<Alternative[] | null> {
  const slot = document.slots.find(({ id }) => id === slotId);
  const place = slot === undefined ? null : readingOf(document, slot);
  if (place === null || !library.readings.has(place.sha256)) return null;
  return alternativesAt(await library.readings.read(place.sha256), place.position);
}
