import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished, vi } from 'vitest';
import { openStudio } from '../../../main/studio.ts';
import type { AddedPicture, Studio as Core } from '../../../main/studio.ts';
import type { Transport } from '../../../renderer/client/transport.ts';
import { BrowserTab } from '../../../renderer/desktop/browser-tab.ts';
import type { Platform } from '../../../renderer/desktop/platform.ts';
import { Page } from '../../../renderer/state/page.svelte.ts';
import { PACK_ID } from '../../contract/open-test-studio.ts';
import { MemoryStorage } from '../../helpers/memory-storage.ts';

/** A real core on the embedded pack in a temporary folder, and the page's state on it without a page. */
export class CoreBench {
  readonly core: Core;
  readonly transport: Transport;
  #pictures = 0;

  private constructor(core: Core) {
    this.core = core;
    this.transport = {
      client: core.client,
      uploadImage: async (bytes, title, parentId) =>
        core.addImage(new Uint8Array(await bytes.arrayBuffer()), { title, parents: parentId === undefined ? [] : [parentId] }),
      readReading: (sha256) => core.locateReading(sha256).then(({ path }) => readFile(path)),
      readNotices: () => Promise.reject(new Error('There is no page beside which they lie.')),
    };
  }

  static async open(
    prepare: (dataFolder: string) => Promise<void> = () => Promise.resolve(),
    environment: Readonly<Record<string, string>> = {},
  ): Promise<CoreBench> {
    const dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-page-'));
    await prepare(dataFolder);
    return new CoreBench(await openStudio({ dataFolder, device: 'cpu', environment: { ...process.env, ...environment } }));
  }

  async close(): Promise<void> {
    await this.core.close();
    await rm(this.core.dataFolder, { recursive: true, force: true });
  }

  /** The page's state, as it is before it is connected. */
  openPage(store: Storage = new MemoryStorage(), platform: Platform = new BrowserTab()): Page {
    const page = new Page(this.transport, () => store, platform);
    onTestFinished(() => page.stop());
    return page;
  }

  /** A connected page that draws in one step, and only when asked to. */
  async startPage(store?: Storage, platform?: Platform): Promise<Page> {
    const page = this.openPage(store, platform);
    page.preferences.set({ steps: 1, drawAfterReading: false });
    page.start();
    await this.until(() => {
      if (page.facts.pack === null) throw new Error('The page does not know its pack yet.');
    });
    return page;
  }

  /** A scene that no picture before it was. Tests share a library, and one picture's results belong to one test. */
  async makeScene(): Promise<Uint8Array<ArrayBuffer>> {
    this.#pictures += 1;
    const { path } = await this.core.locateSample(PACK_ID, 'samples/1-pig.png');
    const scene = sharp(path).modulate({ brightness: 1 - this.#pictures / 200 });
    return new Uint8Array(await scene.png().toBuffer());
  }

  async addScene(title: string): Promise<AddedPicture> {
    return this.core.addImage(await this.makeScene(), { title });
  }

  /** Keeps the engine at a long drawing, so that other jobs wait; returns what lets them go on. */
  async occupy(): Promise<() => Promise<void>> {
    const { jobs } = this.core.client;
    const { id } = await jobs.submit({
      kind: 'generate',
      prompt: { type: 'text', text: 'a red fox' },
      settings: { steps: 200, count: 8 },
      parents: [],
    });
    return async () => {
      await jobs.cancel({ jobId: id });
    };
  }

  /** Waits for what the core does. Patient: the engine starts when it is first needed. */
  async until(check: () => void): Promise<void> {
    await vi.waitFor(check, { timeout: 50_000, interval: 10 });
  }
}
