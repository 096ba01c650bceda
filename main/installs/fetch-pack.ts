import type { PackUse } from '../../contract/models/catalogue.ts';
import { StudioError } from '../../contract/errors.ts';
import { fetchFiles } from '../downloads/fetch-files.ts';
import type { CopyPlace, FetchReport } from '../downloads/fetch-files.ts';
import type { Hub, HubRevision } from '../downloads/hub.ts';
import { refusalAt } from '../downloads/refusals.ts';
import type { RemoteFile } from '../downloads/remote-file.ts';
import { copiesInCache } from '../downloads/shared-cache.ts';
import type { RunContext } from '../running/run-context.ts';
import { chooseFiles, guessDataOf } from './choose-files.ts';
import type { PackShape } from './choose-files.ts';
import type { FoundSource } from './find-source.ts';
import { listDataFiles, writeManifest } from './write-manifest.ts';
import type { WrittenManifest } from './write-manifest.ts';

/** What of a repository becomes a pack, reckoned before anything is fetched. */
export interface FetchPlan {
  readonly shape: PackShape;
  readonly bytes: number;
  readonly files: number;
  readonly does: readonly PackUse[];
}

export interface PackFetch {
  readonly hub: Hub;
  readonly revision: HubRevision;
  readonly found: Extract<FoundSource, { type: 'hub' }>;
  readonly folder: string;
  readonly licence: string;
  readonly plan: FetchPlan;
  readonly copies: readonly CopyPlace[];
  readonly clock: () => number;
}

const usesOf = (shape: PackShape): readonly PackUse[] =>
  shape.layout === 'diffusers' ? ['draws'] : shape.layout === 'gguf' ? ['writes'] : [shape.does];

/** @throws StudioError `pack-invalid` for a repository of nothing the studio knows */
export function planFetch({ files }: HubRevision, { choice }: PackFetch['found']): FetchPlan {
  const shape = chooseFiles(files, choice);
  const data = shape.graphs.flatMap((graph) => guessDataOf(graph, files, shape.layout));
  const wanted = new Set([...shape.texts, ...shape.graphs, ...data.map(({ path }) => path)]);
  const chosen = files.filter(({ path }) => wanted.has(path));
  return { shape, bytes: chosen.reduce((sum, { bytes }) => sum + bytes, 0), files: chosen.length, does: usesOf(shape) };
}

/**
 * Fetches what a pack is made of: graphs and texts first, then the data that those graphs name, so that stale twins stay where they are.
 * @throws StudioError as `fetchFiles` and `writeManifest` do; `pack-file-missing` for data that the repository does not have
 */
export async function fetchPack(
  fetch: PackFetch,
  context: RunContext,
): Promise<WrittenManifest & { readonly report: FetchReport }> {
  const { hub, revision, found, folder, plan, clock } = fetch;
  const { repository, commit } = revision;
  const { shape } = plan;
  const byPath = new Map(revision.files.map((file) => [file.path, file]));
  const named = [...shape.texts, ...shape.graphs].flatMap((path) => byPath.get(path) ?? []);
  const { cacheFolder } = hub.places;
  const bring = (files: readonly RemoteFile[], before: number): Promise<FetchReport> =>
    fetchFiles({
      folder,
      files,
      source: {
        open: (file, range, signal) => hub.open(revision, file, range, signal),
        refusal: (answer) => refusalAt(answer, hub.origin, repository, hub.pageOf(repository)),
      },
      copies: [...fetch.copies, { find: copiesInCache(cacheFolder, repository, commit), within: cacheFolder }],
      signal: context.signal,
      onProgress: ({ doneBytes, bytesPerSecond }) => {
        const done = before + doneBytes;
        context.onProgress({
          fraction: Math.min(1, done / Math.max(1, plan.bytes)),
          phase: 'downloading',
          step: Math.round(done / 1e6),
          steps: Math.round(plan.bytes / 1e6),
          ...(bytesPerSecond === null ? {} : { bytesPerSecond }),
        });
      },
      clock,
    });
  const first = await bring(named, 0);
  const data = (await listDataFiles(folder, shape.graphs)).map((path) => {
    const file = byPath.get(path);
    if (file !== undefined) return file;
    const hint = `Look at ${hub.pageOf(repository)}: whoever made it may have forgotten a file.`;
    throw new StudioError(
      'pack-file-missing',
      `A graph of ${repository} keeps its weights in ${path}, which is not there.`,
      hint,
      { repository, path },
    );
  });
  const second = await bring(
    data,
    named.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const sums = [...named, ...data]
    .filter(({ hash }) => hash.kind === 'sha256')
    .map(({ path, hash }) => [path, hash.hex] as const);
  const { dtype, file } = found.choice;
  const written = await writeManifest(
    folder,
    shape,
    {
      id: found.packId,
      name: found.name,
      summary: found.summary,
      licence: fetch.licence === 'unknown' ? null : fetch.licence,
      source: {
        repository: hub.pageOf(repository),
        revision: commit,
        command: `dediffusion packs install ${repository}@${found.revision}`,
        seed: 0,
        hub: {
          repository,
          revision: found.revision,
          ...(dtype === undefined ? {} : { dtype }),
          ...(file === undefined ? {} : { file }),
        },
      },
      knownSums: new Map(sums),
    },
    context.signal,
  );
  return {
    ...written,
    report: {
      fetchedBytes: first.fetchedBytes + second.fetchedBytes,
      droppedBytes: first.droppedBytes + second.droppedBytes,
      takenBytes: first.takenBytes + second.takenBytes,
    },
  };
}
