import type { Command } from '../../state/frame/command.ts';
import type { Packs } from '../../state/packs/packs.svelte.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

export function listPackCommands({ connection, facts, place }: Page, packs: Packs): readonly Command[] {
  function check(): void {
    const { info } = facts;
    if (info === null) return;
    place.show('packs');
    void packs.verify(info.defaultPackId);
  }
  return [
    {
      id: 'check-pack',
      name: () => say('command.check-pack'),
      keys: null,
      where: 'everywhere',
      whileWriting: true,
      run: check,
      whyNot: () => connection.whyNot,
    },
  ];
}
