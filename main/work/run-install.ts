import type { InstallRequest, InstallResult } from '../../contract/job.ts';
import type { RunContext } from '../running/run-context.ts';
import type { JobServices } from '../services/job-services.ts';

/** Brings a pack, or makes one of a checkpoint. A job that is cancelled or dies keeps what came: the same request goes on with it. */
export async function runInstall(
  { installer, note }: Pick<JobServices, 'installer' | 'note'>,
  { source, choice, agreed }: InstallRequest,
  context: RunContext,
): Promise<InstallResult> {
  const { packId, fetchedBytes, droppedBytes, takenBytes, notes } = await installer.install(source, choice, agreed, context);
  note(
    `The model ${packId} was installed: ${fetchedBytes} bytes fetched, ${droppedBytes} of them again, ${takenBytes} from this machine.`,
  );
  return { kind: 'install', packId, fetchedBytes, droppedBytes, takenBytes, notes: [...notes] };
}
