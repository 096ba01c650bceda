import { z } from 'zod';
import { errorBodySchema } from '../../../contract/errors.ts';
import type { GraphInterface } from '../../ports/graph-runner.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * What the engine asks the host for when graphs run on servers elsewhere, and what comes back: the engine has no way to the network. Both
 * sides are this program, and what servers answer was checked where it came in.
 */

function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null || !('data' in value) || !('shape' in value)) return false;
  const { data, shape } = value;
  const isData = data instanceof Float32Array || data instanceof Int32Array || data instanceof BigInt64Array;
  return isData && Array.isArray(shape);
}
const tensorsSchema = z.record(z.string(), z.custom<Tensor>(isTensor));

export const remoteAskSchema = z.object({
  /** Names the answer. */
  askId: z.number().int().nonnegative(),
  /** As servers call it: packs/name-remote-graph.ts. */
  graph: z.string(),
  /** To run it; null asks what it takes and gives. */
  feeds: tensorsSchema.nullable(),
});
export type RemoteAsk = z.infer<typeof remoteAskSchema>;

export const remoteAnswerSchema = z.object({
  askId: z.number().int().nonnegative(),
  answer: z.discriminatedUnion('type', [
    z.object({ type: z.literal('described'), graph: z.custom<GraphInterface>((value) => typeof value === 'object') }),
    z.object({ type: z.literal('ran'), outputs: tensorsSchema }),
    z.object({ type: z.literal('failed'), error: errorBodySchema }),
  ]),
});
export type RemoteAnswer = z.infer<typeof remoteAnswerSchema>;
