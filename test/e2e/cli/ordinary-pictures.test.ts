import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeOutputSchema } from '../../../main/shell/cli/commands/encode.ts';
import { runJson } from './run-cli.ts';

const folder = fileURLToPath(new URL('../../fixtures/ordinary-pictures', import.meta.url));

/** Drawn by a browser (tooling/ordinary-pictures), one of each object, in four shapes, sizes and backdrops the training never drew. */
describe('pictures that other code made', () => {
  it.each([5, 15, 75])('are named in %i tokens', async (length) => {
    const home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
    const { images, errors } = await runJson(['encode', folder, '--length', String(length)], { home }, encodeOutputSchema);
    await rm(home, { recursive: true, force: true });
    expect(errors).toEqual([]);
    expect(images).toHaveLength(52);
    const named = images.filter(({ image, text }) => text.split(' ').includes(parse(image).name));
    // The bar of the project for the objects of a scene.
    expect(named.length / images.length).toBeGreaterThanOrEqual(0.85);
  });
});
