import type { ContractImplementation } from './implement-contract.ts';
import { reportSettings } from './report-settings.ts';
import type { StudioServices } from './studio-services.ts';

/** What a person sets for the core. A pack is chosen only when it is there. */
export function answerSettings({ settings: methods }: ContractImplementation, services: StudioServices) {
  return {
    get: methods.get.handler(() => reportSettings(services)),
    update: methods.update.handler(async ({ input }) => {
      if (typeof input.packId === 'string') await services.packs.resolvePack(input.packId);
      await services.settings.update(input);
      return reportSettings(services);
    }),
  };
}
