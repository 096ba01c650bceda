import { builtInWriter } from '../../contract/texts/blend.ts';
import { requireScope } from '../../contract/outside/access-key.ts';
import { scopeOfWriter } from '../../contract/outside/scope-of-method.ts';
import { isCluster, isTool } from '../../contract/outside/connection.ts';
import { findHints } from '../language/find-hints.ts';
import { groupOfWord } from '../language/group-of-word.ts';
import { loadLexicon } from '../language/lexicon.ts';
import { testCluster } from '../providers/kserve/create-graph-runner.ts';
import { testTool } from '../providers/tools.ts';
import { findLocalPrograms } from '../writers/find-local-programs.ts';
import { testConnection } from '../writers/test-connection.ts';
import { askText } from './texts/ask-text.ts';
import { blendSeveralTexts } from './texts/blend-several-texts.ts';
import { mixTexts } from './texts/mix-texts.ts';
import { checkText } from '../work/blending/prepare-blend.ts';
import { streamBlend } from '../work/blending/stream-blend.ts';
import { polishText } from './texts/polish-text.ts';
import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';

const never = new AbortController().signal;

/** What is written about texts. */
export function answerLanguage({ language: methods }: ContractImplementation, services: StudioServices) {
  return {
    blend: methods.blend.handler(async function* ({ input, signal, context }) {
      requireScope(context.scope, scopeOfWriter(input.writer));
      // Whoever stops listening cancels what is written.
      const left = new AbortController();
      try {
        yield* streamBlend(services, input, AbortSignal.any([signal ?? never, left.signal]));
      } finally {
        left.abort();
      }
    }),
    blendSeveral: methods.blendSeveral.handler(({ input }) => blendSeveralTexts(services, input)),
    mix: methods.mix.handler(({ input }) => mixTexts(services, input)),
    check: methods.check.handler(({ input }) => checkText(services, input)),
    hints: methods.hints.handler(({ input }) => findHints(input.document, input)),
    groups: methods.groups.handler(async ({ input }) => {
      const { manifest } = await services.packs.resolvePack(input.packId);
      const lexicon = await loadLexicon();
      return input.words.map((word) => groupOfWord(word, lexicon, manifest.world ?? null));
    }),
    polish: methods.polish.handler(({ input, signal, context }) => {
      requireScope(context.scope, scopeOfWriter('writer' in input ? input.writer : builtInWriter));
      return polishText(services, input, signal ?? never);
    }),
    ask: methods.ask.handler(({ input, signal, context }) => {
      requireScope(context.scope, scopeOfWriter(input.writer));
      return askText(services, input, signal ?? never);
    }),
  };
}

/** The language models and tools that a person connected. */
export function answerConnections(
  { connections: methods }: ContractImplementation,
  { connections, network, tools }: StudioServices,
) {
  return {
    list: methods.list.handler(() => connections.list()),
    add: methods.add.handler(({ input }) => connections.add(input)),
    remove: methods.remove.handler(async ({ input }) => {
      await connections.remove(input.id);
      return connections.list();
    }),
    test: methods.test.handler(({ input, signal = never }) => {
      const connection = connections.find(input.id);
      if (isCluster(connection)) return testCluster(network, connection, signal);
      return isTool(connection)
        ? testTool(network, connection, signal)
        : testConnection(network, connections, connection, signal);
    }),
    abilities: methods.abilities.handler(
      async ({ input, signal = never }) => (await tools.open(input.id, null, signal)).abilities,
    ),
    discover: methods.discover.handler(({ signal }) => findLocalPrograms(network, signal)),
  };
}

/** What language models are asked with. */
export function answerTemplates({ templates: methods }: ContractImplementation, { templates }: StudioServices) {
  return {
    list: methods.list.handler(() => templates.list()),
    save: methods.save.handler(({ input }) => templates.save(input)),
    remove: methods.remove.handler(async ({ input }) => {
      await templates.remove(input.id);
      return templates.list();
    }),
  };
}
