import type { LibraryItem } from '../../../../contract/library.ts';
import type { LocalRecipe, ToolRecipe } from '../../../../contract/recipe.ts';
import { nameOfScheduler } from '../../generate/name-of-scheduler.ts';
import { fixed, number, percent, say, time } from '../../../language/say.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** "12 kB", "1.8 MB": finer than `describeBytes`, for files of pictures. */
function describeFileSize(bytes: number): string {
  return bytes >= 1e6 ? `${fixed(bytes / 1e6, 1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

/** What is known of an item, most useful first: enough to compare two, and to make a drawn one again. */
export function listFacts(item: LibraryItem): readonly Fact[] {
  return [
    { name: say('library.fact.kind'), value: say(`library.kind.${item.kind}`) },
    { name: say('library.fact.made'), value: time(item.createdMs) },
    ...(item.kind === 'prompt' ? listPromptFacts(item) : listImageFacts(item)),
    ...(item.kind === 'generation' ? listRecipeFacts(item) : []),
  ];
}

function listPromptFacts({ prompt }: Extract<LibraryItem, { kind: 'prompt' }>): readonly Fact[] {
  return [
    {
      name: say('library.fact.length'),
      value: prompt.length === null ? say('library.ownWords') : say('library.tokens', { count: prompt.length }),
    },
    { name: say('library.fact.pack'), value: prompt.packId },
  ];
}

function listImageFacts({ image }: Exclude<LibraryItem, { kind: 'prompt' }>): readonly Fact[] {
  return [
    { name: say('library.fact.size'), value: `${image.width} × ${image.height}` },
    {
      name: say('library.fact.file'),
      value: `${image.mediaType.replace('image/', '').toUpperCase()}, ${describeFileSize(image.bytes)}`,
    },
  ];
}

function listRecipeFacts({ recipe, fidelity }: Extract<LibraryItem, { kind: 'generation' }>): readonly Fact[] {
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
