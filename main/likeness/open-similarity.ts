import { join } from 'node:path';
import { VectorStore } from './vector-store.ts';
import { IN_MEMORY } from '../storage/open-database.ts';
import type { ClosingList } from '../services/closing-list.ts';
import type { JobServices } from '../services/job-services.ts';
import { Similarity } from './similarity.ts';

/** @param folder Where vectors are kept; null keeps them in memory, for a studio that writes nothing. */
export function openSimilarity(
  services: JobServices,
  folder: string | null,
  closing: ClosingList,
  clock: () => number,
): Similarity {
  const { library, packs, models, defaultPackId } = services;
  const file = folder === null ? IN_MEMORY : join(folder, 'vectors.sqlite');
  const store = VectorStore.open({ file, clock, onProblem: services.tellRepair });
  closing.add(() => store.close());
  const leaving = new AbortController();
  const similarity = new Similarity({ library, packs, models, store, defaultPackId, signal: leaving.signal });
  closing.add(async () => {
    leaving.abort();
    await similarity.settle();
  });
  return similarity;
}
