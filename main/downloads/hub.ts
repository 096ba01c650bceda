import { z } from 'zod';
import { repositoryNameSchema } from '../../contract/models/catalogue.ts';
import { StudioError } from '../../contract/errors.ts';
import type { SentThing } from '../../contract/outside/network.ts';
import { packFilePathSchema } from '../../contract/models/pack-paths.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import type { Answer } from '../network/answer.ts';
import type { Network, PlaceRequest } from '../network/network.ts';
import { HUB_SECRET } from '../network/secrets.ts';
import type { HubPlaces } from './hub-places.ts';
import { downloadDamaged, downloadRefused, refusalOf } from './refusals.ts';
import type { FileHash, RemoteFile } from './remote-file.ts';

/** A repository at one commit, with what the hub says of it. */
export interface HubRevision {
  readonly repository: string;
  /** What was asked for. */
  readonly revision: string;
  readonly commit: string;
  /** As its card names it; null where it names none. */
  readonly licence: string | null;
  /** Whether it asks to be agreed to on its page. */
  readonly gated: boolean;
  readonly files: readonly RemoteFile[];
}

const answerSchema = z.object({
  id: z.string(),
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  gated: z.union([z.boolean(), z.string()]).nullish(),
  cardData: z.object({ license: z.unknown() }).nullish(),
  tags: z.array(z.string()).nullish(),
  siblings: z
    .array(
      z.object({
        rfilename: z.string(),
        size: z.number().int().nonnegative().nullish(),
        blobId: z
          .string()
          .regex(/^[0-9a-f]{40}$/)
          .nullish(),
        lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }).nullish(),
      }),
    )
    .max(packLimits.files),
});
type HubAnswer = z.infer<typeof answerSchema>;

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The hub, or its mirror, behind the way out: nothing is asked of it without a consent for `download`. */
export class Hub {
  readonly places: HubPlaces;
  readonly #network: Network;

  constructor(network: Network, places: HubPlaces) {
    this.#network = network;
    this.places = places;
  }

  get origin(): string {
    return new URL(this.places.endpoint).origin;
  }

  /** What a consent must name: the address, and the key where one is set. */
  get sends(): readonly SentThing[] {
    return this.#network.secrets.has(HUB_SECRET) ? ['address', 'key'] : ['address'];
  }

  /** Where a person looks at a repository. */
  pageOf(repository: string): string {
    return `${this.places.endpoint}/${repository}`;
  }

  /**
   * What a repository holds.
   * @throws StudioError `download-refused` with the reason and the page to open, `download-damaged` for files that nothing says the sum
   *   of, `pack-invalid` for paths that lead out; as `Network.ask` does
   */
  async describe(repository: string, revision: string, signal: AbortSignal): Promise<HubRevision> {
    repositoryNameSchema.parse(repository);
    const address = `${this.places.endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const answer = await this.#ask({ address, headers: { accept: 'application/json' }, redirects: 'same-origin', signal });
    if (answer.status !== 200) {
      answer.close();
      throw refusalOf(answer, repository, this.pageOf(repository));
    }
    const parsed = answerSchema.safeParse(await answer.json());
    if (!parsed.success) {
      const hint = 'If HF_ENDPOINT names a mirror, check that it is one.';
      const details = { host: answer.url.host, reason: z.prettifyError(parsed.error).slice(0, 300) };
      throw new StudioError('answer-unreadable', `${answer.url.host} does not answer as a hub does.`, hint, details);
    }
    if (parsed.data.id !== repository) throw this.#moved(repository, parsed.data.id);
    return this.#read(repository, revision, parsed.data);
  }

  /** Asks for a file from one of its bytes on; the answer may come whole instead (`Answer.from`). */
  open(
    { repository, commit }: Pick<HubRevision, 'repository' | 'commit'>,
    file: RemoteFile,
    range: { readonly from: number; readonly etag: string | null },
    signal: AbortSignal,
  ): Promise<Answer> {
    const address = `${this.places.endpoint}/${repository}/resolve/${commit}/${encodePath(file.path)}`;
    // Large files lie elsewhere: what is secret stays behind at the hub.
    return this.#ask({ address, range, redirects: 'anywhere', maxBytes: file.bytes, signal });
  }

  #ask(request: Omit<PlaceRequest, 'purpose' | 'sends' | 'key'>): Promise<Answer> {
    const key = { secret: HUB_SECRET, header: 'authorization', before: 'Bearer ' };
    const keyed = this.#network.secrets.has(HUB_SECRET) ? { key } : {};
    return this.#network.ask({ ...request, purpose: 'download', sends: [], ...keyed });
  }

  #moved(repository: string, movedTo: string): StudioError {
    const page = this.pageOf(repositoryNameSchema.safeParse(movedTo).success ? movedTo : repository);
    const message = `${repository} is now called ${movedTo}.`;
    const hint = `Look at ${page}; if that is what you want, install ${movedTo}.`;
    return downloadRefused(repository, page, { reason: 'moved', message, hint }, { movedTo });
  }

  #read(repository: string, revision: string, { sha, gated, cardData, tags, siblings }: HubAnswer): HubRevision {
    const card = cardData?.license;
    const tag = tags?.find((one) => one.startsWith('license:'))?.slice('license:'.length);
    return {
      repository,
      revision,
      commit: sha,
      licence: typeof card === 'string' && card !== '' ? card.slice(0, 100) : (tag?.slice(0, 100) ?? null),
      gated: gated !== false && gated !== null && gated !== undefined,
      files: siblings.map((file) => toRemoteFile(repository, file)),
    };
  }
}

function toRemoteFile(repository: string, { rfilename, size, blobId, lfs }: HubAnswer['siblings'][number]): RemoteFile {
  const path = packFilePathSchema.safeParse(rfilename);
  if (!path.success) {
    const message = `${repository} has a file whose name leads out of its folder.`;
    throw new StudioError('pack-invalid', message, 'Do not use this repository.', { repository, path: rfilename.slice(0, 200) });
  }
  const hash: FileHash | null =
    lfs?.sha256 !== undefined
      ? { kind: 'sha256', hex: lfs.sha256 }
      : typeof blobId === 'string'
        ? { kind: 'git-sha1', hex: blobId }
        : null;
  const bytes = lfs?.size ?? size ?? null;
  if (hash === null || bytes === null)
    throw downloadDamaged(path.data, `Nothing says what ${path.data} of ${repository} should be, so it cannot be checked.`, {
      repository,
    });
  return { path: path.data, bytes, hash };
}
