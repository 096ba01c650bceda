import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { originSchema } from '../../../contract/outside/network.ts';
import { deviceNameSchema } from '../../../contract/studio-info.ts';
import type { Environment } from '../../network/choose-proxy.ts';

/** A plain name of a library: these files are loaded into the engine. */
const libraryName = /^lib[A-Za-z0-9_.+-]+\.so(\.[0-9]+)*$/;

const partSchema = z.object({
  name: z.string(),
  version: z.string(),
  licence: z.object({ name: z.string(), page: z.url() }),
  /** Of a zip file: NVIDIA and ONNX Runtime give their libraries to the world as wheels, which are such. */
  address: z.url({ protocol: /^https?$/ }),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** What is taken out of it, by its path inside; each goes by its own name into one folder. */
  files: z
    .array(
      z.object({
        path: z.string().refine((path) => libraryName.test(basename(path)), 'must be a library'),
        bytes: z.number().int().positive(),
      }),
    )
    .min(1),
});

const partsListSchema = z
  .object({
    /** The version of onnxruntime-node that they are made for; another one does not load them. */
    onnxruntime: z.string(),
    device: deviceNameSchema,
    /** As in `process.platform` and `process.arch`. */
    platform: z.string(),
    arch: z.string(),
    /** The oldest version of the card's driver that they work with. */
    driver: z.string(),
    origin: originSchema,
    parts: z.array(partSchema).min(1),
  })
  .refine(({ origin, parts }) => parts.every(({ address }) => new URL(address).origin === origin), 'must come from one place');

/** Libraries of other makers that a device needs, each pinned by address, size and sum. */
export type PartsList = z.infer<typeof partsListSchema>;
export type PartOfList = PartsList['parts'][number];

/** Names a file with another list: of a mirror, for one. */
const OWN_LIST = 'DEDIFFUSION_DEVICE_PARTS';

/** The list that came with the studio; tooling/device-parts/ makes it. */
async function readBuiltInList(): Promise<PartsList> {
  return partsListSchema.parse(JSON.parse(await readFile(new URL('cuda-parts.json', import.meta.url), 'utf8')));
}

/**
 * The list that a person named in DEDIFFUSION_DEVICE_PARTS, else the studio's own; also, with a sentence, where theirs cannot be read.
 *
 * @param tell is handed the sentence
 */
export async function readPartsList(environment: Environment, tell: (sentence: string) => void): Promise<PartsList> {
  const own = environment[OWN_LIST];
  if (own === undefined || own === '') return readBuiltInList();
  try {
    return partsListSchema.parse(JSON.parse(await readFile(own, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    tell(`The list of parts for devices at ${own} (${OWN_LIST}) cannot be used, so the studio's own is: ${reason}`);
    return readBuiltInList();
  }
}
