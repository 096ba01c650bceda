import { join } from 'node:path';
import { VectorStore } from './vector-store.ts';
import type { ClosingList } from '../services/closing-list.ts';
import type { JobServices } from '../services/job-services.ts';
import { Similarity } from './similarity.ts';

/** @param folder Where vectors are kept; null keeps them in memory, for a studio that writes nothing. */
export function openSimilarity(services: JobServices, folder: string | null, closing: ClosingList): Similarity {
  const { library, packs, models, defaultPackId } = services;
  const store = VectorStore.open(folder === null ? ':memory:' : join(folder, 'vectors.sqlite'), services.note);
  closing.add(() => store.close());
  const leaving = new AbortController();
  const similarity = new Similarity({ library, packs, models, store, defaultPackId, signal: leaving.signal });
  closing.add(async () => {
    leaving.abort();
    await similarity.settle();
  });
  return similarity;
}
