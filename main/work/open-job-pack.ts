import type { ResolvedPack } from '../packs/pack-registry.ts';
import type { RunContext } from '../running/run-context.ts';
import type { JobServices } from '../services/job-services.ts';

/** The pack a job asks for, or the default one, with its files checked. */
export async function openJobPack(services: JobServices, packId: string | undefined, context: RunContext): Promise<ResolvedPack> {
  context.onProgress({ fraction: 0, phase: 'loading', step: 0, steps: 0 });
  return services.packs.openPack(packId ?? services.defaultPackId(), { signal: context.signal });
}
