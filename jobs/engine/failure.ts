import { RemoteError, sentence, UserError } from '#base/errors.ts';
import type { Failure } from './record.ts';

/** A failure as people see it. `step` is the label of the step that failed. */
export function failureOf(error: unknown, step: string | undefined): Failure {
  const known = error instanceof UserError || error instanceof RemoteError;
  return {
    step,
    system: error instanceof RemoteError ? error.system : undefined,
    message: known ? error.message : `This is a mistake in Botswain itself: ${sentence(error)}`,
    hint: known ? error.hint : 'The log of the worker has the details.',
    offers: known ? error.offers : [],
    takenBack: [],
    leftOver: [],
  };
}

/** A failure that is not an error of anything: a cancel, a rejection. */
export function plainFailure(message: string, hint?: string): Failure {
  return { step: undefined, system: undefined, message, hint, offers: [], takenBack: [], leftOver: [] };
}
