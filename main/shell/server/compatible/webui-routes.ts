import { StudioError } from '../../../../contract/errors.ts';
import type { Studio } from '../../../studio.ts';
import { sendJson } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { DRAWS, READS } from '../route.ts';
import type { Route } from '../route.ts';
import { WebuiClients } from './webui-clients.ts';

/**
 * The paths of AUTOMATIC1111's web UI that programs draw and read through: `/sdapi/v1/…`. As there, one model is chosen for all
 * who ask; the choice lasts as long as the server, and is none of the person's settings.
 */
export function listWebuiRoutes(studio: Studio): readonly Route[] {
  const clients = new WebuiClients(studio);
  const at = (name: string) => new RegExp(`^/sdapi/v1/${name}$`);
  const gives = (name: string, answer: () => unknown): Route => ({
    methods: ['GET'],
    path: at(name),
    need: READS,
    answer: async (exchange) => sendJson(exchange, await answer()),
  });
  const takes = (name: string, answer: (exchange: Exchange) => unknown): Route => ({
    methods: ['POST'],
    path: at(name),
    need: DRAWS,
    answer: async (exchange) => sendJson(exchange, await answer(exchange)),
  });
  return [
    takes('txt2img', (exchange) => clients.draw(exchange, false)),
    takes('img2img', (exchange) => clients.draw(exchange, true)),
    takes('interrogate', (exchange) => clients.interrogate(exchange)),
    takes('interrupt', () => clients.interrupt()),
    takes('options', (exchange) => clients.choose(exchange)),
    gives('options', () => clients.options()),
    gives('sd-models', () => clients.listModels()),
    gives('samplers', () => clients.listSamplers()),
    gives('schedulers', () => clients.listSchedulers()),
    gives('progress', () => clients.progress()),
    // Programs look for scripts, LoRAs and upscalers before they draw, and go on without where they are told that there are none.
    gives('.*', () => {
      throw new StudioError(
        'not-found',
        'Not Found',
        'Of the web UI the studio has drawing and reading; docs/guide/api.md lists the paths.',
      );
    }),
  ];
}
