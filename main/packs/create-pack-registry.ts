import { basename } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PackVerification } from '../../contract/models/pack.ts';
import { SerialQueue } from '../running/serial-queue.ts';
import { checkFiles } from './check-files.ts';
import type { CrashingGraphs } from './crashing-graphs.ts';
import type { FileProblem } from './check-files.ts';
import { findPacks, readPacks } from './find-packs.ts';
import type { FoundPacks, KnownManifests } from './find-packs.ts';
import type { PackProblem, PackRegistry, ResolvedPack } from './pack-registry.ts';
import { summarisePack } from './summarise-pack.ts';
import { VerifiedFiles } from './verified-files.ts';
import { fileURLToPath } from 'node:url';

export interface PackRegistryOptions {
  /** Absent: `models/packs` beside the core. */
  readonly embeddedFolder?: string;
  /** The user's packs; it need not exist. */
  readonly userFolder: string | null;
  /** Folders of single packs that lie elsewhere. Default: none. */
  readonly places?: () => readonly string[];
  /** Where it is remembered which files were hashed; null keeps that in memory. Its folder exists. */
  readonly verifiedFile: string | null;
  /** Graphs that ended the engine. Absent: nobody remembers them. */
  readonly crashing?: CrashingGraphs;
  readonly log: (message: string) => void;
}

interface Packs {
  readonly usable: readonly ResolvedPack[];
  readonly problems: readonly PackProblem[];
  readonly invalid: FoundPacks['problems'];
}

/** The packs of the embedded and the user's folder. */
export function createPackRegistry(options: PackRegistryOptions): PackRegistry {
  const { embeddedFolder = EMBEDDED_PACKS_FOLDER, userFolder, verifiedFile, crashing, log, places = () => [] } = options;
  const verified = new VerifiedFiles(verifiedFile);
  // Two jobs that open a pack at once hash it once: the second finds the marks of the first.
  const openings = new SerialQueue();

  // Every drawing asks for all of them more than once.
  let known: KnownManifests = new Map();

  const find = async (): Promise<Packs> => {
    const embedded = await findPacks(embeddedFolder, true, known);
    const own = userFolder === null ? { packs: [], problems: [] } : await findPacks(userFolder, false, known);
    const elsewhere = await readPacks(places(), false, known);
    const found = [own, elsewhere, embedded];
    known = new Map(found.flatMap(({ packs }) => packs.map((pack) => [pack.folder, pack])));
    return choose(
      found.flatMap(({ packs }) => packs),
      found.flatMap(({ problems }) => problems),
    );
  };
  const resolvePack = async (packId: string): Promise<ResolvedPack> => {
    const packs = await find();
    const pack = packs.usable.find(({ manifest }) => manifest.id === packId);
    if (pack) return pack;
    // A manifest that does not parse tells no id; packs usually lie in a folder of their id.
    const invalid = packs.invalid.find(({ folder }) => basename(folder) === packId);
    throw invalid?.error ?? notFound(packId, packs.usable);
  };
  const remember = async (pack: ResolvedPack, marks: ReadonlyMap<string, string>): Promise<void> => {
    try {
      await verified.set(pack, marks);
    } catch (cause) {
      log(
        `The check of the model ${pack.manifest.id} could not be remembered and will be done again at the next start: ${String(cause)}`,
      );
    }
  };

  return {
    listPacks: async () => {
      const { usable, problems } = await find();
      const sorted = usable.toSorted(
        (a, b) => Number(b.embedded) - Number(a.embedded) || a.manifest.id.localeCompare(b.manifest.id),
      );
      const summaries = sorted.map(async (pack) => summarisePack(pack, (await crashing?.of(pack.folder)) ?? []));
      return { packs: await Promise.all(summaries), problems };
    },
    resolvePack,
    openPack: (packId, verifyOptions) =>
      openings.run(async () => {
        const pack = await resolvePack(packId);
        const trusted = await verified.get(pack);
        const { problems, marks } = await checkFiles(pack, trusted, verifyOptions);
        const [first] = problems;
        if (first) throw describeProblem(pack, first, problems.length);
        if (!sameMarks(trusted, marks)) await remember(pack, marks);
        return pack;
      }),
    verifyPack: (packId, verifyOptions) =>
      openings.run(async (): Promise<PackVerification> => {
        const pack = await resolvePack(packId);
        const { problems, marks } = await checkFiles(pack, new Map(), verifyOptions);
        await remember(pack, marks);
        if (problems.length === 0) await crashing?.clear(pack.folder);
        return { id: packId, ok: problems.length === 0, checked: pack.manifest.files.length, problems: [...problems] };
      }),
  };
}

/** Of packs with one id the first is usable; the others are named as hidden. */
function choose(packs: readonly ResolvedPack[], invalid: FoundPacks['problems']): Packs {
  const usable = new Map<string, ResolvedPack>();
  const problems: PackProblem[] = invalid.map(({ folder, message }) => ({ folder, message }));
  for (const pack of packs) {
    const { id } = pack.manifest;
    const before = usable.get(id);
    if (before)
      problems.push({ folder: pack.folder, message: `This model is not used: ${before.folder} has the same id, ${id}.` });
    else usable.set(id, pack);
  }
  return { usable: [...usable.values()], problems, invalid };
}

function notFound(packId: string, usable: readonly ResolvedPack[]): StudioError {
  const ids = usable.map(({ manifest }) => manifest.id).sort();
  const hint =
    ids.length > 0
      ? `There is: ${ids.join(', ')}.`
      : 'There are no models at all: install the studio again, or copy a model into the models folder.';
  return new StudioError('pack-not-found', `There is no model ${packId}.`, hint, { packId });
}

function describeProblem(pack: ResolvedPack, first: FileProblem, count: number): StudioError {
  const { id } = pack.manifest;
  const more = count > 1 ? ` ${count - 1} more files are not right either.` : '';
  const hint = `Get the model again from where it came from; \`packs verify ${id}\` lists every file that is not right.`;
  const { path, problem, expected, actual } = first;
  const facts = { packId: id, path, folder: pack.folder, problems: count };
  const file = `The file ${path} of the model ${id}`;
  const altered = (what: string): StudioError =>
    new StudioError('pack-file-altered', `${file} ${what}${more}`, hint, { ...facts, expected, actual });
  switch (problem) {
    case 'missing':
      return new StudioError('pack-file-missing', `${file} is missing.${more}`, hint, facts);
    case 'size':
      return altered(`is not the one the model was made with: it has ${actual}, not ${expected}.`);
    case 'sha256':
      return altered(`is not the one the model was made with: its sha256 is ${actual}, not ${expected}.`);
    case 'irregular':
      return altered('is a link or something that is no file; a model holds its files themselves.');
    case 'unlisted':
      return altered('is not named in its pack.json, so nothing says what it should be: take it out of the folder.');
  }
}

function sameMarks(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...b].every(([path, mark]) => a.get(path) === mark);
}

/** Where the packs that come with the studio lie: `models/packs` beside the core, in the project as in the app. */
export const EMBEDDED_PACKS_FOLDER = fileURLToPath(new URL('../../models/packs/', import.meta.url));
