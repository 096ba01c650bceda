import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { connectionOfDevice } from '../../contract/studio-info.ts';
import type { Device } from '../../contract/studio-info.ts';
import type { GraphRunner } from '../ports/graph-runner.ts';
import { toEngineErrorBody } from './engine-requests.ts';
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
    if (feeds === null) return { askId, answer: { type: 'described', graph: await runner.describe(connectionId, graph, signal) } };
    return { askId, answer: { type: 'ran', outputs: await runner.run(connectionId, graph, feeds, signal) } };
  } catch (error) {
    return { askId, answer: { type: 'failed', error: describe(error, signal) } };
  }
}

/** Whoever cancelled waits for no reason. */
function describe(error: unknown, signal: AbortSignal): ErrorBody {
  if (signal.aborted && !(error instanceof StudioError))
    return { code: 'internal', message: 'It was cancelled.', hint: 'Start it again.', details: {} };
  return toEngineErrorBody(error);
}
