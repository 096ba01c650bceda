import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import { mostOfMatrix } from '../../../contract/texts/matrix.ts';
import { cutText } from '../../../contract/texts/cut-text.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { Transport } from '../../client/transport.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import { nameFiles } from '../frame/list-files.ts';
import type { NamedFile } from '../frame/list-files.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import { BlendMatrix } from './blend-matrix.svelte.ts';
import { BlendSeveral } from './blend-several.svelte.ts';
import { noneOfMany } from './blend-state.ts';
import type { BlendRecord, ManySource } from './blend-state.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly transport: Transport;
  readonly jobs: JobList;
  readonly settings: () => GenerateSettings;
  /** Numbers of tokens the pack reads at. */
  readonly lengths: () => readonly number[];
  readonly notices: Notices;
}

/** What is short enough to be read by a person; the shortest there is where nothing is. */
const shortTokens = 20;

/** More than two pictures: three to six become one text each, and of any number every one is blended with every other. */
export class BlendMany {
  /** It is what the place shows, instead of the blend of two. */
  isOpen = $state(false);
  /** Files that are still on their way into the library. */
  #coming = $state(0);
  #sources: readonly ManySource[] = $state.raw([]);
  /** The number of tokens pictures are read at; null: nobody chose. */
  #length: number | null = $state(null);
  /** A folder’s name, where the pictures came with one. */
  #name = '';
  readonly several: BlendSeveral;
  readonly matrix: BlendMatrix;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    const { transport, jobs, settings, notices } = options;
    const around = { client: transport.client, jobs, settings, notices };
    this.several = new BlendSeveral(around);
    this.matrix = new BlendMatrix(around);
  }

  get sources(): readonly ManySource[] {
    return this.#sources;
  }

  get coming(): number {
    return this.#coming;
  }

  get length(): number | null {
    const lengths = this.#options.lengths();
    if (this.#length !== null && lengths.includes(this.#length)) return this.#length;
    return lengths.findLast((one) => one <= shortTokens) ?? lengths[0] ?? null;
  }

  setLength(length: number): void {
    this.#length = length;
  }

  /** What a matrix of these is called. */
  get name(): string {
    return this.#name === '' ? say('blend.many.name', { count: this.#sources.length }) : this.#name;
  }

  /** Pictures go into the library one after the other; one that cannot is told, and the others go on. */
  async takeFiles(files: readonly NamedFile[]): Promise<void> {
    const room = mostOfMatrix - this.#sources.length;
    if (files.length > room) this.#options.notices.tell(say('blend.many.full', { count: mostOfMatrix }));
    const taken = files.slice(0, Math.max(0, room));
    if (taken.some(({ name }) => name.includes('/'))) this.#name = cutText(nameFiles(taken), 100);
    this.#coming += taken.length;
    for (const { file } of taken) {
      try {
        this.#add(await this.#options.transport.uploadImage(file, file.name.replace(/\.[^.]+$/, '')));
      } catch (failure) {
        const body = toErrorBody(failure);
        this.#options.notices.fail({ ...body, message: `${file.name}: ${body.message}` });
      } finally {
        this.#coming -= 1;
      }
    }
  }

  async takeItem(itemId: string): Promise<void> {
    this.#add(await this.#options.transport.client.library.get({ itemId }));
  }

  async takeSample(packId: string, file: string): Promise<void> {
    this.#add(await this.#options.transport.client.images.addSample({ packId, file }));
  }

  remove(itemId: string): void {
    this.#sources = this.#sources.filter((one) => one.itemId !== itemId);
    this.several.forget();
  }

  clear(): void {
    this.restore({ ...noneOfMany, isOpen: this.isOpen });
    this.#name = '';
    this.several.forget();
  }

  record(): BlendRecord['many'] {
    return { isOpen: this.isOpen, sources: [...this.#sources], matrixId: this.matrix.id };
  }

  restore({ isOpen, sources, matrixId }: BlendRecord['many']): void {
    this.isOpen = isOpen;
    this.#sources = sources;
    this.matrix.show(matrixId);
  }

  /** Each picture once. */
  #add(item: LibraryItem): void {
    const sha256 = item.kind === 'prompt' ? null : item.image.sha256;
    const isThere = this.#sources.some((one) => one.itemId === item.id || (sha256 !== null && one.sha256 === sha256));
    if (isThere || this.#sources.length >= mostOfMatrix) return;
    const text = item.kind === 'prompt' ? item.text : item.kind === 'generation' ? item.recipe.text : '';
    this.#sources = [...this.#sources, { itemId: item.id, sha256, title: item.title || cutText(text, 60) }];
    this.several.forget();
  }
}
