import type { DesktopBridge } from '../../contract/desktop.ts';
import type { Page } from '../state/page.svelte.ts';
import { runMenuCommand } from './run-menu-command.ts';
import { takeOutcome } from './take-outcome.ts';

/** Joins page and desktop program: menus, files, links and the state of the core. Call once, when the page is mounted. */
export function followDesktop(bridge: DesktopBridge, page: Page): void {
  const { intake, core } = page;
  bridge.onCore((state) => {
    core.set(state);
    // A core that is back is asked at once, without waiting for the next try.
    if (state.type === 'ready' || state.type === 'failed') page.connection.retryNow();
  });
  bridge.onCommand((command) => runMenuCommand(command, page));
  bridge.onFiles((files) => page.attempt(intake.receiveAdded(files)));
  bridge.onLink((link) => page.attempt(intake.receiveLink(link)));
  // What was opened before the page was there has been kept for it.
  const greet = async (): Promise<void> => {
    const greeting = takeOutcome(await bridge.greet());
    core.set(greeting.core);
    for (const link of greeting.links) page.attempt(intake.receiveLink(link));
    if (greeting.files.length > 0) await intake.receiveAdded(greeting.files);
  };
  page.attempt(greet());
}
