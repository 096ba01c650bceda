import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { recipeVersion } from '../../contract/recipe.ts';
import type { LibraryItem } from '../../contract/library.ts';
import { createId } from '../../main/storage/create-id.ts';

const words = ['apple', 'lighthouse', 'fox', 'harbour', 'teapot', 'mountain', 'violin', 'lantern', 'river', 'kite'];
const colours = ['red', 'blue', 'green', 'golden', 'violet', 'grey', 'orange', 'white'];
const side = 64;

/** A small picture that differs from every other one, RGBA row by row: a sloping gradient and a disc, from the number. */
function draw(number: number): Uint8Array {
  const pixels = new Uint8Array(side * side * 4);
  const [x, y, radius] = [16 + ((number * 13) % 32), 16 + ((number * 29) % 32), 6 + (number % 11)];
  for (let at = 0; at < side * side; at += 1) {
    const [column, row] = [at % side, Math.floor(at / side)];
    const inside = Math.hypot(column - x, row - y) < radius;
    const light = inside ? 230 - ((number * 7) % 90) : 60 + column + row;
    const tints = [number * 47, number * 89 + 80, number * 31 + 160].map((tint) => (tint % 128) - 64);
    pixels.set([...tints.map((tint) => Math.min(255, Math.max(0, light + (inside ? -tint : tint)))), 255], at * 4);
  }
  // The number itself, so that no two files are alike.
  pixels.set([number & 255, number >> 8, 128, 255], 0);
  return pixels;
}

const textOf = (number: number): string =>
  `a ${colours[number % colours.length]} ${words[number % words.length]} beside a ${colours[(number * 3) % colours.length]} ${words[(number * 7) % words.length]}, number ${number}`;

const madeMs = (number: number): number => 1_780_000_000_000 + number * 60_000;

const ids = new Map<number, string>();

/** The id of an item, the same each time: it is named before it is made where another is made from it. */
function idOf(number: number): string {
  const id = ids.get(number) ?? createId(madeMs(number));
  ids.set(number, id);
  return id;
}

/** Five in a row are made from two pictures: the second stands alone, all others are a stack with the first. */
function parentsOf(number: number): readonly number[] {
  const first = number - (number % 5);
  if (number % 5 < 2) return [];
  return number % 5 === 4 ? [first] : [first + 4];
}

function describe(number: number, text: string, image: Extract<LibraryItem, { kind: 'picture' }>['image']): LibraryItem {
  const createdMs = madeMs(number);
  const base = {
    id: idOf(number),
    createdMs,
    starred: number % 9 === 0,
    named: false,
    trashed: false,
    parents: parentsOf(number).map(idOf),
    boards: [],
  };
  if (number % 5 === 4) {
    const slots = text.split(' ').map((word, position) => ({
      id: `s${position}`,
      tokenId: position + 1,
      text: word,
      endsWord: true,
      source: 0,
      exact: true,
      probability: 0.8,
      position,
      weight: 1,
    }));
    const facts = { schemaVersion: 2 as const, id: `d${number}`, packId: 'tiny-scenes', length: 15, imageSha256: image.sha256 };
    return { ...base, title: '', kind: 'prompt', text, prompt: { ...facts, sources: [{ type: 'text' as const }], slots } };
  }
  if (number % 5 < 2) return { ...base, title: text.slice(2, 30), kind: 'picture', image };
  const tokenIds = Array.from({ length: 75 }, (_, at) => at + 1);
  const recipe = {
    schemaVersion: recipeVersion,
    kind: 'local' as const,
    pack: { id: 'tiny-scenes', version: '1.0.0', manifestSha256: 'ab'.repeat(32) },
    tokenIds,
    tokenWeights: tokenIds.map(() => 1),
    text,
    negative: '',
    steps: 20,
    guidance: 3,
    seed: number,
    scheduler: 'ddim' as const,
    width: side,
    height: side,
    init: null,
    device: 'cpu',
    versions: { studio: '0.1.0', onnxruntime: '1.30.0' },
  };
  const mean = (number % 100) / 100;
  return {
    ...base,
    title: '',
    kind: 'generation',
    image,
    recipe,
    fidelity: { mean, spread: 0, perSeed: [{ seed: number, fidelity: mean }] },
  };
}

/** Writes a library of `count` items: real pictures and item files, as a studio would have kept them. */
export async function makeLibrary(folder: string, count: number): Promise<void> {
  await mkdir(join(folder, 'items'), { recursive: true });
  for (let from = 0; from < count; from += 50) {
    const numbers = Array.from({ length: Math.min(50, count - from) }, (_, at) => from + at);
    await Promise.all(numbers.map((number) => keep(folder, number)));
  }
}

async function keep(folder: string, number: number): Promise<void> {
  const pixels = draw(number);
  const bytes = await sharp(pixels, { raw: { width: side, height: side, channels: 4 } })
    .png()
    .toBuffer();
  const thumbhash = Buffer.from(rgbaToThumbHash(side, side, pixels)).toString('base64');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const image = { sha256, bytes: bytes.length, width: side, height: side, mediaType: 'image/png', thumbhash };
  const item = describe(number, textOf(number), image);
  await mkdir(join(folder, 'images', sha256.slice(0, 2)), { recursive: true });
  await writeFile(join(folder, 'images', sha256.slice(0, 2), sha256), bytes);
  await writeFile(join(folder, 'items', `${item.id}.json`), JSON.stringify(item));
}
