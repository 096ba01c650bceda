/** What a request brings along. */
export type RequestBody =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array; readonly mediaType: string }
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'multipart'; readonly form: FormData }
  /** Read once, so it cannot follow a redirect. `length` in bytes; null: sent in chunks. */
  | {
      readonly type: 'stream';
      readonly stream: AsyncIterable<Uint8Array>;
      readonly mediaType: string;
      readonly length: number | null;
    };

/** The same, ready to be written. */
export interface EncodedBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly repeatable: boolean;
}

function encodeBytes(bytes: Uint8Array, mediaType: string): EncodedBody {
  const headers = { 'content-type': mediaType, 'content-length': String(bytes.byteLength) };
  return { headers, pieces: [bytes], repeatable: true };
}

export async function encodeBody(body: RequestBody): Promise<EncodedBody> {
  switch (body.type) {
    case 'bytes':
      return encodeBytes(body.bytes, body.mediaType);
    case 'json':
      return encodeBytes(Buffer.from(JSON.stringify(body.value)), 'application/json');
    case 'multipart': {
      // With its length: small servers do not read a form that comes in chunks.
      const encoded = new Response(body.form);
      return encodeBytes(new Uint8Array(await encoded.arrayBuffer()), encoded.headers.get('content-type') ?? '');
    }
    case 'stream': {
      const length = body.length === null ? {} : { 'content-length': String(body.length) };
      return { headers: { 'content-type': body.mediaType, ...length }, pieces: body.stream, repeatable: false };
    }
  }
}
