import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { HeardByTool } from './tool-server.ts';

const picture = readFileSync(new URL('../fixtures/images/small.png', import.meta.url)).toString('base64');
const jpeg = readFileSync(new URL('../fixtures/comfyui/preview.bin', import.meta.url))
  .subarray(8)
  .toString('base64');
/** As SD.Next's list has them, which tells in each what its settings can change. */
const nextSamplers = [
  { name: 'Euler a', options: { steps_offset: 0, timestep_spacing: 'linspace' } },
  { name: 'DPM++ 2M', options: { solver_order: 2, use_karras_sigmas: false, use_exponential_sigmas: false } },
];

/**
 * A server that answers as Forge f2.0.1 does on `/sdapi/v1`, or, with `small`, as stable-diffusion.cpp's server: no progress, no interrupt,
 * names in small letters, an empty `info`; or, with `sdNext`, as SD.Next (`modules/api/` of vladmandic/sdnext): samplers without other names, a
 * list of schedulers that fails, a model in a folder, JPEG, an `info` that does not name the model, nothing to say of an interrupt, and no
 * picture where it was interrupted.
 */
export class A1111Server {
  readonly heard: HeardByTool[] = [];
  models = [
    { title: 'dream.safetensors [abc]', model_name: 'dream' },
    { title: 'other.safetensors', model_name: 'other' },
  ];
  small = false;
  sdNext = false;
  /** Drawing waits for `go`. */
  held = false;
  /** The model it draws with, whatever it is asked for. */
  drawsWith: string | null = null;
  /** Instead of the picture: bytes in base64. */
  image = picture;
  /** For the next drawing. */
  fault: 'cut' | 'half' | 'silent' | { readonly status: number; readonly body: string } | null = null;
  /** It answers nothing at all any more. */
  dead = false;
  #drawing: { readonly steps: number; interrupted: boolean } | null = null;
  #wake: () => void = () => undefined;
  #awaited: { readonly path: string; readonly resolve: () => void }[] = [];

  readonly listener: RequestListener = (request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(pieces),
      };
      this.#hear(one);
      if (!this.dead) await this.#answer(one, response);
    })();
  };

  asked(path: string): HeardByTool[] {
    return this.heard.filter((one) => one.path === `/sdapi/v1/${path}`);
  }

  /** What the n-th drawing was asked with. */
  sent(index = 0): Record<string, unknown> {
    const drawings = this.heard.filter(({ path }) => path.endsWith('2img'));
    return JSON.parse(drawings[index]?.body.toString('utf8') ?? '{}') as Record<string, unknown>;
  }

  next(path: string): Promise<void> {
    return new Promise((resolve) => this.#awaited.push({ path: `/sdapi/v1/${path}`, resolve }));
  }

  go(): void {
    this.held = false;
    this.#wake();
  }

  #hear(one: HeardByTool): void {
    this.heard.push(one);
    const awaited = this.#awaited.filter(({ path }) => one.path === path);
    this.#awaited = this.#awaited.filter(({ path }) => one.path !== path);
    for (const { resolve } of awaited) void setImmediate().then(resolve);
  }

  async #answer({ path, body }: HeardByTool, response: ServerResponse): Promise<void> {
    const say = (value: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const saySmall = (value: unknown): void => {
      if (this.small) response.writeHead(404).end();
      else say(value);
    };
    switch (path.replace('/sdapi/v1/', '')) {
      case 'sd-models':
        say(this.models);
        break;
      case 'schedulers':
        this.#saySchedulers(say);
        break;
      case 'samplers':
        say(
          this.sdNext
            ? nextSamplers
            : this.small
              ? [
                  { name: 'euler_a', aliases: ['euler_a'] },
                  { name: 'dpm++2m', aliases: null },
                ]
              : [
                  { name: 'Euler a', aliases: ['k_euler_a'], options: {} },
                  { name: 'DPM++ 2M', aliases: ['k_dpmpp_2m'], options: {} },
                ],
        );
        break;
      case 'progress':
        saySmall(this.#progress());
        break;
      case 'interrupt':
        if (this.#drawing !== null) this.#drawing.interrupted = true;
        this.#wake();
        if (this.sdNext) response.writeHead(204).end();
        else saySmall({});
        break;
      case 'txt2img':
      case 'img2img':
        await this.#draw(JSON.parse(body.toString('utf8')) as Record<string, unknown>, response, say);
        break;
      default:
        say({ detail: 'Not Found' }, 404);
    }
  }

  #saySchedulers(say: (value: unknown, status?: number) => void): void {
    const labelled = ['Automatic', 'Uniform', 'Karras'].map((label) => ({ name: label.toLowerCase(), label }));
    const failed = { error: 'ResponseValidationError', code: 500, detail: '', body: '', errors: '64 validation errors' };
    if (this.sdNext) say(failed, 500);
    else say(this.small ? [{ name: 'discrete' }, { name: 'karras' }] : labelled);
  }

  #progress(): object {
    const steps = this.#drawing?.steps ?? 0;
    const state = {
      job: this.#drawing === null ? '' : 'scripts_txt2img',
      job_count: 1,
      job_no: 0,
      sampling_step: 1,
      sampling_steps: steps,
    };
    return { progress: 0.26, eta_relative: 2, state, current_image: this.#drawing === null ? null : picture, textinfo: null };
  }

  async #draw(
    asked: Record<string, unknown>,
    response: ServerResponse,
    say: (value: unknown, status?: number) => void,
  ): Promise<void> {
    const { fault } = this;
    this.fault = null;
    if (fault === 'cut') return void response.destroy();
    if (fault === 'silent') return;
    if (fault === 'half') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 });
      return void response.write('{"images":["', () => response.destroy());
    }
    if (fault !== null) return void response.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body);
    if (this.sdNext && !nextSamplers.some(({ name }) => name === asked['sampler_name'])) {
      say({ error: 'HTTPException', code: 404, detail: 'Sampler not found', body: '', errors: '' }, 404);
      return;
    }
    if (typeof asked['steps'] !== 'number') {
      say({ detail: [{ type: 'int_parsing', loc: ['body', 'steps'], msg: 'Input should be a valid integer' }] }, 422);
      return;
    }
    const drawing = { steps: asked['steps'], interrupted: false };
    this.#drawing = drawing;
    if (this.held) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#drawing = null;
    const wanted = (asked['override_settings'] as { sd_model_checkpoint: string }).sd_model_checkpoint;
    const model = this.drawsWith ?? this.models.find(({ title }) => title === wanted)?.model_name;
    if (this.sdNext) {
      const told = { seed: asked['seed'], sampler_name: asked['sampler_name'], sd_model_hash: 'abc', cfg_end: null };
      const images = drawing.interrupted ? [] : [jpeg];
      say({ images, parameters: {}, info: drawing.interrupted ? '' : JSON.stringify(told) });
      return;
    }
    // `info` is JSON in a text.
    const info = JSON.stringify({
      seed: asked['seed'],
      sd_model_name: model,
      sampler_name: asked['sampler_name'],
      infotexts: ['x'],
    });
    say({ images: [this.image], parameters: {}, info: this.small ? '' : info });
  }
}
