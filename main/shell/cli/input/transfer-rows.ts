import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../../../contract/errors.ts';
import type { LibraryItem } from '../../../../contract/library.ts';
import { cutAtWord } from '../../../../contract/texts/cut-text.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { TransferRow } from '../../../../contract/transfer.ts';
import type { Studio } from '../../../studio.ts';
import type { CommandContext } from '../command-context.ts';
import { runJob } from '../run-job.ts';
import { UsageError } from '../usage-error.ts';
import { askReader } from './choose-length.ts';
import { choosePack } from './choose-pack.ts';

/** What is taken for prompts: a picture's texts of every length, a text beside its caption, or all texts that the library has of it. */
export const rowChoices = ['lengths', 'caption', 'variants'] as const;
export type RowChoice = (typeof rowChoices)[number];

export interface RowWish {
  readonly rows: RowChoice;
  readonly packId: string | undefined;
  /** A caption of a person's own; absent: one is written from the text, by rules. */
  readonly caption: string | undefined;
}

const TEXT_MARK = 'text:';
/** The text that a caption is laid beside. */
const LONGEST_BESIDE = 75;

/** A picture of the library that texts were read from. */
interface Original {
  readonly itemId: string;
  readonly sha256: string;
}

/** A text and the picture it was read from; null for none. */
interface KnownText {
  readonly name: string;
  readonly document: PromptDocument;
  readonly itemId: string | null;
  readonly original: Original | null;
}

/**
 * The prompts of a transfer: of a picture file, of the id of a library item, or of `text:…`.
 *
 * @throws StudioError `prompt-empty`, `not-found`; as the job and the reader do. UsageError for variants of a text, which has none
 */
export async function findTransferRows(
  source: string,
  wish: RowWish,
  studio: Studio,
  context: CommandContext,
): Promise<TransferRow[]> {
  if (source.startsWith(TEXT_MARK)) return rowsOfText(source.slice(TEXT_MARK.length).trim(), wish, studio);
  const item = await findItem(source, studio, context);
  const known =
    item.kind === 'prompt'
      ? await textsOfPrompt(item.id, wish.rows, studio)
      : await textsOfPicture(item, source, wish, studio, context);
  return wish.rows === 'caption' ? besideCaption(known, wish, studio) : known.map(toRow);
}

async function rowsOfText(text: string, wish: RowWish, studio: Studio): Promise<TransferRow[]> {
  if (text === '') throw new StudioError('prompt-empty', 'There is nothing after text:', 'Write it as "text:a fox in the snow".');
  if (wish.rows === 'variants')
    throw new UsageError('--rows variants needs a picture or an item of the library; give several texts.');
  if (wish.rows === 'lengths')
    return [{ name: cutAtWord(text, 60), prompt: { type: 'text', text }, originalSha256: null, itemId: null }];
  const document = await studio.client.prompts.create({ text });
  return besideCaption([{ name: 'text', document, itemId: null, original: null }], wish, studio);
}

const toRow = ({ name, document, itemId, original }: KnownText): TransferRow => ({
  ...{ name, prompt: { type: 'document', document }, originalSha256: original?.sha256 ?? null, itemId },
});

/** A file is added to the library; what is none is an id. */
async function findItem(source: string, studio: Studio, { signal }: CommandContext): Promise<LibraryItem> {
  const isFile = (await stat(source).catch(() => null)) !== null;
  return isFile ? studio.addImage(source, { title: basename(source), signal }) : studio.client.library.get({ itemId: source });
}

async function textsOfPrompt(itemId: string, rows: RowChoice, { client }: Studio): Promise<KnownText[]> {
  const { ancestors } = await client.library.lineage({ itemId });
  const picture = ancestors.find((one) => one.kind === 'picture');
  const original = picture?.kind === 'picture' ? { itemId: picture.id, sha256: picture.image.sha256 } : null;
  if (rows === 'variants' && original !== null) return textsInLibrary(original, client);
  return [await readText(itemId, original, client)];
}

/** All texts that were made of a picture, oldest first. */
async function textsInLibrary(original: Original, client: Studio['client']): Promise<KnownText[]> {
  const { descendants } = await client.library.lineage({ itemId: original.itemId });
  const texts: KnownText[] = [];
  for (const { id, kind } of descendants) if (kind === 'prompt') texts.push(await readText(id, original, client));
  return texts;
}

/** Lists leave the slots out; the whole item has them. */
async function readText(itemId: string, original: Original | null, client: Studio['client']): Promise<KnownText> {
  const item = await client.library.get({ itemId });
  if (item.kind !== 'prompt') throw new Error(`item ${itemId} is a ${item.kind}, not a prompt`);
  return { name: item.title === '' ? cutAtWord(item.text, 60) : item.title, document: item.prompt, itemId, original };
}

async function textsOfPicture(
  item: Exclude<LibraryItem, { kind: 'prompt' }>,
  source: string,
  { rows, packId }: RowWish,
  studio: Studio,
  context: CommandContext,
): Promise<KnownText[]> {
  const { client } = studio;
  const { sha256 } = item.image;
  const original = { itemId: item.id, sha256 };
  if (rows === 'variants') {
    const texts = await textsInLibrary(original, client);
    if (texts.length > 0) return texts;
    const hint = 'Read it with `dediffusion encode --save`, or take --rows lengths.';
    throw new StudioError('not-found', `The library has no text of ${source}.`, hint, { itemId: item.id });
  }
  const { id: readerId } = await choosePack(client, packId, ['encoder']);
  const { lengths } = await askReader(client, readerId);
  const fitting = lengths.filter((length) => length <= LONGEST_BESIDE);
  const wanted = rows === 'lengths' ? lengths : [Math.max(...(fitting.length > 0 ? fitting : lengths))];
  const known = await firstReadings(item.id, readerId, client);
  const missing = wanted.filter((length) => !known.has(length));
  if (missing.length > 0) {
    const request = { kind: 'encode' as const, packId: readerId, imageSha256s: [sha256], lengths: missing };
    const [encoded] = (await runJob(client, request, basename(source), context)).images;
    if (encoded?.error) throw StudioError.fromBody(encoded.error);
    for (const { itemId, document } of encoded?.documents ?? []) if (document.length !== null) known.set(document.length, itemId);
  }
  const texts: KnownText[] = [];
  for (const length of wanted) {
    const itemId = known.get(length);
    if (itemId !== undefined) texts.push({ ...(await readText(itemId, original, client)), name: `${length} tokens` });
  }
  return texts;
}

/** What was read of a picture before, so that the same command finds the same texts: the first of each length. */
async function firstReadings(itemId: string, packId: string, client: Studio['client']): Promise<Map<number, string>> {
  const { descendants } = await client.library.lineage({ itemId });
  const found = new Map<number, string>();
  for (const one of descendants) {
    if (one.kind !== 'prompt' || !one.parents.includes(itemId) || one.prompt.packId !== packId) continue;
    const { length } = one.prompt;
    if (length !== null && !found.has(length)) found.set(length, one.id);
  }
  return found;
}

async function besideCaption(texts: readonly KnownText[], wish: RowWish, { client }: Studio): Promise<TransferRow[]> {
  const rows: TransferRow[] = [];
  for (const text of texts) {
    const source = { type: 'document' as const, document: text.document };
    const caption = wish.caption ?? (await client.language.ask({ source, want: 'caption' })).answer;
    rows.push({ ...toRow(text), name: `${text.name}: text` });
    const prompt = { type: 'text' as const, text: caption };
    // Its drawings come from the picture: whoever opens one is to see the caption, and not the text it stands beside.
    const { itemId = null, sha256 = null } = text.original ?? {};
    rows.push({ name: `${text.name}: caption`, prompt, originalSha256: sha256, itemId });
  }
  return rows;
}
