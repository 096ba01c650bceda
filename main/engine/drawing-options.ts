import { drawingOptionsOf } from '../../contract/recipe.ts';
import type { GenerateRequest } from '../text-to-image/generate-request.ts';
import type { EngineGenerateRequest } from './protocol.ts';

type Options = Pick<EngineGenerateRequest, 'guidanceRescale' | 'guidanceFromTimestep' | 'secondPrompt' | 'clipSkip'>;

/** What a request may leave open, as the pipeline takes it: absent where it is. */
export function drawingOptions({
  guidanceFromTimestep,
  ...request
}: Partial<Options>): Pick<GenerateRequest, 'guidanceRescale' | 'guidanceFromTimestep' | 'secondPrompt' | 'clipSkip'> {
  const { secondPrompt, ...options } = drawingOptionsOf(request);
  return {
    ...options,
    ...(guidanceFromTimestep === undefined ? {} : { guidanceFromTimestep }),
    ...(secondPrompt === undefined ? {} : { secondPrompt: { text: secondPrompt } }),
  };
}
