import type { WriterConnection } from '../../contract/outside/connection.ts';
import { networkFetch } from '../network/network-fetch.ts';
import type { Network } from '../network/network.ts';

interface KeyForm {
  readonly header: string;
  readonly before: string;
}
/** How each kind of server wants its key. */
const keys: Readonly<Record<WriterConnection['kind'], KeyForm>> = {
  'openai-compatible': { header: 'authorization', before: 'Bearer ' },
  anthropic: { header: 'x-api-key', before: '' },
  google: { header: 'x-goog-api-key', before: '' },
};
/** The libraries look into the environment for a key of their own where they are given none. */
const noKey = 'none';

/**
 * The model of a connection as the AI SDK speaks to it. Its libraries are loaded when first needed, see no key, and reach out through
 * `network` alone.
 *
 * @param sends what the questions will hold
 */
export async function makeModel(network: Network, connection: WriterConnection, sends: readonly ('text' | 'picture')[]) {
  const { kind, address, model, secret, patienceSeconds } = connection;
  const patienceMs = patienceSeconds * 1000;
  const fetch = networkFetch(network, {
    purpose: 'language-model',
    sends,
    ...(secret === null ? {} : { key: { secret, ...keys[kind] } }),
    limits: { firstByteMs: patienceMs, idleMs: patienceMs },
  });
  const baseURL = address.replace(/\/+$/, '');
  switch (kind) {
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const name = 'compatible';
      return createOpenAICompatible({ name, baseURL, fetch, includeUsage: true, supportsStructuredOutputs: true }).chatModel(
        model,
      );
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL, fetch, apiKey: noKey })(model);
    }
    case 'google': {
      const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
      return createGoogleGenerativeAI({ baseURL, fetch, apiKey: noKey })(model);
    }
  }
}

export type Model = Awaited<ReturnType<typeof makeModel>>;
