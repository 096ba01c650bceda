import { z } from 'zod';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import type { SocketMessage } from '../../network/socket-frames.ts';
import type { ToolMessage } from '../run-queued.ts';

/** The first message of a client that wants to know which prompt a preview is of. */
export const wantsMetadata = JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } });

type PreviewType = 'image/jpeg' | 'image/png';

const promptSchema = z.looseObject({ prompt_id: z.string() });
const jsonSchema = z.union([
  z.object({ type: z.literal('executing'), data: promptSchema.extend({ node: z.string().nullable() }) }),
  z.object({
    type: z.literal('progress'),
    data: z.looseObject({ value: z.number(), max: z.number().positive(), prompt_id: z.string().nullish() }),
  }),
  z.object({ type: z.enum(['execution_success', 'execution_error', 'execution_interrupted']), data: promptSchema }),
]);
const previewSchema = z.looseObject({ prompt_id: z.string().nullish().catch(null) });

const events = { preview: 1, previewWithMetadata: 4 } as const;
/** JPEG and PNG by their first bytes: what the frame says of itself is not trusted. */
const marks: readonly (readonly [PreviewType, readonly number[]])[] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
];

function readPreview(bytes: Uint8Array, id: string | null): ToolMessage | null {
  const found = marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  return found === undefined ? null : { type: 'preview', id, bytes, mediaType: found[0] };
}

/** `BinaryEventTypes` of `protocol.py`: numbers are 32 bits, the most significant byte first. */
function readFrame(frame: Uint8Array): ToolMessage | null {
  if (frame.byteLength < 8) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const event = view.getUint32(0);
  if (event === events.preview) return readPreview(frame.subarray(8), null);
  if (event !== events.previewWithMetadata) return null;
  const end = 8 + view.getUint32(4);
  if (end > frame.byteLength) return null;
  const metadata = previewSchema.safeParse(parseLooseJson(new TextDecoder().decode(frame.subarray(8, end))));
  return metadata.success ? readPreview(frame.subarray(end), metadata.data.prompt_id ?? null) : null;
}

/**
 * Reads what came over the socket; null for what says nothing of a drawing, and for what cannot be read: the history has the truth. The
 * older form of previews and steps names no prompt, and comes to whoever asked for it alone.
 */
export function readComfyuiMessage(message: SocketMessage): ToolMessage | null {
  if (message.type === 'binary') return readFrame(message.bytes);
  const parsed = jsonSchema.safeParse(parseLooseJson(message.text));
  if (!parsed.success) return null;
  const { type, data } = parsed.data;
  switch (type) {
    case 'executing':
      return { type: 'node', id: data.prompt_id, node: data.node };
    case 'progress':
      return { type: 'step', id: data.prompt_id ?? null, step: data.value, steps: data.max };
    case 'execution_success':
    case 'execution_error':
    case 'execution_interrupted':
      return { type: 'ended', id: data.prompt_id };
  }
}
