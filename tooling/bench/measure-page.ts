import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../test/helpers/browser-launch.ts';
import { StudioPage } from '../../test/helpers/browser-studio-page.ts';
import { buildPageWhenStale } from '../start/build-page-when-stale.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { makeLibrary } from './make-library.ts';
import { measureBundle } from './measure-bundle.ts';
import { readUrl } from './read-url.ts';

const root = resolve(import.meta.dirname, '../..');
const items = 10_000;
const openings = 5;
/** Each a page of its own: what one frame in 540 costs is noise of the machine as well. */
const passes = 3;

/** Frames come as fast as they are ready, so that a latency is work and not the wait for the screen's next refresh. */
const unpacedArguments = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
  await new StudioPage(page).samples.first().waitFor();
  // Screens are fetched in quiet moments after the start.
  await page.waitForTimeout(3000);
  return page;
}

/** From a press to the frame that shows every cell of another list in sight with its row. */
async function listMs(page: Page, press: () => Promise<void>): Promise<number> {
  const painted = page.evaluate(
    () =>
      new Promise<number>((resolvePainted) => {
        const sizeOfList = (): string | null => document.querySelector('[role=option]')?.getAttribute('aria-setsize') ?? null;
        const before = sizeOfList();
        let pressedMs = 0;
        addEventListener('click', (event) => (pressedMs = event.timeStamp), { capture: true, once: true });
        const look = (): void => {
          const cells = document.querySelectorAll('[role=option][data-item]').length;
          const absent = document.querySelectorAll('[role=option]:not([data-item])').length;
          if (sizeOfList() === before || cells < 12 || absent > 0) requestAnimationFrame(look);
          // The frame after the one that found them has them on the screen.
          else requestAnimationFrame(() => resolvePainted(performance.now() - pressedMs));
        };
        requestAnimationFrame(look);
      }),
  );
  await press();
  return painted;
}

/** The longest time between two frames while the whole list passes by, a third of a screen a frame. It begins when what is in sight has its pictures: until then the library is opening. */
async function longestFrameMs(page: Page): Promise<number> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('[role=option] img')].every((image) => image.complete),
  );
  return page.evaluate(
    () =>
      new Promise<number>((resolveLongest) => {
        const room = document.querySelector('[role=listbox]');
        if (room === null) throw new Error('The grid is not there.');
        let [last, longest] = [0, 0];
        const step = (nowMs: number): void => {
          if (last > 0) longest = Math.max(longest, nowMs - last);
          last = nowMs;
          const before = room.scrollTop;
          room.scrollTop += 300;
          if (room.scrollTop > before) requestAnimationFrame(step);
          else resolveLongest(longest);
        };
        requestAnimationFrame(step);
      }),
  );
}

interface Memory {
  readonly heapMb: number;
  readonly processMb: number;
}

/** The script's heap after a collection, and what of the renderer's process lies in memory and is its own (not files it maps). */
async function readMemory(browser: Browser, page: Page): Promise<Memory> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  const ids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const own = await Promise.all(ids.map(readOwnKb));
  return { heapMb: heap / 1e6, processMb: (Math.max(...own) * 1024) / 1e6 };
}

async function readOwnKb(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8');
  return ['RssAnon', 'RssShmem'].reduce(
    (sum, name) => sum + Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN),
    0,
  );
}

/** From keydown to the first moment after the frame that shows the letter, in a text of 75 tokens; 95th percentile of 120 keys. */
async function typingMs(page: Page): Promise<number> {
  const on = new StudioPage(page);
  await on.openSample();
  await on.openLength(75);
  await on.waitForResults(1);
  await on.toEnd();
  await page.evaluate(() => {
    const latencies: number[] = [];
    Object.assign(window, { latencies });
    addEventListener(
      'keydown',
      (event) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => latencies.push(performance.now() - event.timeStamp);
          port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
  for (const letter of 'the quick brown fox jumps over the lazy dog and '.repeat(3).slice(0, 120)) {
    await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    await page.waitForTimeout(70);
  }
  const latencies = await page.evaluate(() => (window as unknown as { latencies: number[] }).latencies);
  if (latencies.length !== 120) throw new Error(`${latencies.length} of 120 keys arrived.`);
  return latencies.sort((a, b) => a - b)[Math.floor(latencies.length * 0.95)] ?? Number.NaN;
}

async function measureLibrary(url: string): Promise<BenchRow[]> {
  const browser = await launchBrowser();
  try {
    const times: number[] = [];
    const longest: number[] = [];
    const spread: number[] = [];
    const longestSpread: number[] = [];
    const memory: Memory[] = [];
    for (let run = 0; run < openings; run += 1) {
      const page = await openPage(browser, url);
      times.push(await listMs(page, () => page.getByRole('button', { name: 'Library', exact: true }).click()));
      if (run < passes) longest.push(await longestFrameMs(page));
      // Every page begins with stacks: what is chosen is kept by the browser, and each page has one of its own.
      spread.push(await listMs(page, () => page.getByRole('button', { name: 'Stacks', exact: true }).click()));
      if (run < passes) longestSpread.push(await longestFrameMs(page));
      if (run === passes - 1) memory.push(await readMemory(browser, page));
      await page.close();
    }
    const [{ heapMb, processMb } = { heapMb: Number.NaN, processMb: Number.NaN }] = memory;
    return [
      judge({ name: `library of ${items} items in stacks, press to painted`, unit: 'ms', atMost: 500 }, median(times)),
      judge({ name: `longest frame while scrolling the stacks, median of ${passes}`, unit: 'ms', atMost: 50 }, median(longest)),
      judge({ name: 'the same items spread out, press to painted', unit: 'ms', atMost: 500 }, median(spread)),
      judge(
        { name: `longest frame while scrolling all items, median of ${passes}`, unit: 'ms', atMost: 50 },
        median(longestSpread),
      ),
      judge({ name: 'renderer memory afterwards, script heap', unit: 'MB', atMost: 300 }, heapMb),
      judge({ name: 'renderer memory afterwards, whole process', unit: 'MB', atMost: 300 }, processMb),
    ];
  } finally {
    await browser.close();
  }
}

async function measureTyping(url: string): Promise<BenchRow> {
  const browser = await launchBrowser(unpacedArguments);
  try {
    const latency = await typingMs(await openPage(browser, url));
    return judge({ name: 'typing with 75 tokens, key to frame, p95', unit: 'ms', atMost: 16 }, latency);
  } finally {
    await browser.close();
  }
}

/** What the page costs: a library of ten thousand, typing, and the bytes it is made of. */
export async function measurePage(folder: string): Promise<BenchRow[]> {
  await buildPageWhenStale(root, (line) => process.stderr.write(`${line}\n`));
  const home = join(folder, 'library');
  await makeLibrary(home, items);
  const child = spawn(process.execPath, ['main/shell/cli/dediffusion.ts', 'serve', '--port', '0'], {
    cwd: root,
    env: { ...process.env, DEDIFFUSION_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolveEnd) => child.once('exit', () => resolveEnd()));
  try {
    const url = await readUrl(child.stdout);
    child.stdout.resume();
    return [...(await measureLibrary(url)), await measureTyping(url), await measureBundle()];
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
