import type { ErrorBody } from '../../../contract/errors.ts';
import type { EncodedImage, Job } from '../../../contract/job.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import type { Transport } from '../../client/transport.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { FollowedJobs } from '../core/followed-jobs.svelte.ts';
import type { ReaderOption } from './readers/reader-options.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import { startLength } from '../core/start-length.ts';
import type { OpenWork } from './open-work.svelte.ts';
import type { Version } from './snapshot.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';

/** What is done to read a picture: nothing, bringing its bytes to the core, or an encode job. */
type Stage = { readonly type: 'idle' } | { readonly type: 'adding'; readonly title: string } | { readonly type: 'reading' };

interface Options {
  readonly transport: Transport;
  readonly work: OpenWork;
  readonly jobs: JobList;
  readonly facts: CoreFacts;
  /** Who reads; null where nobody can. */
  readonly reader: () => Promise<ReaderOption | null>;
  /** Tokens of a text by a reader that reads at any number. */
  readonly searchLength: () => number;
  /** The number of tokens to open, as a key of the snapshot's versions. */
  readonly preferredLength: () => number | null;
  /** Turns what is typed into a step of the history, so that the next picture or reading does not take it away. */
  readonly settle: () => Promise<void>;
  /** Called when a picture is about to be opened. */
  readonly onOpen: () => void;
  /** Called when a picture that came from elsewhere is open. */
  readonly onOpened: (sha256: string, title: string) => void;
  /** Called when a picture's first text is there. */
  readonly onRead: () => void;
}

/** The way of a picture into the studio: bytes → library → encode → texts of every length. */
export class PictureReading {
  /** The title of the picture whose bytes are on their way. */
  #adding: string | null = $state(null);
  #error: ErrorBody | null = $state.raw(null);
  /** The text on screen when a reading was last asked for. */
  #askedAt: Version | null = null;
  readonly #jobs: FollowedJobs;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#jobs = new FollowedJobs({
      jobs: options.jobs,
      onEnded: (ended) => this.#take(ended),
      onFailure: (failure) => (this.#error = failure),
    });
  }

  get state(): Stage {
    if (this.job !== null) return { type: 'reading' };
    return this.#adding === null ? { type: 'idle' } : { type: 'adding', title: this.#adding };
  }

  get job(): Job | null {
    return this.#jobs.first;
  }

  /** Why the last picture could not be opened or read. What was on the canvas before is still there. */
  get error(): ErrorBody | null {
    return this.#error;
  }

  dismissError(): void {
    this.#error = null;
  }

  openFile(file: Blob, title: string): Promise<void> {
    const name = file instanceof File && file.name !== '' ? file.name : title;
    return this.#open(title, () => this.#options.transport.uploadImage(file, title), name);
  }

  openSample(packId: string, file: string, title: string): Promise<void> {
    return this.#open(title, () => this.#options.transport.client.images.addSample({ packId, file }));
  }

  /** A picture the library has already. */
  openItem(item: LibraryItem): Promise<void> {
    return this.#open(item.title, () => Promise.resolve(item));
  }

  /** A picture from the web: asked for only after the person has seen the host. */
  openAddress(address: string, title: string): Promise<void> {
    return this.#open(title, () => this.#options.transport.client.images.addFromAddress({ address }));
  }

  /** @param name what a failure is told of, such as the name of a file */
  async #open(title: string, add: () => Promise<LibraryItem>, name = title): Promise<void> {
    this.#error = null;
    this.#options.onOpen();
    this.#adding = title;
    try {
      const item = await add();
      if (item.kind !== 'picture') return;
      await this.#options.settle();
      const { sha256, width, height, mediaType } = item.image;
      const { lengths } = this.#options.facts;
      const open = startLength(lengths, this.#options.preferredLength());
      this.#options.work.openPicture(
        { itemId: item.id, sha256, width, height, mediaType, title: item.title || title },
        String(open),
      );
      this.#options.onOpened(sha256, item.title || title);
      await this.read();
    } catch (failure) {
      const body = toErrorBody(failure);
      this.#error = body.message.includes(name) ? body : { ...body, message: `${name}: ${body.message}` };
    } finally {
      this.#adding = null;
    }
  }

  /** Reads the picture on the canvas with the reader that is chosen: an encoder at every length the pack has, another at one. */
  async read(): Promise<void> {
    this.#error = null;
    this.#askedAt = this.#options.work.version;
    const reader = await this.#options.reader();
    const { picture } = this.#options.work;
    if (picture === null || reader === null) return;
    // Every text of a search takes it as long as the first.
    const lengths = reader.own === 'encoder' ? [...this.#options.facts.lengths] : [this.#lengthFor(reader)];
    const chosen = reader.own === 'encoder' ? {} : { reader: reader.choice };
    const request = { kind: 'encode' as const, imageSha256s: [picture.sha256], lengths, ...chosen };
    await this.#jobs.finish(() => Promise.resolve(request));
  }

  #lengthFor({ keepsLengths }: ReaderOption): number {
    const { facts, searchLength } = this.#options;
    return keepsLengths ? startLength(facts.lengths, this.#options.preferredLength()) : searchLength();
  }

  /** Waits for an encode job and takes its texts; also used after a reload, for a job that was already under way. */
  follow(jobId: string): Promise<void> {
    return this.#jobs.follow(jobId);
  }

  async #take(ended: Job | null): Promise<void> {
    const image = ended?.result?.kind === 'encode' ? ended.result.images[0] : undefined;
    if (image !== undefined) await this.#receive(image);
  }

  async #receive(image: EncodedImage): Promise<void> {
    if (image.error !== null) {
      this.#error = image.error;
      return;
    }
    const versions: Record<string, Version> = {};
    for (const { itemId, document } of image.documents) {
      versions[String(document.length)] = { document, typed: null, itemId, parentId: itemId };
    }
    await this.#options.settle();
    this.#options.work.receiveReadings(image.imageSha256, versions, this.#askedAt);
    this.#options.onRead();
  }

  cancel(): Promise<void> {
    return this.#jobs.cancel(this.job);
  }
}
