import { checkPack } from './check-pack.ts';
import type { ContractImplementation } from './implement-contract.ts';
import { readMeasurements } from './read-measurements.ts';
import type { StudioServices } from './studio-services.ts';

/** The packs on this machine: what they are, what they know, and whether they are whole. */
export function answerPacks({ packs: methods }: ContractImplementation, { packs, models, folders }: StudioServices) {
  return {
    list: methods.list.handler(async () => [...(await packs.listPacks()).packs]),
    overview: methods.overview.handler(async () => {
      const found = await packs.listPacks();
      return { packs: [...found.packs], problems: [...found.problems], folder: folders.packs };
    }),
    info: methods.info.handler(async ({ input }) => (await packs.resolvePack(input.packId)).manifest),
    abilities: methods.abilities.handler(async ({ input }) => models.abilitiesOf(await packs.resolvePack(input.packId))),
    measurements: methods.measurements.handler(async ({ input }) => readMeasurements(await packs.resolvePack(input.packId))),
    verify: methods.verify.handler(({ input, signal }) => packs.verifyPack(input.packId, signal === undefined ? {} : { signal })),
    check: methods.check.handler(async ({ input, signal }) => {
      // An unknown pack is refused before the stream begins.
      await packs.resolvePack(input.packId);
      return checkPack(packs, input.packId, signal);
    }),
  };
}
