import { copyFile, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import type { TritonExport } from '../../../contract/models/triton-export.ts';
import { renamePatiently } from '../../files/rename-patiently.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { toStorageError } from '../../storage/to-storage-error.ts';
import { graphFault } from '../../tensor/graph-fault.ts';
import { listGraphFiles, measureGraph } from '../../tensor/measure-graph.ts';
import { readGraphInterface } from '../../tensor/read-graph-interface.ts';
import { composeRemoteName } from '../name-remote-graph.ts';
import type { ResolvedPack } from '../pack-registry.ts';
import { composeEnsembles } from './compose-ensembles.ts';
import { writeCompose, writeDeploymentReadme, writeKubernetes } from './write-deployment.ts';
import { writeEnsembleConfig, writeModelConfig } from './write-model-config.ts';
import type { ServedModel } from './write-model-config.ts';

/** All of it can be written again. */
const unflushed = { flush: false };

/**
 * Writes a pack as a model repository of Triton, with what starts Triton on it; all of it or nothing.
 *
 * @param folder absolute path of a folder that is not there, or empty
 * @throws StudioError `bad-request` for another folder and for a pack without graphs, `pack-invalid`, `file-unwritable`, `disk-full`;
 *   the signal's reason
 */
export async function exportTriton(
  { manifest, folder: packFolder }: Pick<ResolvedPack, 'manifest' | 'folder'>,
  folder: string,
  signal: AbortSignal,
): Promise<TritonExport> {
  await requireFree(folder);
  const models = new Map<string, ServedModel>();
  for (const { path } of manifest.files.filter(({ path }) => path.endsWith('.onnx'))) {
    const name = composeRemoteName(manifest, path);
    models.set(path, { name, ...(await readGraphInterface(join(packFolder, path))) });
  }
  if (models.size === 0) {
    const message = `${manifest.id} has no graph that ONNX Runtime runs, so a server could do nothing with it.`;
    throw new StudioError('bad-request', message, 'Choose a model that reads, draws or compares.', { packId: manifest.id });
  }
  const ensembles = composeEnsembles(manifest, models);
  const staged = `${folder}.${process.pid}.tmp`;
  try {
    let bytes = 0;
    for (const [path, model] of models) {
      signal.throwIfAborted();
      bytes += await measureGraph(join(packFolder, path));
      await writeModel(join(staged, 'models', model.name), writeModelConfig(model), join(packFolder, path));
    }
    for (const { whole, steps } of ensembles)
      await writeModel(join(staged, 'models', whole.name), writeEnsembleConfig(whole, steps), null);
    await writeWhole(join(staged, 'compose.yaml'), writeCompose(), unflushed);
    await writeWhole(join(staged, 'kubernetes.yaml'), writeKubernetes(manifest.id), unflushed);
    await writeWhole(join(staged, 'README.md'), writeDeploymentReadme(manifest.id), unflushed);
    signal.throwIfAborted();
    // An empty folder in its place would hold up the rename on some systems.
    await rmdir(folder).catch(() => undefined);
    await renamePatiently(staged, folder);
    const names = [...models.values(), ...ensembles.map(({ whole }) => whole)].map(({ name }) => name);
    return { folder, models: names, bytes };
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    signal.throwIfAborted();
    throw error instanceof StudioError ? error : toStorageError(error, folder);
  }
}

async function requireFree(folder: string): Promise<void> {
  if (!isAbsolute(folder))
    throw new StudioError('bad-request', 'A folder is named by its whole path.', 'Begin at the root of the disk.', { folder });
  const found = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw toStorageError(error, folder);
  });
  if (found.length === 0) return;
  const hint = 'Choose another folder, or take away what is there.';
  throw new StudioError('bad-request', `There is something in ${folder} already.`, hint, { folder });
}

/** A model's folder: its config, and its one version with the graph and the files its weights lie in; an ensemble's version is empty. */
async function writeModel(folder: string, config: string, graph: string | null): Promise<void> {
  const version = join(folder, '1');
  await mkdir(version, { recursive: true });
  await writeWhole(join(folder, 'config.pbtxt'), config, unflushed);
  // Tools that copy folders leave empty ones out, and Triton passes over hidden files.
  if (graph === null) await writeWhole(join(version, '.keep'), '', unflushed);
  else
    for (const file of await listGraphFiles(graph)) {
      const place = relative(dirname(graph), file);
      if (place.startsWith('..') || isAbsolute(place)) throw graphFault(basename(graph), 'its weights lie outside of its folder');
      const target = join(version, place === basename(graph) ? 'model.onnx' : place);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(file, target);
    }
}
