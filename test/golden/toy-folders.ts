import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { openOnnxSession } from '../../main/tensor/onnx-session.ts';
import type { Session } from '../../main/tensor/session.ts';

/** Folders that have one part of their own and all others of another. */
const bases: Readonly<Record<string, { readonly base: string; readonly own: string }>> = {
  'tiny-flux-schnell': { base: 'tiny-flux', own: 'transformer' },
  'tiny-latent-consistency': { base: 'tiny-stable-diffusion', own: 'unet' },
  'tiny-layered': { base: 'tiny-stable-diffusion', own: 'text_encoder' },
  'tiny-inpainting': { base: 'tiny-stable-diffusion', own: 'unet' },
  'tiny-sdxl-inpainting': { base: 'tiny-sdxl', own: 'unet' },
};

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/models/${name}`, import.meta.url));

interface ToyFolders {
  /** Opens the graphs of a folder; every run's folder holds the same ones, so each is opened once. */
  readonly openGraph: (folder: string) => (path: string) => Promise<Session>;
  /** The toy folder, without its graphs, with the scheduler's config of one recorded run. */
  readonly folderOf: (run: { readonly folder: string; readonly schedulerConfig: Readonly<Record<string, unknown>> }) => string;
}

/** Toy models as recorded runs had them; what was opened and copied goes after the file's tests. */
export function openToyFolders(): ToyFolders {
  const sessions = new Map<string, Promise<Session>>();
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'dediffusion-golden-'));
  });
  afterAll(async () => {
    for (const session of sessions.values()) await (await session).release();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    openGraph: (folder) => (path) => {
      const component = basename(dirname(path));
      const owner = component === bases[folder]?.own ? folder : (bases[folder]?.base ?? folder);
      const graph = join(fixture(owner), component, 'model.onnx');
      const session = sessions.get(graph) ?? openOnnxSession(graph, { device: 'cpu', threads: 1 });
      sessions.set(graph, session);
      return session;
    },
    folderOf: ({ folder, schedulerConfig }) => {
      const copy = mkdtempSync(join(root, 'run-'));
      const filter = (path: string): boolean => !path.endsWith('.onnx');
      const base = bases[folder]?.base;
      if (base !== undefined) cpSync(fixture(base), copy, { recursive: true, filter });
      cpSync(fixture(folder), copy, { recursive: true, filter, force: true });
      writeFileSync(join(copy, 'scheduler', 'scheduler_config.json'), JSON.stringify(schedulerConfig));
      return copy;
    },
  };
}
