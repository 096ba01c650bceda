import type { MenuCommand } from '../../contract/desktop.ts';
import type { Page } from '../state/page.svelte.ts';
import { say } from '../language/say.ts';

/** The only way to a field's own undo. The standard calls it old and names no other. */
interface FieldCommands {
  execCommand(command: 'undo' | 'redo'): boolean;
}

/** The field that has the focus, where undo belongs to the field itself. The prompt editor is no such field: its undo is the studio's. */
function plainFieldHasFocus(): boolean {
  const { activeElement } = document;
  return (
    activeElement instanceof HTMLTextAreaElement ||
    (activeElement instanceof HTMLInputElement && /^(text|search|number|url)$/.test(activeElement.type))
  );
}

/** Does what a menu of the desktop program asks: the same as the command's keys do, and where it cannot be done, says why. */
export function runMenuCommand(id: MenuCommand, { shortcuts, notices }: Page): void {
  if ((id === 'undo' || id === 'redo') && plainFieldHasFocus()) {
    const field: FieldCommands = document;
    field.execCommand(id);
    return;
  }
  const here = shortcuts.find(id);
  const anywhere = here ?? shortcuts.commands.find((command) => command.id === id) ?? null;
  if (anywhere === null) return;
  if (here === null) {
    notices.tell(say('menu.elsewhere', { command: anywhere.name() }));
    return;
  }
  const reason = here.whyNot?.() ?? null;
  if (reason === null) here.run();
  else notices.tell(reason);
}
