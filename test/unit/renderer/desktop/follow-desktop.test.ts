import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddedFile, CoreState, DeepLink, DesktopBridge, MenuCommand } from '../../../../contract/desktop.ts';
import { menuCommandSchema } from '../../../../contract/desktop.ts';
import { DesktopWindow } from '../../../../renderer/desktop/desktop-window.ts';
import { followDesktop } from '../../../../renderer/desktop/follow-desktop.ts';
import { listCommands } from '../../../../renderer/features/shell/commands.ts';
import { workspaces } from '../../../../renderer/workspaces.ts';
import type { Page } from '../../../../renderer/state/page.svelte.ts';
import { CoreBench } from '../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

const done = <Value>(value: Value) => Promise.resolve({ type: 'done' as const, value });
const refused = () =>
  Promise.resolve({
    type: 'failed' as const,
    error: { code: 'file-unwritable' as const, message: 'No room.', hint: 'Make some.', details: {} },
  });

/** The program's side of the bridge, as far as a page sees it. */
class Program {
  core: (state: CoreState) => void = () => undefined;
  command: (command: MenuCommand) => void = () => undefined;
  files: (files: readonly AddedFile[]) => void = () => undefined;
  link: (link: DeepLink) => void = () => undefined;
  greetings = 0;
  restarts = 0;
  readonly bridge: DesktopBridge;

  constructor(early: { files?: readonly AddedFile[]; links?: readonly DeepLink[] } = {}) {
    const keep = (name: 'core' | 'command' | 'files' | 'link') => (listener: never) => {
      this[name] = listener;
      return () => undefined;
    };
    this.bridge = {
      platform: 'linux',
      greet: () => {
        this.greetings += 1;
        return done({ core: { type: 'starting' as const }, files: [...(early.files ?? [])], links: [...(early.links ?? [])] });
      },
      onCore: keep('core'),
      onCommand: keep('command'),
      onFiles: keep('files'),
      onLink: keep('link'),
      restartCore: () => {
        this.restarts += 1;
        return done(null);
      },
      choosePictures: () => done([]),
      addFiles: () => done([]),
      savePicture: refused,
      saveText: () => done('a.txt'),
      chooseFolder: () => done(null),
      keepPicture: refused,
      dragPicture: () => undefined,
      copyPicture: () => done(null),
      readClipboardPicture: () => done(null),
      keychainState: () => done('safe' as const),
      setSecret: () => done(null),
      forgetSecret: () => done(null),
      noteWork: () => undefined,
      showKeys: () => undefined,
      openLogFolder: () => done(null),
    };
  }
}

async function start(program: Program): Promise<Page> {
  const page = await bench.startPage(undefined, new DesktopWindow(program.bridge));
  page.shortcuts.register(listCommands(page, workspaces));
  followDesktop(program.bridge, page);
  return page;
}

describe('page and desktop program', () => {
  it('greets once and opens what came before the page was there', async () => {
    const program = new Program({
      files: [{ name: 'pig.png', item: await bench.addScene('Pig'), error: null }],
      links: [{ type: 'prompt', text: 'a castle' }],
    });
    const page = await start(program);
    await bench.until(() => expect(page.work.picture?.title).toBe('Pig'));
    expect(page.proposals.current).toMatchObject({ text: 'a castle' });
    expect(page.core.state).toEqual({ type: 'starting' });
    expect(program.greetings).toBe(1);
  });

  it('runs what a menu asks, and says why where it cannot', async () => {
    const program = new Program();
    const page = await start(program);
    program.command('show-settings');
    expect(page.place.current).toBe('settings');
    program.command('generate');
    expect(page.notices.list.at(-1)?.body.message).toContain('works elsewhere');
    program.command('show-studio');
    program.command('generate');
    expect(page.notices.list.at(-1)?.body.message).toBe('There is no text yet.');
  });

  it('knows when a core that stopped starts again', async () => {
    const program = new Program();
    const page = await start(program);
    program.core({ type: 'restarting', inMs: 2_000, reason: 'It stopped.' });
    expect(page.core.restartAtMs).toBeGreaterThan(Date.now());
    await page.platform.restartCore?.();
    expect(program.restarts).toBe(1);
    program.core({ type: 'ready' });
    expect(page.core.restartAtMs).toBeNull();
  });

  it('tells a failure of the program like any other', async () => {
    const page = await start(new Program());
    page.attempt(page.platform.savePicture({ sha256: 'a'.repeat(64), title: '' }));
    await bench.until(() =>
      expect(page.notices.list.at(-1)?.body).toMatchObject({ code: 'file-unwritable', message: 'No room.' }),
    );
  });

  it('has a command for every item of the menus', async () => {
    const page = await start(new Program());
    const ids = new Set(page.shortcuts.commands.map(({ id }) => id));
    expect(menuCommandSchema.options.filter((id) => !ids.has(id))).toEqual([]);
  });
});
