import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import type { Job } from '../../../../contract/job.ts';
import { nameSampler } from '../../../studio.ts';
import type { Studio } from '../../../studio.ts';
import { completeJob } from '../../complete-job.ts';
import { signalOfLeaving } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { listDrawingPacks, requireDrawer } from './draw-for-client.ts';
import { readJson } from './read-json.ts';
import { addBase64, drawForWebui } from './webui-draw.ts';
import { webuiRequestSchema } from './webui-request.ts';

const PREFERRED_LENGTH = 75;
const interrogationSchema = z.looseObject({ image: z.string(), model: z.string().nullish() });
const optionsSchema = z.looseObject({ sd_model_checkpoint: z.string().nullish() });

/** What programs that take the studio for the web UI have chosen, and what is drawn for them. */
export class WebuiClients {
  readonly #studio: Studio;
  /** Jobs that were begun here and may go on. */
  readonly #jobs = new Set<string>();
  #chosen: string | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  async draw(exchange: Exchange, fromPicture: boolean): Promise<unknown> {
    const request = await readJson(exchange.request, webuiRequestSchema);
    const packId = await this.#findModel(request.override_settings?.sd_model_checkpoint ?? this.#chosen);
    const begun: string[] = [];
    const onSubmit = (jobId: string): void => {
      begun.push(jobId);
      this.#jobs.add(jobId);
    };
    try {
      return await drawForWebui(this.#studio, exchange, { packId, request, fromPicture, onSubmit });
    } finally {
      for (const jobId of begun) this.#jobs.delete(jobId);
    }
  }

  /** A picture's text, by the model that was chosen where that one reads, else by the one used where none is named. */
  async interrogate(exchange: Exchange): Promise<{ readonly caption: string }> {
    const { client } = this.#studio;
    const { image, model } = await readJson(exchange.request, interrogationSchema);
    if (model != null && model !== 'clip') {
      throw new StudioError('not-found', 'Model not found', 'Ask for the model clip: the model that reads stands behind it.');
    }
    const { defaultPackId } = await client.studio.info();
    const chosen = this.#chosen === null ? null : await this.#findReader(this.#chosen);
    const reader = chosen ?? (await this.#findReader(defaultPackId));
    if (reader === null) throw new StudioError('pack-role-missing', 'No chosen model reads pictures.', 'Choose one that does.');
    const { packId, lengths } = reader;
    const length = lengths.includes(PREFERRED_LENGTH) ? PREFERRED_LENGTH : Math.max(...lengths);
    const picture = await addBase64(this.#studio, exchange, image, 'interrogated');
    const request = { kind: 'encode' as const, packId, imageSha256s: [picture.image.sha256], lengths: [length] };
    const { images } = await completeJob(client, request, { signal: signalOfLeaving(exchange) });
    const [read] = images;
    if (read?.error != null) throw StudioError.fromBody(read.error);
    const [itemId] = read?.itemIds ?? [];
    const item = itemId === undefined ? null : await client.library.get({ itemId });
    if (item?.kind !== 'prompt') throw new Error('a picture that was read has no text');
    return { caption: item.text };
  }

  /** Ends what is drawn for programs here, and nothing a person began. */
  async interrupt(): Promise<Record<string, never>> {
    for (const jobId of [...this.#jobs]) await this.#studio.client.jobs.cancel({ jobId });
    return {};
  }

  async choose(exchange: Exchange): Promise<null> {
    const { sd_model_checkpoint: name } = await readJson(exchange.request, optionsSchema);
    if (name != null) this.#chosen = await this.#findModel(name);
    return null;
  }

  async options() {
    return { sd_model_checkpoint: await this.#findModel(this.#chosen), samples_format: 'png', CLIP_stop_at_last_layers: 1 };
  }

  async listModels() {
    const packs = await listDrawingPacks(this.#studio);
    return packs.map(({ id, name }) => ({ title: id, model_name: name, hash: null, sha256: null, filename: id, config: null }));
  }

  async listSamplers() {
    const names = (await this.#listSchedulers()).map((one) => nameSampler(one).a1111.sampler);
    return [...new Set(names)].map((name) => ({ name, aliases: [], options: {} }));
  }

  async listSchedulers() {
    const names = (await this.#listSchedulers()).map((one) => nameSampler(one).a1111.schedule);
    return ['Automatic', ...new Set(names)].map((label) => ({
      name: label.toLowerCase(),
      label,
      aliases: null,
      default_rho: -1,
      need_inner_model: false,
    }));
  }

  /** Of the newest of what is drawn for programs here. */
  async progress() {
    const job = await this.#findRunning();
    const { fraction = 0, step = 0, steps = 0, remainingMs = null } = job?.progress ?? {};
    const preview = job === null ? null : this.#studio.preview(job.id);
    return {
      progress: fraction,
      eta_relative: (remainingMs ?? 0) / 1000,
      state: {
        skipped: false,
        interrupted: false,
        stopping_generation: false,
        job: job?.id ?? '',
        job_count: job === null ? 0 : 1,
        job_timestamp: job === null ? '0' : new Date(job.createdMs).toISOString().replace(/\D/g, '').slice(0, 14),
        job_no: 0,
        sampling_step: step,
        sampling_steps: steps,
      },
      current_image: preview === null ? null : Buffer.from(preview).toString('base64'),
      textinfo: null,
      current_task: job?.id ?? null,
    };
  }

  async #findReader(packId: string) {
    const { reader } = await this.#studio.client.packs.abilities({ packId });
    return reader === null ? null : { packId, lengths: reader.lengths };
  }

  async #findRunning(): Promise<Job | null> {
    const newest = [...this.#jobs].at(-1);
    return newest === undefined ? null : this.#studio.client.jobs.get({ jobId: newest });
  }

  async #listSchedulers() {
    return (await requireDrawer(this.#studio, await this.#findModel(this.#chosen))).schedulers;
  }

  /** A pack by its id or its name; null: the one that is used where none is named. Throws StudioError `pack-not-found`. */
  async #findModel(name: string | null): Promise<string> {
    const packs = await listDrawingPacks(this.#studio);
    const found = name === null ? packs[0] : packs.find((pack) => pack.id === name || pack.name === name);
    if (found !== undefined) return found.id;
    throw new StudioError('pack-not-found', `Checkpoint not found: ${name ?? ''}`, '/sdapi/v1/sd-models lists those there are.');
  }
}
