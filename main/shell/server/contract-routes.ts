import { StudioError } from '../../../contract/errors.ts';
import { KeptSuccess } from '../../running/kept-success.ts';
import type { Studio } from '../../studio.ts';
import { describeApi } from './api/describe-api.ts';
import { createRestHandler, createRpcHandler } from './create-contract-handlers.ts';
import { sendJson } from './exchange.ts';
import { CALLS, OPEN, READS } from './route.ts';
import type { Route } from './route.ts';

/** The contract, as the page's client asks for it (`/rpc`) and as other programs do (`/api`), and its description. */
export function listContractRoutes(studio: Studio): readonly Route[] {
  const rpc = createRpcHandler(studio.router, studio.logFailure);
  const rest = createRestHandler(studio.router, studio.logFailure);
  const document = new KeptSuccess(async () => describeApi((await studio.client.studio.info()).versions.studio));
  const callRpc: Route['answer'] = async ({ request, response }, _, scope) => {
    const { matched } = await rpc.handle(request, response, { prefix: '/rpc', context: { scope } });
    if (matched) return;
    throw new StudioError(
      'bad-request',
      'The studio has no such method.',
      'Page and studio may be of different versions: reload the page.',
    );
  };
  const callRest: Route['answer'] = async ({ request, response }, _, scope) => {
    const { matched } = await rest.handle(request, response, { prefix: '/api', context: { scope } });
    if (!matched) throw new StudioError('not-found', 'The studio has no such method.', '/api/openapi.json describes all it has.');
  };
  return [
    { methods: ['POST'], path: /^\/rpc\/.+$/, need: CALLS, answer: callRpc },
    // It tells nothing that the studio's source does not.
    {
      methods: ['GET'],
      path: /^\/api\/openapi\.json$/,
      need: OPEN,
      answer: async (exchange) => sendJson(exchange, await document.get()),
    },
    { methods: ['GET'], path: /^\/api\/.+$/, need: READS, answer: callRest },
    { methods: ['POST'], path: /^\/api\/.+$/, need: CALLS, answer: callRest },
  ];
}
