import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { MetadataReading, PictureMetadata } from '../../contract/texts/metadata.ts';
import type { PictureText, PictureTexts } from './picture-text.ts';
import { parseLooseJson } from './parse-loose-json.ts';
import { readA1111 } from './readers/read-a1111.ts';
import { readComfyui } from './readers/read-comfyui.ts';
import { readDrawThings } from './readers/read-draw-things.ts';
import { readFooocus } from './readers/read-fooocus.ts';
import { readDream, readInvokeai, readSdMetadata } from './readers/read-invokeai.ts';
import { readMidjourney } from './readers/read-midjourney.ts';
import { readNovelai } from './readers/read-novelai.ts';
import { RECIPE_KEYWORD, readOwnRecipe } from './readers/read-own-recipe.ts';
import { readSwarmui } from './readers/read-swarmui.ts';

type Look = (key: string, carriers?: readonly PictureText['carrier'][]) => string | undefined;

/** A form of one writer: what it is called when it is damaged, and how it is read where it is there. */
interface Form {
  readonly name: string;
  /** The text it lies in; undefined where there is none. */
  readonly find: (look: Look) => string | undefined;
  readonly read: (text: string, look: Look) => PictureMetadata | null;
}

const objectSchema = z.record(z.string(), z.unknown());

/** What several programs write in one place: a block, or JSON of their own. JSON that none of them knows is no prompt either. */
function readParameters(text: string): PictureMetadata | null {
  const known = readSwarmui(text) ?? readFooocus(text);
  if (known !== null) return known;
  const isJson = text.trimStart().startsWith('{') && objectSchema.safeParse(parseLooseJson(text)).success;
  return isJson ? null : readA1111(text);
}

/** The studio writes its recipe into PNG alone; who makes another form of such a file may carry it over as a comment. */
const carriedRecipe = z.looseObject({ schemaVersion: z.number().int(), kind: z.enum(['local', 'tool']) });

/** JSON in EXIF's comment may be NovelAI's, which keeps its own JSON as a text in there. */
function readComment(text: string): PictureMetadata | null {
  const parsed = z.looseObject({ Comment: z.string(), Description: z.string().optional(), Source: z.string().optional() });
  const json = text.startsWith('{') ? parseLooseJson(text) : undefined;
  if (carriedRecipe.safeParse(json).success) return readOwnRecipe(text);
  const held = json === undefined ? null : parsed.safeParse(json);
  if (held?.success === true) return readNovelai(held.data.Comment, held.data.Description, held.data.Source);
  const metadata = readDrawThings(text) ?? readParameters(text);
  // A comment without a single parameter is a person's: "Sunset in Rome".
  return metadata?.writer === 'a1111' && metadata.steps === null && metadata.seed === null ? null : metadata;
}

/**
 * EXIF as ComfyUI's nodes for WebP use it: `prompt:{…}` in the field for the camera's model, and more behind it in the fields before.
 */
function findInExif(look: Look, name: string): string | undefined {
  for (const key of ['Model', 'Make', 'ImageDescription', 'DocumentName']) {
    const text = look(key, ['exif']);
    if (text?.toLowerCase().startsWith(`${name}:`) === true) return text.slice(name.length + 1);
  }
  return undefined;
}

/** In the order in which they are believed: who says most of how the picture was made comes first. */
const forms: readonly Form[] = [
  { name: "the studio's recipe", find: (look) => look(RECIPE_KEYWORD, ['png']), read: readOwnRecipe },
  { name: "InvokeAI's metadata", find: (look) => look('invokeai_metadata', ['png']), read: readInvokeai },
  { name: "InvokeAI's metadata", find: (look) => look('sd-metadata', ['png']), read: readSdMetadata },
  { name: "InvokeAI's command", find: (look) => look('Dream', ['png']) ?? look('dream', ['png']), read: readDream },
  {
    name: "NovelAI's settings",
    find: (look) => (look('Software', ['png'])?.startsWith('NovelAI') === true ? look('Comment', ['png']) : undefined),
    read: (text, look) => readNovelai(text, look('Description', ['png']), look('Source', ['png'])),
  },
  { name: 'the generation parameters', find: (look) => look('parameters', ['png']), read: readParameters },
  {
    name: "ComfyUI's graph",
    find: (look) => look('prompt', ['png']) ?? findInExif(look, 'prompt'),
    read: (prompt) => readComfyui({ prompt }),
  },
  {
    name: "ComfyUI's workflow",
    find: (look) => look('workflow', ['png']) ?? findInExif(look, 'workflow'),
    read: (workflow) => readComfyui({ workflow }),
  },
  { name: 'the comment', find: (look) => look('UserComment', ['exif', 'xmp']), read: readComment },
  {
    name: 'the description',
    find: (look) =>
      ['Description', 'description', 'ImageDescription']
        .flatMap((key) => look(key, ['png', 'xmp', 'exif']) ?? [])
        .find((text) => text.includes('Job ID:')),
    read: readMidjourney,
  },
];

/**
 * What the texts of a picture say of how it was made, as one form for all writers. The first that can be read is taken; one that is
 * damaged is told and the next is tried. Where a program wrote twice, its last text counts.
 */
export function readMetadata({ texts, problems }: PictureTexts): MetadataReading {
  const look: Look = (key, carriers) =>
    texts.findLast((text) => text.key === key && (carriers?.includes(text.carrier) ?? true))?.text;
  const told = [...problems];
  for (const { name, find, read } of forms) {
    const text = find(look);
    if (text === undefined) continue;
    try {
      const metadata = read(text, look);
      if (metadata !== null) return { metadata, problems: told.slice(0, 32) };
      if (name !== 'the comment') told.push(`The picture carries ${name}, which cannot be read.`);
    } catch (cause) {
      if (cause instanceof StudioError) told.push(`${cause.message} ${cause.hint}`);
      else if (cause instanceof z.ZodError || cause instanceof SyntaxError)
        told.push(`The picture carries ${name}, which cannot be read.`);
      else throw cause;
    }
  }
  return { metadata: null, problems: told.slice(0, 32) };
}
