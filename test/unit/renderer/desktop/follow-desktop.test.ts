import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddedFile, CoreState, DeepLink, DesktopBridge, MenuCommand } from '../../../../contract/desktop.ts';
import { menuCommandSchema } from '../../../../contract/desktop.ts';
import type { UpdateState } from '../../../../contract/outside/updates.ts';
import { BrowserTab } from '../../../../renderer/desktop/browser-tab.ts';
import { DesktopWindow } from '../../../../renderer/desktop/desktop-window.ts';
import { followDesktop } from '../../../../renderer/desktop/follow-desktop.ts';
import { openWorkspaces } from '../../../../renderer/features/shell/open-workspaces.ts';
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

const atRest: UpdateState = {
  version: '0.1.0',
  way: 'itself',
  settings: { choice: 'ask', feed: null },
  feed: 'https://updates.example/studio',
  checkedMs: null,
  isWorking: false,
  step: { type: 'idle' },
};

/** The program's side of the bridge, as far as a page sees it. */
class Program {
  core: (state: CoreState) => void = () => undefined;
  command: (command: MenuCommand) => void = () => undefined;
  files: (files: readonly AddedFile[]) => void = () => undefined;
  link: (link: DeepLink) => void = () => undefined;
  update: (state: UpdateState) => void = () => undefined;
  asked: string[] = [];
  greetings = 0;
  restarts = 0;
  readonly bridge: DesktopBridge;

  constructor(early: { files?: readonly AddedFile[]; links?: readonly DeepLink[] } = {}) {
    const keep = (name: 'core' | 'command' | 'files' | 'link' | 'update') => (listener: never) => {
      this[name] = listener;
      return () => undefined;
    };
    const ask = (what: string) => {
      this.asked.push(what);
      return done(null);
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
      chooseModelFile: () => done('/models/model.safetensors'),
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
      updateState: () => done(atRest),
      onUpdate: keep('update'),
      checkForUpdate: () => ask('check'),
      fetchUpdate: () => ask('fetch'),
      stopUpdate: () => ask('stop'),
      restartToUpdate: () => ask('restart'),
      setUpdates: (settings) => ask(`set ${JSON.stringify(settings)}`),
    };
  }
}

async function start(program: Program): Promise<Page> {
  const page = await bench.startPage(undefined, new DesktopWindow(program.bridge));
  openWorkspaces(page, workspaces);
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

  it('asks the place of the updates only after a yes, which names it', async () => {
    const program = new Program();
    const page = await start(program);
    const { updates } = page;
    await bench.until(() => expect(updates?.host).toBe('updates.example'));
    await page.network.load();
    expect({ allowed: updates?.allowed, asked: program.asked }).toEqual({ allowed: false, asked: [] });
    await updates?.allow();
    expect({ allowed: updates?.allowed, asked: program.asked }).toEqual({ allowed: true, asked: ['check'] });
    expect(page.network.report?.consents).toMatchObject([
      { origin: 'https://updates.example', purpose: 'update', sends: ['address'], keeps: ['program'] },
    ]);
    await page.network.revoke({ origin: 'https://updates.example', purpose: 'update' });
    expect(updates?.allowed).toBe(false);
  });

  it('tells once of a newer version: when it waits for a yes, and when it is ready', async () => {
    const program = new Program();
    const page = await start(program);
    const told = () => page.notices.recent.map(({ body }) => body.message);
    const found = { version: '0.2.0', notes: 'More words.' };
    program.update({ ...atRest, step: { type: 'found', ...found, waits: false } });
    program.update({ ...atRest, isWorking: true, step: { type: 'found', ...found, waits: true } });
    expect(told()).toEqual(['Version 0.2.0 of the studio is there.']);
    page.notices.list.at(-1)?.remedy?.run();
    expect([page.place.current, page.place.section]).toEqual(['settings', 'updates']);
    await page.updates?.bring();
    program.update({ ...atRest, step: { type: 'ready', ...found } });
    await page.updates?.restart();
    await page.updates?.choose('automatic');
    await page.updates?.setFeed('https://mirror.example/');
    expect(told()[0]).toBe('Version 0.2.0 of the studio is ready.');
    expect(program.asked).toEqual([
      'fetch',
      'restart',
      'set {"choice":"automatic","feed":null}',
      'set {"choice":"ask","feed":"https://mirror.example/"}',
    ]);
  });

  it('tells of what is fetched by itself only when it is there', async () => {
    const program = new Program();
    const page = await start(program);
    const automatic: UpdateState = { ...atRest, settings: { choice: 'automatic', feed: null } };
    program.update({ ...automatic, step: { type: 'found', version: '0.2.0', notes: '', waits: true } });
    expect(page.notices.recent).toEqual([]);
    program.update({ ...automatic, step: { type: 'ready', version: '0.2.0', notes: '' } });
    expect(page.notices.recent).toHaveLength(1);
  });

  it('tells a failure of the program like any other', async () => {
    const page = await start(new Program());
    page.attempt(page.platform.savePicture({ sha256: 'a'.repeat(64), title: '' }));
    await bench.until(() =>
      expect(page.notices.list.at(-1)?.body).toMatchObject({ code: 'file-unwritable', message: 'No room.' }),
    );
  });

  it('is told the path of a model file that was chosen, which a tab in a browser never is', async () => {
    const page = await start(new Program());
    expect(await page.platform.chooseModelFile?.()).toBe('/models/model.safetensors');
    expect(new BrowserTab().chooseModelFile).toBeNull();
  });

  it('has a command for every item of the menus', async () => {
    const page = await start(new Program());
    const ids = new Set(page.shortcuts.commands.map(({ id }) => id));
    expect(menuCommandSchema.options.filter((id) => !ids.has(id))).toEqual([]);
  });
});
