import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PACK_ID, hasPack } from '../../contract/open-test-studio.ts';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';

const drawnSchema = z.object({ images: z.array(z.base64()), parameters: z.looseObject({}), info: z.string() });
const infoSchema = z.looseObject({
  seed: z.number().int(),
  all_seeds: z.array(z.number().int()),
  steps: z.number().int(),
  sampler_name: z.string(),
  infotexts: z.array(z.string()),
  extra_generation_params: z.record(z.string(), z.string()),
});
const errorSchema = z.object({ error: z.string(), detail: z.string(), body: z.string(), errors: z.string() });
const small = { width: 64, height: 64, steps: 2 };

/** Requests as Open WebUI, Krita's plugins and the Python client of the web UI send them. */
describe.skipIf(!hasPack)('a client of the web UI', { timeout: 120_000 }, () => {
  let test: TestServer;
  let authorization: string;
  let scene: string;
  beforeAll(async () => {
    test = await openTestServer();
    const { secret } = await test.studio.client.accessKeys.create({ name: 'Open WebUI', scope: 'draw' });
    authorization = `Basic ${Buffer.from(`studio:${secret}`).toString('base64')}`;
    scene = (await readFile((await test.studio.locateSample(PACK_ID, 'samples/1-pig.png')).path)).toString('base64');
  });
  afterAll(() => test.close());

  const ask = (path: string, body?: unknown) =>
    fetch(`${test.server.origin}/sdapi/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization, accept: '*/*', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const draw = async (path: string, body: unknown) => {
    const answer = await ask(path, body);
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    const { images, parameters, info } = drawnSchema.parse(JSON.parse(text));
    return { images, parameters, info: infoSchema.parse(JSON.parse(info)) };
  };
  const refuse = async (path: string, body: unknown) => {
    const answer = await ask(path, body);
    return { status: answer.status, ...errorSchema.parse(await answer.json()) };
  };

  it('finds the studio, its models and samplers, and chooses one, as Open WebUI does at its start', async () => {
    const options = z.looseObject({ sd_model_checkpoint: z.string() }).parse(await (await ask('options')).json());
    expect(options.sd_model_checkpoint).toBe(PACK_ID);
    const models = z
      .array(z.looseObject({ title: z.string(), model_name: z.string() }))
      .parse(await (await ask('sd-models')).json());
    expect(models.map(({ title }) => title)).toContain(PACK_ID);
    const chosen = await ask('options', { ...options, sd_model_checkpoint: models[0]?.title });
    expect(chosen.status).toBe(200);
    expect(await refuse('options', { sd_model_checkpoint: 'v1-5-pruned.safetensors' })).toMatchObject({ status: 404 });
    const samplers = z.array(z.looseObject({ name: z.string() })).parse(await (await ask('samplers')).json());
    expect(samplers.map(({ name }) => name)).toEqual(expect.arrayContaining(['DPM++ 2M', 'Euler a', 'DDIM']));
    const schedulers = z.array(z.looseObject({ label: z.string() })).parse(await (await ask('schedulers')).json());
    expect(schedulers.map(({ label }) => label)).toEqual(expect.arrayContaining(['Automatic', 'Karras']));
  });

  it('draws from a text as Open WebUI asks for it', async () => {
    const body = { prompt: 'a red apple on a road', batch_size: 2, ...small, negative_prompt: 'blue' };
    const { images, info } = await draw('txt2img', body);
    expect(images).toHaveLength(2);
    expect(info).toMatchObject({ steps: 2, width: 64, height: 64, negative_prompt: 'blue', batch_size: 2 });
    expect(info.all_seeds).toEqual([info.seed, info.seed + 1]);
    expect(info.infotexts[0]).toContain(`Steps: 2, Sampler: ${info.sampler_name}`);
    for (const image of images) {
      expect(await sharp(Buffer.from(image, 'base64')).metadata()).toMatchObject({ format: 'png', width: 64 });
    }
  });

  it('weighs words and names samplers as the web UI does, and gets the same picture again', async () => {
    const body = {
      ...{ prompt: 'a (red:1.3) apple <lora:detail:0.6>', seed: 5, cfg_scale: 3, ...small },
      ...{
        sampler_name: 'Euler',
        scheduler: 'Karras',
        n_iter: 1,
        alwayson_scripts: {},
        script_name: null,
        override_settings: {},
      },
    };
    const first = await draw('txt2img', body);
    expect(first.info).toMatchObject({ seed: 5, cfg_scale: 3, sampler_name: 'Euler' });
    expect(Object.values(first.info.extra_generation_params).join()).toContain('lora:detail');
    const [item] = (await test.studio.client.library.query({ kinds: ['generation'] })).items;
    const recipe = item?.kind === 'generation' ? item.recipe : null;
    expect(recipe).toMatchObject({ kind: 'local', scheduler: 'euler-karras', text: 'a red apple' });
    expect(recipe?.kind === 'local' ? recipe.tokenWeights : []).toContain(1.3);
    expect((await draw('txt2img', body)).images).toEqual(first.images);
    expect((await draw('txt2img', { ...body, send_images: false })).images).toEqual([]);
  });

  it('draws from a picture as Krita’s plugins ask for it', async () => {
    const body = {
      ...{ init_images: [`data:image/png;base64,${scene}`], resize_mode: 0, denoising_strength: 0.5, mask: null, mask_blur: 4 },
      ...{ prompt: 'a pig', seed: -1, ...small, sampler_index: 'DDIM', tiling: false, restore_faces: false, styles: [] },
    };
    const { images, parameters, info } = await draw('img2img', body);
    expect(images).toHaveLength(1);
    expect(info['denoising_strength']).toBe(0.5);
    expect(parameters).not.toHaveProperty('init_images');
    const [item] = (await test.studio.client.library.query({ kinds: ['generation'] })).items;
    const [parent] = item?.parents ?? [];
    expect(await test.studio.client.library.get({ itemId: parent ?? '' })).toMatchObject({ kind: 'picture' });
  });

  it('draws a part of a picture anew', async () => {
    const facts = await sharp(Buffer.from(scene, 'base64')).metadata();
    const white = { create: { width: facts.width, height: facts.height, channels: 3 as const, background: 'white' } };
    const mask = (await sharp(white).png().toBuffer()).toString('base64');
    const body = {
      init_images: [scene],
      mask,
      mask_blur: 4,
      inpainting_fill: 1,
      inpaint_full_res: false,
      prompt: 'a pig',
      ...small,
    };
    const { images, parameters } = await draw('img2img', body);
    expect(images).toHaveLength(1);
    expect(parameters).not.toHaveProperty('mask');
    const [item] = (await test.studio.client.library.query({ kinds: ['generation'] })).items;
    expect(item?.kind === 'generation' ? item.recipe.init?.maskSha256 : '').toMatch(/^[0-9a-f]{64}$/);
  });

  it('draws a part of a picture anew for the Python client, which asks for the part at full size with every mask', async () => {
    // What webuiapi 0.9.17 (PyPI) sends for `api.img2img(images=[…], mask_image=…, prompt='a pig', steps=2, width=64, height=64)`.
    const body = {
      ...{ init_images: [`data:image/png;base64,${scene}`], mask: `data:image/png;base64,${scene}` },
      ...{ resize_mode: 0, denoising_strength: 0.75, mask_blur: 4, inpainting_fill: 0, inpaint_full_res: true },
      ...{ inpaint_full_res_padding: 0, inpainting_mask_invert: 0, initial_noise_multiplier: 1, prompt: 'a pig', styles: [] },
      ...{ seed: -1, subseed: -1, subseed_strength: 0, seed_resize_from_h: 0, seed_resize_from_w: 0, batch_size: 1, n_iter: 1 },
      ...{ ...small, cfg_scale: 7, image_cfg_scale: 1.5, restore_faces: false, tiling: false, do_not_save_samples: false },
      ...{ do_not_save_grid: false, negative_prompt: '', eta: 1, s_churn: 0, s_tmax: 0, s_tmin: 0, s_noise: 1 },
      ...{ override_settings: {}, override_settings_restore_afterwards: true, sampler_name: 'Euler a', scheduler: 'automatic' },
      ...{ sampler_index: 'Euler a', include_init_images: false, script_name: null, script_args: [], send_images: true },
      ...{ save_images: false, alwayson_scripts: {} },
    };
    const { images, info } = await draw('img2img', body);
    expect(images).toHaveLength(1);
    expect(info.extra_generation_params).toEqual({
      'Note 1': 'inpaint_full_res: the part was drawn within the whole picture, and at its resolution.',
      'Note 2': 'mask_blur: the edge of the mask was taken as it is.',
      'Note 3': 'inpainting_fill: the part was begun from what lies there.',
    });
  });

  it.each(['scripts', 'loras', 'upscalers', 'prompt-styles'])('is told that there are no %s here', async (path) => {
    const answer = await ask(path);
    expect({ status: answer.status, ...errorSchema.parse(await answer.json()) }).toMatchObject({
      status: 404,
      errors: 'Not Found',
    });
  });

  it('reads a picture', async () => {
    const answer = await ask('interrogate', { image: scene, model: 'clip' });
    const { caption } = z.object({ caption: z.string() }).parse(await answer.json());
    expect(caption).toContain('pig');
    expect(await refuse('interrogate', { image: scene, model: 'deepdanbooru' })).toMatchObject({ status: 404 });
    expect(await refuse('interrogate', { image: Buffer.from('no picture').toString('base64') })).toMatchObject({
      error: 'image-unreadable',
    });
  });

  it('sees how far a drawing is, and ends it', async () => {
    const progressSchema = z.looseObject({ progress: z.number(), current_image: z.string().nullable() });
    const look = async () => progressSchema.parse(await (await ask('progress?skip_current_image=false')).json());
    expect(await look()).toMatchObject({ progress: 0, current_image: null, state: { job_count: 0 } });
    const drawing = ask('txt2img', { prompt: 'a fox', steps: 200, batch_size: 8, width: 256, height: 256 });
    while ((await look()).progress === 0);
    expect(await look()).toMatchObject({ state: { job_count: 1, sampling_steps: 200 } });
    expect((await ask('interrupt', {})).status).toBe(200);
    expect((await drawing).status).not.toBe(200);
    expect((await look()).progress).toBe(0);
  });

  it.each([
    ['a mask the other way round', 'img2img', { init_images: ['aGk='], mask: 'aGk=', inpainting_mask_invert: 1 }, 400],
    ['a second pass', 'txt2img', { enable_hr: true }, 400],
    ['ControlNet', 'txt2img', { alwayson_scripts: { controlnet: { args: [{}] } } }, 400],
    ['an unknown sampler', 'txt2img', { sampler_name: 'Magic' }, 422],
    ['no picture to begin with', 'img2img', { init_images: [] }, 400],
    ['another model', 'txt2img', { override_settings: { sd_model_checkpoint: 'other' } }, 404],
    ['a seed that is none', 'txt2img', { seed: 'any' }, 400],
  ])('is told that there is not: %s', async (_, path, more, status) => {
    const refused = await refuse(path, { prompt: 'a fox', ...small, ...more });
    expect(refused.status).toBe(status);
    expect(refused.detail).not.toBe('');
  });

  it('without a key is refused in the web UI’s form', async () => {
    const answer = await fetch(`${test.server.origin}/sdapi/v1/options`);
    expect(answer.status).toBe(401);
    expect(errorSchema.parse(await answer.json()).error).toBe('unauthorised');
  });
});
