import type { UpdateFile, UpdateTransfer } from '../../contract/updates.ts';
import { readAddress } from '../network/check-destination.ts';
import { streamProgress } from '../running/stream-progress.ts';
import { toWireError } from '../services/to-wire-error.ts';
import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';

/** How often the progress of an update is told. */
const TELL_EVERY_MS = 200;

/** What may leave this machine: given, taken back and reported. */
export function answerNetwork({ network: methods }: ContractImplementation, { network, events }: StudioServices) {
  const changed = () => {
    const report = network.report();
    events.publish({ type: 'network-changed', report });
    return report;
  };
  return {
    report: methods.report.handler(() => network.report()),
    allow: methods.allow.handler(async ({ input }) => {
      await network.consents.allow({ ...input, origin: readAddress(input.origin, 'named-place').origin });
      return changed();
    }),
    revoke: methods.revoke.handler(async ({ input: { origin, purpose } }) => {
      await network.consents.revoke(origin, purpose);
      return changed();
    }),
  };
}

/** Files of a place that offers newer versions. */
export function answerUpdates({ updates: methods }: ContractImplementation, services: StudioServices) {
  return {
    read: methods.read.handler(({ input: { address }, signal }) => services.updates.read(address, signal)),
    fetch: methods.fetch.handler(async function* ({ input, signal }) {
      try {
        yield* fetchUpdate(services, input, signal);
      } catch (error) {
        // What goes wrong after the first step of a stream does not come past the contract's own conversion.
        throw signal?.aborted === true ? error : toWireError(error, services.logFailure);
      }
    }),
  };
}

/** Brings a file and tells how far it is. Leaving the loop early stops it and keeps what came. */
async function* fetchUpdate(
  { updates }: StudioServices,
  file: UpdateFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<UpdateTransfer, void, void> {
  const path = yield* streamProgress<UpdateTransfer, string>(
    (tell, stop) =>
      updates.fetch(file, {
        signal: stop,
        onProgress: ({ doneBytes, totalBytes, bytesPerSecond }) =>
          tell({ type: 'progress', doneBytes, totalBytes, bytesPerSecond }),
      }),
    signal,
    TELL_EVERY_MS,
  );
  yield { type: 'done', path };
}
