import type { LibraryItem } from '../../../contract/library.ts';
import type { LocalRecipe, ToolRecipe } from '../../../contract/recipe.ts';
import { fixed, number, percent, say } from '../../language/say.ts';
import { nameOfScheduler } from './name-of-scheduler.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** How a picture was drawn, most useful first: enough to make it again, and nothing that was left as it is. */
export function listRecipeFacts({ recipe, fidelity }: Extract<LibraryItem, { kind: 'generation' }>): readonly Fact[] {
  return [
    { name: say('library.fact.fidelity'), value: fidelity === null ? say('generate.notMeasured') : fixed(fidelity.mean, 3) },
    { name: say('library.fact.seed'), value: recipe.seed === null ? say('generate.notTold') : String(recipe.seed) },
    ...(recipe.init === null
      ? []
      : [
          { name: say('library.fact.start'), value: say('library.changedBy', { strength: recipe.init.strength }) },
          ...(recipe.init.maskSha256 === undefined
            ? []
            : [{ name: say('library.fact.mask'), value: say('library.fact.mask.value') }]),
        ]),
    ...(recipe.kind === 'local' ? listLocalFacts(recipe) : listToolFacts(recipe)),
  ];
}

function listToolFacts({ tool, host, model, parameters }: ToolRecipe): readonly Fact[] {
  return [
    ...Object.entries(parameters).map(([name, value]) => ({ name, value: JSON.stringify(value) })),
    { name: say('library.fact.model'), value: model },
    { name: say('library.fact.drawnBy'), value: say('generate.toolAtHost', { tool, host }) },
  ];
}

function listLocalFacts(recipe: LocalRecipe): readonly Fact[] {
  return [
    { name: say('library.fact.steps'), value: number(recipe.steps) },
    { name: say('library.fact.guidance'), value: describeGuidance(recipe) },
    { name: say('library.fact.scheduler'), value: nameOfScheduler(recipe.scheduler) },
    { name: say('library.fact.tokens'), value: String(recipe.tokenIds.length) },
    ...(recipe.mixed === undefined
      ? []
      : [
          {
            name: say('library.fact.mixed'),
            value: say('library.fact.mixedShare', { text: recipe.mixed.text, share: percent(recipe.mixed.share) }),
          },
        ]),
    ...(recipe.negative === '' ? [] : [{ name: say('library.fact.negative'), value: recipe.negative }]),
    ...(recipe.secondPrompt === undefined ? [] : [{ name: say('generate.secondPrompt'), value: recipe.secondPrompt }]),
    ...(recipe.guidanceRescale === undefined
      ? []
      : [{ name: say('generate.guidanceRescale'), value: number(recipe.guidanceRescale) }]),
    ...(recipe.clipSkip === undefined ? [] : [{ name: say('generate.clipSkip'), value: String(recipe.clipSkip) }]),
    ...(recipe.emphasis === undefined
      ? []
      : [{ name: say('generate.emphasis'), value: say(`generate.emphasis.${recipe.emphasis}`) }]),
    { name: say('library.fact.pack'), value: `${recipe.pack.id} ${recipe.pack.version}` },
    { name: say('library.fact.drawnOn'), value: recipe.device },
  ];
}

function describeGuidance({ guidance, guidanceFromTimestep }: LocalRecipe): string {
  return guidanceFromTimestep === undefined
    ? number(guidance)
    : say('library.fact.guidanceFrom', { guidance: number(guidance), timestep: number(guidanceFromTimestep) });
}
