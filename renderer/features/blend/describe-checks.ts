import type { BlendChecks } from '../../../contract/texts/blend.ts';
import type { BlendKey } from '../../state/blend/blend-state.ts';
import { list, say } from '../../language/say.ts';

/** What was found out about a blend, in sentences: first all that is wrong, else that all is well. */
export function describeChecks(
  checks: BlendChecks,
  key: BlendKey,
): { readonly passed: boolean; readonly sentences: readonly string[] } {
  const { subject, setting, repeats, glued, echo, fits } = checks;
  const names = key === 'aPlusB' ? { object: 'A', scene: 'B' } : { object: 'B', scene: 'A' };
  const wrong = [
    ...(subject ? [] : [say('blend.check.subject', names)]),
    ...(setting ? [] : [say('blend.check.setting', names)]),
    ...(repeats.length === 0 ? [] : [say('blend.check.repeats', { words: list(repeats) })]),
    ...(glued.length === 0 ? [] : [say('blend.check.glued', { words: list(glued) })]),
    ...(echo ? [say('blend.check.echo')] : []),
    ...(fits ? [] : [say('blend.check.long')]),
  ];
  return wrong.length === 0
    ? { passed: true, sentences: [say('blend.check.passed', names)] }
    : { passed: false, sentences: wrong };
}
