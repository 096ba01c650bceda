import { randomBytes } from 'node:crypto';

/** What came over a socket as one message. */
export type SocketMessage =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'binary'; readonly bytes: Uint8Array };

/** A message, or what only the socket itself answers to. */
export type SocketEvent =
  | SocketMessage
  | { readonly type: 'ping'; readonly bytes: Uint8Array }
  | { readonly type: 'close'; readonly code: number | null };

/** What a server sent that is no frame of RFC 6455, or a message larger than agreed. */
export class FrameFault extends Error {
  override readonly name = 'FrameFault';
  readonly reason: 'malformed' | 'too-large';

  constructor(reason: FrameFault['reason']) {
    super('The server sent a frame that cannot be read.');
    this.reason = reason;
  }
}

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
type Opcode = (typeof opcodes)[keyof typeof opcodes];

interface Frame {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes of the whole frame. */
  readonly length: number;
}

/** The first frame in what has come; null while it is not whole. RFC 6455, section 5.2. */
function readFrame(bytes: Buffer, maxBytes: number): Frame | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  // No extension was agreed to, and a server never masks.
  if ((first & 0x70) !== 0 || (second & 0x80) !== 0) throw new FrameFault('malformed');
  const short = second & 0x7f;
  const header = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < header) return null;
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (size > maxBytes) throw new FrameFault('too-large');
  const length = header + size;
  if (bytes.length < length) return null;
  const opcode = first & 0x0f;
  const isLast = (first & 0x80) !== 0;
  if (opcode >= opcodes.close && (!isLast || size > 125)) throw new FrameFault('malformed');
  return { isLast, opcode, payload: bytes.subarray(header, length), length };
}

function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FrameFault('malformed');
  }
}

/** Puts frames together from the pieces a connection brings, and messages from frames. */
export class FrameReader {
  readonly #maxBytes: number;
  #waiting: Buffer = Buffer.alloc(0);
  /** The frames of a message that is not whole yet. */
  #parts: { readonly opcode: number; readonly pieces: Buffer[]; size: number } | null = null;

  /** @param maxBytes of one message */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Every event that is whole with this piece. Throws FrameFault. */
  *take(piece: Uint8Array): Generator<SocketEvent, void, void> {
    this.#waiting = this.#waiting.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#waiting, piece]);
    for (;;) {
      const frame = readFrame(this.#waiting, this.#maxBytes);
      if (frame === null) return;
      this.#waiting = this.#waiting.subarray(frame.length);
      const event = this.#read(frame);
      if (event !== null) yield event;
    }
  }

  #read({ opcode, isLast, payload }: Frame): SocketEvent | null {
    switch (opcode) {
      case opcodes.ping:
        return { type: 'ping', bytes: Buffer.from(payload) };
      case opcodes.pong:
        return null;
      case opcodes.close:
        return { type: 'close', code: payload.length >= 2 ? payload.readUInt16BE(0) : null };
      case opcodes.text:
      case opcodes.binary:
        if (this.#parts !== null) throw new FrameFault('malformed');
        this.#parts = { opcode, pieces: [], size: 0 };
        return this.#add(payload, isLast);
      case opcodes.continuation:
        return this.#add(payload, isLast);
      default:
        throw new FrameFault('malformed');
    }
  }

  #add(payload: Buffer, isLast: boolean): SocketMessage | null {
    const parts = this.#parts;
    if (parts === null) throw new FrameFault('malformed');
    parts.size += payload.length;
    if (parts.size > this.#maxBytes) throw new FrameFault('too-large');
    parts.pieces.push(payload);
    if (!isLast) return null;
    this.#parts = null;
    const bytes = Buffer.concat(parts.pieces);
    return parts.opcode === opcodes.text ? { type: 'text', text: readText(bytes) } : { type: 'binary', bytes };
  }
}

/** A frame as a client sends it: whole, and masked as RFC 6455 wants it. */
export function writeFrame(kind: 'text' | 'pong' | 'close', payload: Uint8Array): Buffer {
  const opcode: Opcode = opcodes[kind];
  const size = payload.length;
  const header = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  header.writeUInt8(0x80 | opcode, 0);
  header.writeUInt8(0x80 | (size < 126 ? size : size < 65_536 ? 126 : 127), 1);
  if (header.length === 4) header.writeUInt16BE(size, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(size), 2);
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ mask.readUInt8(index % 4)));
  return Buffer.concat([header, mask, masked]);
}
