import type { WebContents } from 'electron';
import type { AddedFile, CoreState, DeepLink, DesktopGreeting, MenuCommand } from '../../../../contract/desktop.ts';
import type { UpdateState } from '../../../../contract/updates.ts';
import { pushChannels } from '../../../../preload/channels.ts';

/** What the program has for the page. Files and links that come before the page listens are kept until it asks. */
export class PageMail {
  #contents: WebContents | null = null;
  #listening = false;
  #files: AddedFile[] = [];
  #links: DeepLink[] = [];

  /** From now on the mail is for this window. */
  attach(contents: WebContents): void {
    this.#contents = contents;
    this.#listening = false;
    contents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) this.#listening = false;
    });
    contents.once('destroyed', () => {
      if (this.#contents === contents) this.#contents = null;
    });
  }

  /** The page listens now; it gets what was kept. */
  greet(core: CoreState): DesktopGreeting {
    const greeting = { core, files: this.#files, links: this.#links };
    this.#files = [];
    this.#links = [];
    this.#listening = true;
    return greeting;
  }

  command(command: MenuCommand): void {
    this.#send(pushChannels.command, command);
  }

  core(state: CoreState): void {
    this.#send(pushChannels.core, state);
  }

  update(state: UpdateState): void {
    this.#send(pushChannels.update, state);
  }

  files(files: readonly AddedFile[]): void {
    if (files.length === 0) return;
    if (this.#listening) this.#send(pushChannels.files, files);
    else this.#files.push(...files);
  }

  link(link: DeepLink): void {
    if (this.#listening) this.#send(pushChannels.link, link);
    else this.#links.push(link);
  }

  #send(channel: string, value: unknown): void {
    if (this.#contents !== null && !this.#contents.isDestroyed()) this.#contents.send(channel, value);
  }
}
