import type { DesktopBridge } from '../../contract/desktop.ts';
import type { Studio } from '../state/studio.svelte.ts';
import { runMenuCommand } from './run-menu-command.ts';
import { takeOutcome } from './take-outcome.ts';

/** Joins page and desktop program: menus, files, links and the state of the core. Call once, when the page is mounted. */
export function followDesktop(bridge: DesktopBridge, studio: Studio): void {
  const { arrivals, core } = studio;
  bridge.onCore((state) => {
    core.set(state);
    // A core that is back is asked at once, without waiting for the next try.
    if (state.type === 'ready' || state.type === 'failed') studio.connection.retryNow();
  });
  bridge.onCommand((command) => runMenuCommand(command, studio));
  bridge.onFiles((files) => studio.attempt(arrivals.receiveAdded(files)));
  bridge.onLink((link) => studio.attempt(arrivals.receiveLink(link)));
  // What was opened before the page was there has been kept for it.
  const greet = async (): Promise<void> => {
    const greeting = takeOutcome(await bridge.greet());
    core.set(greeting.core);
    for (const link of greeting.links) studio.attempt(arrivals.receiveLink(link));
    if (greeting.files.length > 0) await arrivals.receiveAdded(greeting.files);
  };
  studio.attempt(greet());
}
