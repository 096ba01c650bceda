import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';

/**
 * What went wrong in the engine, for the host. Allocation failures of V8 and of native code become `memory-exceeded`;
 * what nobody expected is `internal` with its text in the details, and the engine's log has the stack.
 */
export function toEngineErrorBody(error: unknown): ErrorBody {
  if (error instanceof StudioError) return error.toBody();
  const reason = error instanceof Error ? error.message : String(error);
  if (/bad_alloc|allocation failed|failed to allocate|out of memory|invalid (typed )?array length/i.test(reason)) {
    return {
      code: 'memory-exceeded',
      message: 'There is not enough memory for this.',
      hint: 'Make a smaller picture or fewer at a time, or close other programs.',
      details: { reason },
    };
  }
  return {
    code: 'internal',
    message: 'The engine met a fault of the studio.',
    hint: 'Try again; if it stays, report it with the details.',
    details: { reason },
  };
}
