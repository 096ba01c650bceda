import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { libraryQuerySchema } from '../../../contract/library.ts';
import type { Library } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { randomSource } from '../../helpers/random-source.ts';
import { drawSeed, repeatableRandom, withSeed } from '../../helpers/repeatable-random.ts';
import { fillCompileCache } from './fill-compile-cache.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';

interface Acknowledged {
  readonly id: string;
  readonly sha256: string | null;
  readonly title: string;
}

const SCRIPT = join(import.meta.dirname, 'write-until-killed.ts');

/** Lets a host write, kills it at a random moment, and returns what it had acknowledged by then. */
async function writeAndKill(
  folder: string,
  env: NodeJS.ProcessEnv,
  random: () => number,
  waitForFirst: boolean,
): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, [SCRIPT, folder], { stdio: ['ignore', 'pipe', 'inherit'], env: withSeed(env, random) });
  const closed = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child.stdout, 'data');
  // On a slow disk most hosts would die before they told of anything; half of them are let tell once.
  if (waitForFirst && !output.trimEnd().includes('\n')) await once(child.stdout, 'data');
  await setTimeout(5 + random() * 75);
  child.kill('SIGKILL');
  await closed;
  // A line cut off by the kill was never said.
  return output
    .slice(0, output.lastIndexOf('\n'))
    .split('\n')
    .slice(1)
    .map((line) => {
      const [id = '', sha256 = '', ...title] = line.split(' ');
      return { id, sha256: sha256 === '-' ? null : sha256, title: title.join(' ') };
    });
}

/** Every acknowledged item is there, found by search, and its picture is the one that was given. */
async function expectKept(library: Library, acknowledged: readonly Acknowledged[]): Promise<void> {
  const latest = new Map(acknowledged.map((line) => [line.id, line]));
  for (const { id, sha256, title } of latest.values()) {
    const item = library.getItem(id);
    // A rename may have been done and not yet told when the kill came.
    expect([title, `${title}-renamed`]).toContain(item.title);
    if (sha256 !== null)
      expect(
        createHash('sha256')
          .update(await library.readImage(sha256))
          .digest('hex'),
      ).toBe(sha256);
    const found = library.queryItems(libraryQuerySchema.parse({ text: title.replace('Prompt: ', '') }));
    expect(found.items.map((other) => other.id)).toContain(id);
  }
}

async function expectWhole(folder: string): Promise<void> {
  for (const entry of readdirSync(join(folder, 'images'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.name);
  }
  const library = openLibrary({ folder, clock: Date.now });
  const ids = readdirSync(join(folder, 'items')).map((name) => basename(name, '.json'));
  expect(library.countItems()).toBe(ids.length);
  for (const id of ids) expect(library.getItem(id).id).toBe(id);
  const before = library.queryItems(libraryQuerySchema.parse({ limit: 1000 }));
  expect(await library.rebuildIndex()).toEqual({ items: ids.length, problems: [] });
  expect(library.queryItems(libraryQuerySchema.parse({ limit: 1000 }))).toEqual(before);
  await library.close();
}

// Two libraries side by side, a hundred kills each.
test('two hundred hosts killed while writing lose nothing they had acknowledged', { timeout: 900_000 }, async () => {
  const env = fillCompileCache(SCRIPT, [makeTemporaryFolder(), 'once']);
  const seeds = repeatableRandom();
  const runs = [makeTemporaryFolder(), makeTemporaryFolder()].map(async (folder) => {
    // Side by side, each needs its own, or they would draw in the order in which they happen to come.
    const random = randomSource(drawSeed(seeds));
    const all: Acknowledged[] = [];
    for (let kill = 0; kill < 100; kill += 1) {
      const acknowledged = await writeAndKill(folder, env, random, kill % 2 === 1);
      const library = openLibrary({ folder, clock: Date.now });
      expect(library.problems).toEqual([]);
      await expectKept(library, acknowledged);
      await library.close();
      all.push(...acknowledged);
    }
    const library = openLibrary({ folder, clock: Date.now });
    await expectKept(library, all);
    await library.close();
    await expectWhole(folder);
    return all.length;
  });
  const acknowledged = await Promise.all(runs);
  // The hosts really were in the middle of their work.
  expect(acknowledged.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(100);
});
