import { StudioError } from '../../../contract/errors.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import { connectionOfDevice } from '../../../contract/studio-info.ts';
import type { Device } from '../../../contract/studio-info.ts';
import type { GraphRunner } from '../../ports/graph-runner.ts';
import type { RemoteAnswer, RemoteAsk } from './remote-messages.ts';

/** The host's side of graphs that run elsewhere: asks the servers of the connection that is the engine's device. Never rejects. */
export async function answerRemoteAsk(
  { askId, graph, feeds }: RemoteAsk,
  device: Device,
  runner: GraphRunner | null,
  signal: AbortSignal,
): Promise<RemoteAnswer> {
  const connectionId = connectionOfDevice(device);
  try {
    if (runner === null || connectionId === null) throw new Error(`a graph was asked for elsewhere, on ${device}`);
    if (feeds === null)
      return { askId, answer: { type: 'described', graph: await runner.describe(connectionId, graph, signal) } };
    return { askId, answer: { type: 'ran', outputs: await runner.run(connectionId, graph, feeds, signal) } };
  } catch (error) {
    return { askId, answer: { type: 'failed', error: describe(error, signal) } };
  }
}

/** Whoever cancelled waits for no reason; what nobody expected is a fault of the studio. */
function describe(error: unknown, signal: AbortSignal): ErrorBody {
  if (error instanceof StudioError) return error.toBody();
  const reason = signal.aborted ? 'it was cancelled' : error instanceof Error ? error.message : String(error);
  const message = 'What runs on servers met a fault of the studio.';
  return { code: 'internal', message, hint: 'Try again; if it stays, report it with the details.', details: { reason } };
}
