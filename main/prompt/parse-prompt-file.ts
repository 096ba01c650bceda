import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { PromptSource } from '../../contract/job.ts';
import { recordsOfAnItem } from '../../contract/library.ts';
import { promptDocumentSchema } from '../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { upgradeNamed } from '../../contract/record.ts';
import { readRegularFile } from '../files/open-regular-file.ts';

/** The contract's limit on a text typed or read. */
const MAXIMUM_CHARACTERS = 100_000;

/** A document as it is, or a library item that holds one, alone or as `library show --json` prints it. */
const heldSchema = z.union([
  z.object({ item: z.object({ prompt: z.unknown() }) }).transform(({ item }) => item.prompt),
  z.object({ kind: z.literal('prompt'), prompt: z.unknown() }).transform(({ prompt }) => prompt),
  z.unknown(),
]);

/**
 * Reads a prompt file: JSON of a prompt document (exact ids, weights) or of a library item that holds one; anything else is
 * the text itself. A file counts as JSON when it opens with `{` and a quote, so that a prompt such as `{red|blue} cat` is
 * text and a damaged document is an error, never a picture of its source code.
 *
 * @param bytes the file's bytes, UTF-8
 * @param records how an older document grows, under the name `prompt`
 * @throws StudioError `prompt-invalid`, `prompt-empty`, `prompt-too-long`, `record-newer`
 */
export function parsePromptFile(bytes: Uint8Array, records = recordsOfAnItem): PromptSource {
  const text = decodeText(bytes).trim();
  if (text === '') {
    throw new StudioError(
      'prompt-empty',
      'The prompt file is empty.',
      'Write a text into it, or save a prompt document as JSON.',
    );
  }
  if (/^\{\s*["}]/.test(text)) return { type: 'document', document: parseDocument(text, records) };
  if (text.length > MAXIMUM_CHARACTERS) {
    throw new StudioError(
      'prompt-too-long',
      `The prompt file has ${text.length.toLocaleString('en')} characters; a prompt can have ${MAXIMUM_CHARACTERS.toLocaleString('en')}.`,
      'Shorten the text.',
      { characters: text.length, limit: MAXIMUM_CHARACTERS },
    );
  }
  return { type: 'text', text };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StudioError('prompt-invalid', 'The prompt file is not UTF-8 text.', 'Save it as UTF-8, or as JSON.', {}, cause);
  }
}

function parseDocument(text: string, records: typeof recordsOfAnItem): PromptDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`The prompt file looks like JSON and does not parse: ${reason}.`, cause);
  }
  const document = readDocument(value, records);
  const ids = new Set(document.slots.map((slot) => slot.id));
  if (ids.size !== document.slots.length) throw invalid('The prompt document gives one id to two tokens.');
  return document;
}

/** Of an older studio as well. @throws StudioError `record-newer` for one of a later studio */
function readDocument(value: unknown, records: typeof recordsOfAnItem): PromptDocument {
  try {
    const item = upgradeNamed({ prompt: heldSchema.parse(value) }, records);
    return z.object({ prompt: promptDocumentSchema }).parse(item).prompt;
  } catch (cause) {
    if (cause instanceof z.ZodError) throw invalid('The prompt file is JSON and not a prompt document.', cause);
    throw cause;
  }
}

function invalid(message: string, cause?: unknown): StudioError {
  const hint = 'Use a document the studio saved, or a plain text file.';
  return new StudioError('prompt-invalid', message, hint, {}, cause);
}

/** A document of the longest prompt there is takes a hundredth of it. */
const maximumBytes = 64 * 1024 * 1024;

/**
 * Reads a prompt from a file: a document as JSON (exact ids, weights) or plain text.
 * @throws StudioError `file-unreadable`, `prompt-invalid`, `prompt-empty`, `prompt-too-long`
 */
export async function readPromptFile(path: string): Promise<PromptSource> {
  return parsePromptFile(await readRegularFile(path, { maximumBytes }));
}
