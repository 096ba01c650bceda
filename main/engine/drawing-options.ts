import { drawingOptionsOf } from '../../contract/recipe.ts';
import type { GenerateRequest } from '../text-to-image/generate-request.ts';
import type { EngineGenerateRequest } from './protocol.ts';

type Option = 'guidanceRescale' | 'guidanceFromTimestep' | 'secondPrompt' | 'clipSkip' | 'emphasis';

/** What a request may leave open, as the pipeline takes it: absent where it is. */
export function drawingOptions({
  guidanceFromTimestep,
  ...request
}: Partial<Pick<EngineGenerateRequest, Option>>): Pick<GenerateRequest, Option> {
  const { secondPrompt, ...options } = drawingOptionsOf(request);
  return {
    ...options,
    ...(guidanceFromTimestep === undefined ? {} : { guidanceFromTimestep }),
    ...(secondPrompt === undefined ? {} : { secondPrompt: { text: secondPrompt } }),
  };
}
