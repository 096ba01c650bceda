import type { Command } from '../../state/frame/command.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

/** What is asked of the core itself: its engine, its memory and its devices. None has keys of its own. */
export function listSettingsCommands(page: Page): readonly Command[] {
  const { connection, facts, settings, place, notices } = page;
  const base = { keys: null, where: 'everywhere', whileWriting: true } as const;
  const nothingLoaded = (): string | null =>
    (facts.engine?.loadedSessions.length ?? 0) === 0 ? say('settings.memory.none') : null;

  async function unload(): Promise<void> {
    await settings.unload();
    notices.tell(say('settings.memory.unloaded'));
  }

  return [
    {
      id: 'free-memory',
      name: () => say('command.free-memory'),
      ...base,
      run: () => page.attempt(unload()),
      whyNot: () => connection.whyNot ?? nothingLoaded(),
    },
    {
      id: 'restart-engine',
      name: () => say('command.restart-engine'),
      ...base,
      run: () => page.attempt(facts.restartEngine()),
      whyNot: () => connection.whyNot,
    },
    { id: 'choose-device', name: () => say('command.choose-device'), ...base, run: () => place.show('settings', 'device') },
    { id: 'change-keys', name: () => say('command.change-keys'), ...base, run: () => place.show('settings', 'shortcuts') },
    {
      id: 'show-connections',
      name: () => say('command.show-connections'),
      ...base,
      run: () => place.show('settings', 'connections'),
    },
    {
      id: 'show-updates',
      name: () => say('command.show-updates'),
      ...base,
      run: () => place.show('settings', 'updates'),
      whyNot: () => (page.updates === null ? say('updates.none') : null),
    },
    {
      id: 'show-access-keys',
      name: () => say('command.show-access-keys'),
      ...base,
      run: () => place.show('settings', 'accessKeys'),
    },
    { id: 'show-privacy', name: () => say('command.show-privacy'), ...base, run: () => place.show('settings', 'privacy') },
  ];
}
