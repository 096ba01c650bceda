import { z } from 'zod';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import type { SocketMessage } from '../../network/socket-frames.ts';

/** The first message of a client that wants to know which prompt a preview is of. */
export const wantsMetadata = JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } });

/** What a server says while it draws, as far as it matters here. */
export type ComfyuiMessage =
  | { readonly type: 'node'; readonly promptId: string; readonly node: string | null }
  | { readonly type: 'step'; readonly promptId: string | null; readonly step: number; readonly steps: number }
  | { readonly type: 'cached'; readonly promptId: string; readonly nodes: readonly string[] }
  /** It has come to an end, good or bad; the history says which. */
  | { readonly type: 'ended'; readonly promptId: string }
  /** `promptId` is null in the older form, which only whoever asked for the prompt is sent. */
  | { readonly type: 'preview'; readonly promptId: string | null; readonly bytes: Uint8Array; readonly mediaType: PreviewType };

type PreviewType = 'image/jpeg' | 'image/png';

const promptSchema = z.looseObject({ prompt_id: z.string() });
const jsonSchema = z.union([
  z.object({ type: z.literal('executing'), data: promptSchema.extend({ node: z.string().nullable() }) }),
  z.object({
    type: z.literal('progress'),
    data: z.looseObject({ value: z.number(), max: z.number().positive(), prompt_id: z.string().nullish() }),
  }),
  z.object({ type: z.literal('execution_cached'), data: promptSchema.extend({ nodes: z.array(z.string()) }) }),
  z.object({ type: z.enum(['execution_success', 'execution_error', 'execution_interrupted']), data: promptSchema }),
]);
const previewSchema = z.looseObject({ prompt_id: z.string().nullish().catch(null) });

const events = { preview: 1, previewWithMetadata: 4 } as const;
/** JPEG and PNG by their first bytes: what the frame says of itself is not trusted. */
const marks: readonly (readonly [PreviewType, readonly number[]])[] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
];

function readPreview(bytes: Uint8Array, promptId: string | null): ComfyuiMessage | null {
  const found = marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  return found === undefined ? null : { type: 'preview', promptId, bytes, mediaType: found[0] };
}

/** `BinaryEventTypes` of `protocol.py`: numbers are 32 bits, the most significant byte first. */
function readFrame(frame: Uint8Array): ComfyuiMessage | null {
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

/** Reads what came over the socket; null for what says nothing of a drawing, and for what cannot be read: the history has the truth. */
export function readComfyuiMessage(message: SocketMessage): ComfyuiMessage | null {
  if (message.type === 'binary') return readFrame(message.bytes);
  const parsed = jsonSchema.safeParse(parseLooseJson(message.text));
  if (!parsed.success) return null;
  const { type, data } = parsed.data;
  switch (type) {
    case 'executing':
      return { type: 'node', promptId: data.prompt_id, node: data.node };
    case 'progress':
      return { type: 'step', promptId: data.prompt_id ?? null, step: data.value, steps: data.max };
    case 'execution_cached':
      return { type: 'cached', promptId: data.prompt_id, nodes: data.nodes };
    case 'execution_success':
    case 'execution_error':
    case 'execution_interrupted':
      return { type: 'ended', promptId: data.prompt_id };
  }
}
