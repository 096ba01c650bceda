import type { DeviceParts, DevicePartsAgreement, DevicePartsTransfer } from '../../contract/outside/device-parts.ts';
import { streamProgress } from '../running/stream-progress.ts';
import { toWireError } from '../services/to-wire-error.ts';
import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';

/** How often the progress of a bringing is told. */
const TELL_EVERY_MS = 200;

/** Libraries that a device needs and the program does not bring. */
export function answerDeviceParts({ deviceParts: methods }: ContractImplementation, services: StudioServices) {
  return {
    get: methods.get.handler(() => describeParts(services)),
    bring: methods.bring.handler(async function* ({ input, signal }) {
      try {
        yield* bringParts(services, input, signal);
      } catch (error) {
        // What goes wrong after the first step of a stream does not come past the contract's own conversion.
        throw signal?.aborted === true ? error : toWireError(error, services.logFailure);
      }
    }),
    remove: methods.remove.handler(async () => {
      const wasInstalled = services.deviceParts.isInstalled;
      await services.deviceParts.remove();
      if (wasInstalled) await tryDevices(services);
      return describeParts(services);
    }),
  };
}

async function describeParts({ deviceParts, network }: StudioServices): Promise<DeviceParts> {
  const offer = await deviceParts.describe();
  const allowed = network.consents.consents.some((one) => one.origin === offer?.origin && one.purpose === 'download');
  return { offer, installed: deviceParts.isInstalled, allowed };
}

/** An engine that was started without the libraries, or with them, is not what the next job needs. */
async function tryDevices({ engine, devices, deviceParts }: StudioServices): Promise<void> {
  await devices.probe(true);
  if (engine.status().device === deviceParts.device) await engine.kill();
}

/** Leaving the loop early stops it and keeps what came. */
async function* bringParts(
  services: StudioServices,
  agreed: DevicePartsAgreement,
  signal: AbortSignal | undefined,
): AsyncGenerator<DevicePartsTransfer, void, void> {
  const parts = yield* streamProgress<DevicePartsTransfer, DeviceParts>(
    async (tell, stop) => {
      await services.deviceParts.bring(agreed, {
        signal: stop,
        onInstalling: () => tell({ type: 'installing' }),
        onProgress: ({ doneBytes, totalBytes, bytesPerSecond }) =>
          tell({ type: 'progress', doneBytes, totalBytes, bytesPerSecond }),
      });
      await tryDevices(services);
      return describeParts(services);
    },
    signal,
    TELL_EVERY_MS,
  );
  yield { type: 'done', parts };
}
