import { toWireError } from '../services/to-wire-error.ts';
import { blendTexts } from '../language/blend-texts.ts';
import type { ContractImplementation } from './implement-contract.ts';
import { prepareBlend, presentBlend } from './prepare-blend.ts';
import type { StudioServices } from './studio-services.ts';

/** What is written about texts. */
export function answerLanguage({ language: methods }: ContractImplementation, services: StudioServices) {
  return {
    blend: methods.blend.handler(async function* ({ input }) {
      try {
        const prepared = await prepareBlend(services, input);
        const { a, b } = prepared.sides;
        yield { type: 'done' as const, blend: presentBlend(prepared, blendTexts(a, b, prepared.options)) };
      } catch (error) {
        // What goes wrong after the first step of a stream does not come past the contract's own conversion.
        throw toWireError(error, services.logFailure);
      }
    }),
  };
}
