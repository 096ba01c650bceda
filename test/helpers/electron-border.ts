import type { ElectronApplication } from 'playwright-core';

/** What the specs see and answer at Electron's own border: dialogs nobody can click, and calls that leave the program. */
export class ElectronBorder {
  readonly #app: ElectronApplication;

  constructor(app: ElectronApplication) {
    this.#app = app;
  }

  /** Clicks an item of the menu bar. False when there is none. */
  choose(id: string): Promise<boolean> {
    return this.#app.evaluate(({ Menu, BrowserWindow }, itemId) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById(itemId);
      item?.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
      return item !== null && item !== undefined;
    }, id);
  }

  /** Every following open dialog is answered with these files; with none it is cancelled. */
  answerOpen(paths: readonly string[]): Promise<void> {
    return this.#app.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths: [...filePaths] });
    }, paths);
  }

  /** Every following save dialog is answered with this file; with null it is cancelled. */
  answerSave(path: string | null): Promise<void> {
    return this.#app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' });
    }, path);
  }

  /** Titles in File → Open Recent, the newest first. */
  recent(): Promise<string[]> {
    return this.#app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items ?? [];
      return items
        .slice(
          0,
          items.findIndex(({ type }) => type === 'separator'),
        )
        .map(({ label }) => label);
    });
  }

  openRecent(title: string): Promise<void> {
    return this.#app.evaluate(({ Menu, BrowserWindow }, label) => {
      const items = Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items ?? [];
      items.find((item) => item.label === label)?.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
    }, title);
  }

  /** From now on drags are recorded in place of being started: there is no pointer of the system to carry them. */
  recordDrags(): Promise<void> {
    return this.#app.evaluate(({ BrowserWindow }) => {
      const here = globalThis as unknown as { dragged: string[] };
      here.dragged = [];
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents !== undefined) contents.startDrag = ({ file }) => here.dragged.push(file);
    });
  }

  drags(): Promise<string[]> {
    return this.#app.evaluate(() => (globalThis as unknown as { dragged: string[] }).dragged);
  }

  /** From now on notifications and taskbar progress are recorded; the window counts as being in the background. */
  recordBackground(): Promise<void> {
    return this.#app.evaluate(({ BrowserWindow, Notification }) => {
      const here = globalThis as unknown as { told: string[]; progress: number[] };
      here.told = [];
      here.progress = [];
      const window = BrowserWindow.getAllWindows()[0];
      if (window === undefined) return;
      window.isFocused = () => false;
      window.setProgressBar = (fraction) => here.progress.push(fraction);
      Notification.isSupported = () => true;
      Notification.prototype.show = function (this: Electron.Notification) {
        here.told.push(`${this.title}: ${this.body}`);
      };
    });
  }

  background(): Promise<{ told: string[]; progress: number[] }> {
    return this.#app.evaluate(() => {
      const { told, progress } = globalThis as unknown as { told: string[]; progress: number[] };
      return { told, progress };
    });
  }
}
