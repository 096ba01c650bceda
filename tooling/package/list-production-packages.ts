import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Some packages name one system as a plain word. */
const namesSchema = z.union([z.array(z.string()), z.string().transform((name) => [name])]);

const lockfileSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      link: z.boolean().optional(),
      optional: z.boolean().optional(),
      os: namesSchema.optional(),
      cpu: namesSchema.optional(),
      dependencies: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

export interface ProductionPackage {
  /** Folder below the root, such as `node_modules/zod`. */
  readonly folder: string;
  /** It may be absent where npm did not install it. */
  readonly optional: boolean;
}

/** Imported by main/shell/electron/ alone. */
const bundled = ['electron-updater'];
/** For js-yaml's own command line, which no bundle has. */
const unbundled = 'argparse';

/** The runtime of browsers, 140 MB, which transformers.js names and no process of ours loads, with all that it alone needs. */
const runtimeOfBrowsers =
  /^node_modules\/(onnxruntime-web|flatbuffers|guid-typescript|long|platform|protobufjs|@protobufjs|@types\/node|undici-types)(\/|$)/;
/** Used by parts of the core that the desktop program does not have, or staged in another way. */
const leftOut = [/^node_modules\/node-(linux|win)-/, /^node_modules\/commander$/, /wasm32/, /linuxmusl/, runtimeOfBrowsers];

async function readLock(root: string): Promise<z.infer<typeof lockfileSchema>['packages']> {
  return lockfileSchema.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))).packages;
}

const fits = (names: readonly string[] | undefined, name: string) => names === undefined || names.includes(name);

/** The packages the core needs when it runs on a platform, from the lockfile: nothing for development, nothing of other systems. */
export async function listProductionPackages(
  root: string,
  platform: NodeJS.Platform,
  arch: string,
): Promise<ProductionPackage[]> {
  const packages = await readLock(root);
  return Object.entries(packages).flatMap(([folder, facts]) => {
    const needed = folder.startsWith('node_modules/') && facts.dev !== true && facts.devOptional !== true && facts.link !== true;
    if (!needed || leftOut.some((pattern) => pattern.test(folder))) return [];
    if (!fits(facts.os, platform) || !fits(facts.cpu, arch)) return [];
    return [{ folder, optional: facts.optional === true }];
  });
}

/**
 * What the desktop program's own bundle holds beside the core's packages: those it names, and all that they need, as folders below the root.
 * They are packages of development to npm, because nothing of them is staged.
 */
export async function listBundledPackages(root: string): Promise<readonly string[]> {
  const packages = await readLock(root);
  const found = new Set<string>();
  const add = (name: string, from: string): void => {
    const nested = `${from}/node_modules/${name}`;
    const folder = nested in packages ? nested : `node_modules/${name}`;
    if (name === unbundled || found.has(folder)) return;
    found.add(folder);
    for (const needed of Object.keys(packages[folder]?.dependencies ?? {})) add(needed, folder);
  };
  for (const name of bundled) add(name, '');
  return [...found];
}
