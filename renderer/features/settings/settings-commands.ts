import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';

/** What is asked of the core itself: its engine, its memory and its devices. None has keys of its own. */
export function listSettingsCommands(studio: Studio): readonly Command[] {
  const { connection, facts, settings, place, notices } = studio;
  const base = { keys: null, where: 'everywhere', whileWriting: true } as const;
  const nothingLoaded = (): string | null => ((facts.engine?.loadedSessions.length ?? 0) === 0 ? 'No model is loaded.' : null);

  async function unload(): Promise<void> {
    await settings.unload();
    notices.tell(studio.language.say('settings.memory.unloaded'));
  }

  return [
    {
      id: 'free-memory',
      name: 'Free the memory of the models',
      ...base,
      run: () => studio.attempt(unload()),
      whyNot: () => connection.whyNot ?? nothingLoaded(),
    },
    {
      id: 'restart-engine',
      name: 'Start the engine again',
      ...base,
      run: () => studio.attempt(facts.restartEngine()),
      whyNot: () => connection.whyNot,
    },
    { id: 'choose-device', name: 'Choose the device', ...base, run: () => place.show('settings', 'device') },
    { id: 'change-keys', name: 'Change the keys', ...base, run: () => place.show('settings', 'shortcuts') },
    { id: 'show-privacy', name: 'What leaves this machine', ...base, run: () => place.show('settings', 'privacy') },
  ];
}
