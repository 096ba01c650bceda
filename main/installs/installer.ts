import { join } from 'node:path';
import { z } from 'zod';
import type { CommercialUse } from '../../contract/models/catalogue.ts';
import { StudioError } from '../../contract/errors.ts';
import type { InstallAgreement, InstallChoice, InstallPlan, InstallSource } from '../../contract/models/install.ts';
import type { PackManifest } from '../../contract/models/pack.ts';
import { measureRoom } from '../downloads/fetch-files.ts';
import type { CopyPlace, FetchReport } from '../downloads/fetch-files.ts';
import type { Hub } from '../downloads/hub.ts';
import { makeFolder } from '../files/make-folder.ts';
import { judgeFitness } from '../packs/judge-fitness.ts';
import type { Machine } from '../packs/judge-fitness.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import { readManifest } from '../packs/read-manifest.ts';
import type { RunContext } from '../running/run-context.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { installArchive, readArchive } from './archive/install-archive.ts';
import { chooseWithData } from './choose-files.ts';
import { convertCheckpoint, planCheckpoint } from './convert-checkpoint.ts';
import type { PythonEnvironment } from './conversion/python-environment.ts';
import { findSource } from './find-source.ts';
import type { FoundSource } from './find-source.ts';
import { installFolder, listOffered } from './install-folder.ts';
import { fetchPack, planFetch } from './fetch-pack.ts';
import { Staging } from './staging.ts';
import { memoryOf } from './write-manifest.ts';

export interface InstallerOptions {
  readonly packsFolder: string;
  readonly hub: Hub;
  readonly packs: PackRegistry;
  /** Where checkpoints are converted. */
  readonly environment: PythonEnvironment;
  readonly machine: () => Omit<Machine, 'freeDiskBytes'>;
  readonly clock: () => number;
}

export interface Installed extends FetchReport {
  readonly packId: string;
  readonly folder: string;
  /** A sentence for each thing that could not be known. */
  readonly notes: readonly string[];
}

/** A licence by the name that repositories give it. What is not known here is not judged. */
const commercialUses: Readonly<Record<string, CommercialUse>> = {
  'apache-2.0': 'yes',
  mit: 'yes',
  'bsd-3-clause': 'yes',
  'cc0-1.0': 'yes',
  'cc-by-4.0': 'yes',
  'openrail++': 'limits',
  openrail: 'limits',
  'creativeml-openrail-m': 'limits',
  'llama3.2': 'limits',
  gemma: 'limits',
  'cc-by-nc-4.0': 'no',
  'sai-nc-community': 'no',
  'apple-amlr': 'no',
};

/** Sizes of a catalogue are rounded, and configs come on top. */
const tolerance = (bytes: number): number => bytes * 1.05 + 20_000_000;

/** Brings packs: from the hub, from a folder, from a checkpoint. What stops goes on; a pack is there whole or not at all. */
export class Installer {
  readonly #options: InstallerOptions;
  readonly staging: Staging;

  constructor(options: InstallerOptions) {
    this.#options = options;
    this.staging = new Staging(options.packsFolder);
  }

  get hub(): Hub {
    return this.#options.hub;
  }

  /**
   * What would be brought. For a repository the hub is asked.
   * @throws StudioError as `Hub.describe`, `chooseFiles` and `findSource` do
   */
  async plan(source: InstallSource, choice: InstallChoice, signal: AbortSignal): Promise<InstallPlan> {
    const found = findSource(source, choice);
    const facts = await this.#planFound(found, signal);
    const commercial = facts.commercial ?? commercialUses[facts.licence] ?? 'unclear';
    const { packsFolder, machine } = this.#options;
    makeFolder(packsFolder, 'Choose another data folder.');
    const needs = { does: facts.does, bytes: facts.bytes, memoryMb: facts.memoryMb, devices: facts.devices };
    return {
      packId: found.packId,
      name: found.name,
      origin: found.type === 'hub' ? this.hub.origin : null,
      page: found.type === 'hub' ? this.hub.pageOf(found.repository) : null,
      licence: { name: facts.licence, commercial, note: facts.note },
      bytes: facts.bytes,
      keptBytes: await this.staging.measure(found.packId),
      files: facts.files,
      memoryMb: facts.memoryMb,
      fitness: judgeFitness(needs, { ...machine(), freeDiskBytes: await measureRoom(packsFolder) }),
      revision: facts.revision,
      replaces: (await this.#findInstalled(found.packId)) !== null,
      environment: found.type === 'checkpoint' ? await this.#planEnvironment() : null,
    };
  }

  /**
   * Brings a pack. Aborting keeps what came, for the next call.
   * @throws StudioError `download-refused` where licence or size are not what was agreed to; as the parts do
   */
  async install(source: InstallSource, choice: InstallChoice, agreed: InstallAgreement, context: RunContext): Promise<Installed> {
    const found = findSource(source, choice);
    const { packsFolder } = this.#options;
    makeFolder(packsFolder, 'Choose another data folder.');
    const before = await this.#findInstalled(found.packId);
    if (before?.embedded === true) {
      const hint = 'Give it another id with --id.';
      throw new StudioError('bad-request', `${found.packId} is the id of a model that came with the studio.`, hint, {
        packId: found.packId,
      });
    }
    try {
      const order = { packId: found.packId, name: found.name, source, choice, agreed };
      const folder = await this.staging.begin(order);
      const brought = await this.#bring(found, folder, agreed, before, context);
      const id = brought.manifest.id;
      if (id !== found.packId) throw new Error(`a model of the id ${id} in the place of ${found.packId}`);
      return { packId: id, folder: await this.staging.publish(id), notes: brought.notes, ...brought.report };
    } catch (error) {
      context.signal.throwIfAborted();
      throw error instanceof z.ZodError ? notAPack(found.name, error) : toStorageError(error, packsFolder);
    }
  }

  #bring(
    found: FoundSource,
    folder: string,
    agreed: InstallAgreement,
    before: Awaited<ReturnType<PackRegistry['resolvePack']>> | null,
    context: RunContext,
  ) {
    switch (found.type) {
      case 'hub':
        return this.#fetch(found, folder, agreed, before, context);
      case 'folder':
        return installFolder(found, folder, context);
      case 'archive':
        return installArchive(found, folder, context);
      case 'checkpoint':
        return convertCheckpoint(found, folder, agreed, this.#options.environment, context);
    }
  }

  async #fetch(
    found: Extract<FoundSource, { type: 'hub' }>,
    folder: string,
    agreed: InstallAgreement,
    before: Awaited<ReturnType<PackRegistry['resolvePack']>> | null,
    context: RunContext,
  ) {
    const { hub, clock } = this.#options;
    const revision = await hub.describe(found.repository, found.revision, context.signal);
    const plan = planFetch(revision, found);
    const licence = found.choice.licence ?? found.entry?.licence.name ?? revision.licence ?? 'unknown';
    if (licence !== agreed.licence || plan.bytes > tolerance(agreed.bytes)) {
      const message = `${found.repository} is not what was agreed to: it has ${(plan.bytes / 1e9).toFixed(2)} GB under ${licence}.`;
      const hint = 'Look at licence and size again, and install it once more if you agree.';
      throw new StudioError('download-refused', message, hint, {
        reason: 'changed',
        page: hub.pageOf(found.repository),
        licence,
        bytes: plan.bytes,
      });
    }
    const copies = before === null ? [] : [copiesOf(before.manifest, before.folder)];
    return fetchPack({ hub, revision, found, folder, licence, plan, copies, clock }, context);
  }

  async #findInstalled(packId: string) {
    const { packs } = await this.#options.packs.listPacks();
    return packs.some(({ id }) => id === packId) ? this.#options.packs.resolvePack(packId) : null;
  }

  async #planEnvironment(): Promise<InstallPlan['environment']> {
    const planned = await this.#options.environment.plan();
    return planned === null ? null : { ...planned, hosts: [...planned.hosts] };
  }

  #planFound(found: FoundSource, signal: AbortSignal) {
    switch (found.type) {
      case 'hub':
        return this.#planHub(found, signal);
      case 'folder':
        return this.#planFolder(found);
      case 'archive':
        return this.#planArchive(found, signal);
      case 'checkpoint':
        return planCheckpoint(found);
    }
  }

  async #planHub(found: Extract<FoundSource, { type: 'hub' }>, signal: AbortSignal) {
    const { entry } = found;
    const revision = await this.hub.describe(found.repository, found.revision, signal);
    const plan = planFetch(revision, found);
    return {
      revision: revision.commit,
      licence: found.choice.licence ?? entry?.licence.name ?? revision.licence ?? 'unknown',
      commercial: entry?.licence.commercial,
      note: entry?.licence.note ?? (revision.gated ? `It asks to be agreed to on ${this.hub.pageOf(found.repository)}.` : ''),
      does: entry?.does ?? plan.does,
      devices: entry?.devices ?? (['cpu'] as const),
      bytes: plan.bytes,
      files: plan.files,
      memoryMb: entry?.memoryMb ?? memoryOf(plan.bytes),
    };
  }

  async #planFolder({ path, choice }: Extract<FoundSource, { type: 'folder' }>) {
    const manifest = (await readManifest(path))?.manifest ?? null;
    return planFiles(manifest?.files ?? chooseWithData(await listOffered(path), choice), manifest, choice);
  }

  async #planArchive(found: Extract<FoundSource, { type: 'archive' }>, signal: AbortSignal) {
    const { files, manifest } = await readArchive(found, signal);
    return planFiles(manifest?.files ?? files, manifest, found.choice);
  }
}

/** What lies on this machine already, whole. */
function planFiles(files: readonly { readonly bytes: number }[], manifest: PackManifest | null, choice: InstallChoice) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    revision: null,
    licence: choice.licence ?? manifest?.licence.spdx ?? 'unknown',
    commercial: undefined,
    note: manifest?.licence.notice.slice(0, 300) ?? '',
    does: [],
    devices: ['cpu'] as const,
    bytes,
    files: files.length,
    memoryMb: manifest?.minimumMemoryMb ?? memoryOf(bytes),
  };
}

/** Files and configs that are well-formed and ask for more than a pack may have. */
function notAPack(name: string, cause: z.ZodError): StudioError {
  const hint = 'Do not use it, or ask whoever made it.';
  const details = { reason: z.prettifyError(cause).slice(0, 300) };
  return new StudioError('pack-invalid', `What ${name} says of itself fits no model.`, hint, details, cause);
}

/** Files of a pack that is here, which a newer one of the same repository may have too. */
function copiesOf({ files }: PackManifest, folder: string): CopyPlace {
  return {
    find: (wanted) =>
      files
        .filter(({ sha256, bytes, path }) =>
          wanted.hash.kind === 'sha256' ? sha256 === wanted.hash.hex : bytes === wanted.bytes && path === wanted.path,
        )
        .map(({ path }) => join(folder, path)),
    within: folder,
  };
}
