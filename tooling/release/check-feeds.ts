import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** One file of a feed, as electron-builder writes it. */
const fileOfFeed = /^ {2}- url: (.+)\n {4}sha512: ([A-Za-z0-9+/]{86}==)\n {4}size: (\d+)$/gm;

async function sumOf(path: string): Promise<string> {
  const sum = createHash('sha512');
  await pipeline(createReadStream(path), sum);
  return sum.digest('base64');
}

/**
 * Holds what every feed in a folder (`latest-linux.yml`, `latest.yml`, `latest-mac.yml`) says of files against the files beside it: an
 * update that a program cannot fetch, or fetches and refuses, is seen before it is released.
 *
 * @param version that they must offer
 * @returns names of the feeds
 * @throws Error that names feed and file
 */
export async function checkFeeds(folder: string, version: string): Promise<readonly string[]> {
  const feeds = (await readdir(folder)).filter((name) => /^latest.*\.yml$/.test(name)).sort();
  for (const feed of feeds) {
    const text = await readFile(join(folder, feed), 'utf8');
    const offered = /^version: (.+)$/m.exec(text)?.[1];
    if (offered !== version) throw new Error(`${feed} offers ${String(offered)}, and this is ${version}.`);
    const files = [...text.matchAll(fileOfFeed)];
    if (files.length === 0) throw new Error(`${feed} names no file.`);
    for (const [, address = '', sha512, size] of files) {
      const path = join(folder, decodeURIComponent(address));
      if (!existsSync(path)) throw new Error(`${feed} names ${address}, which is not there.`);
      if (statSync(path).size !== Number(size)) throw new Error(`${address} is of another size than ${feed} says.`);
      if ((await sumOf(path)) !== sha512) throw new Error(`${address} has another sum than ${feed} says.`);
    }
  }
  return feeds;
}
