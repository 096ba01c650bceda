import type { PackCheckEvent } from '../../contract/models/pack.ts';
import { movePack, removePack } from '../installs/keep-packs.ts';
import { listGraphs } from '../packs/list-graphs.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import { exportTriton } from '../packs/triton/export-triton.ts';
import { streamProgress } from '../running/stream-progress.ts';
import type { ContractImplementation } from './implement-contract.ts';
import { listCatalogue } from './list-catalogue.ts';
import { readMeasurements } from './read-measurements.ts';
import type { StudioServices } from './studio-services.ts';

/** How often progress is told: a pack has hundreds of files, and a line of each would be read by nobody. */
const TELL_EVERY_MS = 80;

/** The packs on this machine: what they are, what they know, and whether they are whole. */
export function answerPacks({ packs: methods }: ContractImplementation, services: StudioServices) {
  const { packs, models, folders, installer, places, network, settings, engine, defaultPackId } = services;
  const overview = async () => {
    const found = await packs.listPacks();
    return { packs: [...found.packs], problems: [...found.problems], folder: folders.packs };
  };
  const never = new AbortController().signal;
  const kept = { packs, places, packsFolder: folders.packs };
  return {
    catalogue: methods.catalogue.handler(() => listCatalogue(services)),
    hub: methods.hub.handler(() => {
      const { origin, sends } = installer.hub;
      const consent = network.consents.consents.find((one) => one.origin === origin && one.purpose === 'download');
      return { origin, sends: [...sends], allowed: sends.every((thing) => consent?.sends.includes(thing) === true) };
    }),
    plan: methods.plan.handler(({ input, signal = never }) => installer.plan(input.source, input.choice, signal)),
    keptInstalls: methods.keptInstalls.handler(() => installer.staging.list()),
    discardInstall: methods.discardInstall.handler(async ({ input }) => {
      await installer.staging.discard(input.packId);
      return installer.staging.list();
    }),
    remove: methods.remove.handler(async ({ input }) => {
      // Some systems do not let go of files that a model was opened from.
      await engine.unload();
      await removePack(kept, input.packId);
      if (settings.settings.packId === input.packId) await settings.update({ packId: null });
      return overview();
    }),
    move: methods.move.handler(async ({ input, signal = never }) => {
      await engine.unload();
      await movePack(kept, input.packId, input.folder, signal);
      return overview();
    }),
    exportTriton: methods.exportTriton.handler(async ({ input, signal = never }) =>
      exportTriton(await packs.resolvePack(input.packId), input.folder, signal),
    ),
    list: methods.list.handler(async () => [...(await packs.listPacks()).packs]),
    overview: methods.overview.handler(overview),
    info: methods.info.handler(async ({ input }) => (await packs.resolvePack(input.packId)).manifest),
    abilities: methods.abilities.handler(async ({ input }) => models.abilitiesOf(await packs.resolvePack(input.packId))),
    memory: methods.memory.handler(async ({ input: { packId = defaultPackId(), ...drawing } }) =>
      models.judgeMemory(await packs.resolvePack(packId), drawing),
    ),
    graphs: methods.graphs.handler(async ({ input }) => listGraphs(await packs.resolvePack(input.packId))),
    measurements: methods.measurements.handler(async ({ input }) => readMeasurements(await packs.resolvePack(input.packId))),
    verify: methods.verify.handler(({ input, signal }) => packs.verifyPack(input.packId, signal === undefined ? {} : { signal })),
    check: methods.check.handler(async ({ input, signal }) => {
      // An unknown pack is refused before the stream begins.
      await packs.resolvePack(input.packId);
      return checkPack(packs, input.packId, signal);
    }),
  };
}

/** Hashes every file of a pack and tells how far it is. Ends with `done`; leaving the loop early stops the check. */
async function* checkPack(
  packs: PackRegistry,
  packId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<PackCheckEvent, void, void> {
  const verification = yield* streamProgress<PackCheckEvent, Awaited<ReturnType<PackRegistry['verifyPack']>>>(
    (tell, stop) =>
      packs.verifyPack(packId, {
        signal: stop,
        onProgress: (doneBytes, totalBytes) => tell({ type: 'progress', doneBytes, totalBytes }),
      }),
    signal,
    TELL_EVERY_MS,
  );
  yield { type: 'done', verification };
}
