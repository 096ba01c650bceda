import type { ContractImplementation } from './implement-contract.ts';
import { measureStorage } from './measure-storage.ts';
import type { StudioServices } from './studio-services.ts';

/** What the core says of itself, its events, and what can be asked of its engine. */
export function answerStudio({ studio }: ContractImplementation, services: StudioServices) {
  const { engine, queue, library, events, devices } = services;
  return {
    info: studio.info.handler(() => ({
      versions: services.versions,
      defaultPackId: services.defaultPackId(),
      libraryItems: library.countItems(),
      engine: engine.status(),
      devices: [...devices.probes],
      repairs: [...services.repairs()],
    })),
    events: studio.events.handler(({ signal }) => {
      // Whoever listens is about to work: the engine process starts while the page is still being drawn.
      engine.warm();
      devices.probeWhenQuiet();
      return events.read(() => ({ type: 'hello', engine: engine.status(), jobs: [...queue.list({ results: 'none' })] }), signal);
    }),
    restartEngine: studio.restartEngine.handler(() => engine.restart()),
    unload: studio.unload.handler(async () => {
      await engine.unload();
      return engine.status();
    }),
    probeDevices: studio.probeDevices.handler(async () => [...(await devices.probe(true))]),
    storage: studio.storage.handler(() => measureStorage(services.folders.data)),
  };
}
