import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { A1111Client } from '../../../main/providers/a1111/a1111-client.ts';
import { openA1111 } from '../../../main/providers/a1111/a1111-drawer.ts';
import { openGoogleImages } from '../../../main/providers/google-images/google-images-drawer.ts';
import { InvokeaiClient } from '../../../main/providers/invokeai/invokeai-client.ts';
import { openInvokeai } from '../../../main/providers/invokeai/invokeai-drawer.ts';
import { openOpenAiImages } from '../../../main/providers/openai-images/openai-images-drawer.ts';
import { openStability } from '../../../main/providers/stability/stability-drawer.ts';
import { A1111Server } from '../../helpers/a1111-server.ts';
import { InvokeaiServer } from '../../helpers/invokeai-server.ts';
import { modelServer } from '../../helpers/model-server.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openToolPlace } from './open-tool.ts';
import { drawWith, never, openMeter, openPictures } from './tool-bench.ts';

const pictures = openPictures();
const png = readFileSync(new URL('../../fixtures/images/small.png', import.meta.url)).toString('base64');

/** A service that gives this answer to everything, and the number of times it was asked. */
async function serve(answer: object): Promise<{ readonly origin: string; readonly asked: () => number }> {
  const { listener, heard } = modelServer((response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  return { origin: await serveHttp(listener), asked: () => heard.length };
}

/** Each with a meter that one picture fills; ComfyUI has the same in its own tests. */
const tools = {
  'the web UI': async () => {
    const server = new A1111Server();
    const place = await openToolPlace(await serveHttp(server.listener), { kind: 'a1111', model: 'dream' });
    const drawer = await openA1111(new A1111Client(place), { pictures, meter: openMeter(1), everyMs: 10 }, never);
    return { drawer, asked: () => server.asked('txt2img').length };
  },
  InvokeAI: async () => {
    const server = new InvokeaiServer();
    const origin = await serveHttp(server.listener, server.upgrade);
    const client = new InvokeaiClient(await openToolPlace(origin, { kind: 'invokeai', model: 'tiny-sd' }));
    const drawer = await openInvokeai(client, { pictures, meter: openMeter(1), times: { checkMs: 50, pauseMs: 10 } }, never);
    return { drawer, asked: () => server.submits };
  },
  'OpenAI Images': async () => {
    const { origin, asked } = await serve({ created: 1, data: [{ b64_json: png }] });
    const place = await openToolPlace(origin, { kind: 'openai-images' });
    return { drawer: openOpenAiImages(place, { pictures, meter: openMeter(1) }), asked };
  },
  Gemini: async () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: png } }];
    const { origin, asked } = await serve({ candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }] });
    const place = await openToolPlace(origin, { kind: 'google-images', model: 'gemini-2.5-flash-image' });
    return { drawer: openGoogleImages(place, { pictures, meter: openMeter(1) }), asked };
  },
} as const;

describe('a spending limit', () => {
  it.each(Object.keys(tools) as (keyof typeof tools)[])('stops %s between two pictures', async (name) => {
    const { drawer, asked } = await tools[name]();
    let came = 0;
    await expect(drawWith(drawer, { count: 3 }, () => (came += 1))).rejects.toThrow('the limit is reached');
    expect([came, asked()]).toEqual([1, 1]);
  });

  it("stops Stability's API between two pictures", async () => {
    let asked = 0;
    const origin = await serveHttp((request, response) => {
      request.resume().on('end', () => {
        asked += 1;
        response.end(JSON.stringify({ image: png, finish_reason: 'SUCCESS', seed: 7 }));
      });
    });
    const place = await openToolPlace(origin, { kind: 'stability', model: 'core' });
    const drawer = openStability(place, { pictures, meter: openMeter(1) });
    await expect(drawWith(drawer, { count: 3 })).rejects.toThrow('the limit is reached');
    expect(asked).toBe(1);
  });
});
