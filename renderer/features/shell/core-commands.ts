import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';

/** What is asked of the core itself: its engine, its memory, its devices and the pack in use. None has keys of its own. */
export function listCoreCommands(studio: Studio): readonly Command[] {
  const { connection, facts, settings, packs, place, notices } = studio;
  const base = { keys: null, where: 'everywhere', whileWriting: true } as const;
  const away = (): string | null => (connection.connected ? null : 'The studio’s core does not answer.');
  const nothingLoaded = (): string | null => ((facts.engine?.loadedSessions.length ?? 0) === 0 ? 'No model is loaded.' : null);

  async function unload(): Promise<void> {
    await settings.unload();
    notices.tell(studio.language.say('settings.memory.unloaded'));
  }
  function checkPack(): void {
    const { info } = facts;
    if (info === null) return;
    place.show('packs');
    void packs.verify(info.defaultPackId);
  }

  return [
    {
      id: 'free-memory',
      name: 'Free the memory of the models',
      ...base,
      run: () => studio.attempt(unload()),
      whyNot: () => away() ?? nothingLoaded(),
    },
    {
      id: 'restart-engine',
      name: 'Start the engine again',
      ...base,
      run: () => studio.attempt(facts.restartEngine()),
      whyNot: away,
    },
    { id: 'check-pack', name: 'Check the files of the pack', ...base, run: checkPack, whyNot: away },
    { id: 'choose-device', name: 'Choose the device', ...base, run: () => place.show('settings', 'device') },
    { id: 'change-keys', name: 'Change the keys', ...base, run: () => place.show('settings', 'shortcuts') },
    { id: 'show-privacy', name: 'What leaves this machine', ...base, run: () => place.show('settings', 'privacy') },
  ];
}
