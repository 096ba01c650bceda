import { cutText } from '../../../contract/texts/cut-text.ts';
import { idSchema, sha256Schema } from '../../../contract/identity.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { Studio } from '../../studio.ts';
import { sendJson, signalOfLeaving } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { streamBody } from './stream-body.ts';
import { sendFile } from './send-file.ts';

function notFound(what: string): StudioError {
  return new StudioError('not-found', `${what} does not exist.`, 'Reload the page; it may have been removed.');
}

function decodeTitle(header: string | string[] | undefined): string {
  if (typeof header !== 'string') return '';
  try {
    return cutText(decodeURIComponent(header), 200);
  } catch {
    throw new StudioError(
      'bad-request',
      'The title of the picture is not URI-encoded.',
      'Encode x-title with encodeURIComponent.',
    );
  }
}

/** The item that a picture was made from, such as the one a mask is of. */
function readParent(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  const id = idSchema.safeParse(header);
  if (id.success) return [id.data];
  throw new StudioError('bad-request', 'x-parent names no item of the library.', 'Send the id of an item, or leave it out.');
}

/** `POST /images`: the body is the picture's bytes, the answer its library item. A sender who leaves ends the work on it. */
export async function receivePicture(exchange: Exchange, studio: Studio): Promise<void> {
  const { request } = exchange;
  const title = decodeTitle(request.headers['x-title']);
  const parents = readParent(request.headers['x-parent']);
  const body = streamBody(request, studio.limits.imageBytes);
  sendJson(exchange, await studio.addImage(body, { title, parents, signal: signalOfLeaving(exchange) }));
}

/** `GET /images/<sha256>`: the stored bytes, which can never change under their name. */
export async function servePicture(exchange: Exchange, studio: Studio, name: string): Promise<void> {
  const sha256 = sha256Schema.safeParse(name);
  if (!sha256.success) throw notFound('This picture');
  const image = await studio.locateImage(sha256.data);
  await sendFile(exchange, { ...image, etag: `"${sha256.data}"`, cacheControl: 'private, max-age=31536000, immutable' });
}

/** `GET /saved/<sha256>`: the picture as a file that a person keeps. What it says of itself is decided by the settings of the moment. */
export async function serveSaved(exchange: Exchange, studio: Studio, name: string): Promise<void> {
  const sha256 = sha256Schema.safeParse(name);
  if (!sha256.success) throw notFound('This picture');
  const { bytes, mediaType } = await studio.readForSaving(sha256.data, signalOfLeaving(exchange));
  const { request, response } = exchange;
  response.writeHead(200, { 'content-type': mediaType, 'content-length': bytes.byteLength, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** `GET /shown/<sha256>`: what a page shows of a picture, which can never change under its name either. */
export async function serveShown(exchange: Exchange, studio: Studio, name: string): Promise<void> {
  const sha256 = sha256Schema.safeParse(name);
  if (!sha256.success) throw notFound('This picture');
  const image = await studio.locateShown(sha256.data);
  await sendFile(exchange, { ...image, etag: `"${sha256.data}-v"`, cacheControl: 'private, max-age=31536000, immutable' });
}

/** `GET /thumbnails/<sha256>`: a small copy, which can never change under its name either. */
export async function serveThumbnail(exchange: Exchange, studio: Studio, name: string): Promise<void> {
  const sha256 = sha256Schema.safeParse(name);
  if (!sha256.success) throw notFound('This picture');
  const image = await studio.locateThumbnail(sha256.data);
  await sendFile(exchange, { ...image, etag: `"${sha256.data}-s"`, cacheControl: 'private, max-age=31536000, immutable' });
}

/** `GET /readings/<sha256>`: what was read in a picture (contract/texts/reading.ts), which can never change under its name. */
export async function serveReading(exchange: Exchange, studio: Studio, name: string): Promise<void> {
  const sha256 = sha256Schema.safeParse(name);
  if (!sha256.success) throw notFound('This reading');
  const reading = await studio.locateReading(sha256.data);
  await sendFile(exchange, { ...reading, etag: `"${sha256.data}"`, cacheControl: 'private, max-age=31536000, immutable' });
}

/** `GET /previews/<jobId>`: the newest picture of a running generation. */
export function servePreview({ request, response }: Exchange, studio: Studio, jobId: string): void {
  const id = idSchema.safeParse(jobId);
  const preview = id.success ? studio.preview(id.data) : null;
  if (preview === null) throw notFound('A preview of this job');
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': preview.byteLength, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : preview);
}

/** `GET /packs/<id>/samples/<file>`: a sample scene named in the pack's manifest, and nothing else of the pack. */
export async function serveSample(exchange: Exchange, studio: Studio, packId: string, file: string): Promise<void> {
  const sample = await studio.locateSample(packId, file);
  await sendFile(exchange, { ...sample, etag: `"${sample.sha256}"`, cacheControl: 'private, no-cache' });
}
