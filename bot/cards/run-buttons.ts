import type { RunRecord } from '#jobs/engine/record.ts';
import type { Meaning, Planned } from './buttons.ts';

/** What can be done with a run in its state. */
export function runButtons({ id: run, state, onFailure, view, cancelledBy }: RunRecord): readonly Planned[] {
  const act = (label: string, verb: Extract<Meaning, { kind: 'run' }>['verb'], more: Partial<Planned> = {}) => ({
    label,
    ...more,
    meaning: { kind: 'run' as const, run, verb },
  });
  const log = act('Show log', 'log');
  const retry = act(state === 'stuck' ? 'I fixed it, go on' : 'Retry from here', 'retry', { tone: 'primary' });
  const rollBack = act('Roll back', 'roll back', { tone: 'danger', confirm: 'Take back everything this run made?' });
  switch (state) {
    case 'planning':
    case 'queued':
    case 'running':
    case 'waiting': {
      const cancel = act('Cancel', 'cancel', { tone: 'danger', confirm: 'What was made so far is removed.' });
      // Somebody pressed it already.
      const stop = cancelledBy === undefined ? [cancel] : [];
      const keep = onFailure === 'undo' && (view?.changes.create ?? 0) > 0 ? [act('Keep if it fails', 'keep')] : [];
      return [...stop, log, act('Tell me when done', 'watch'), ...keep];
    }
    case 'kept':
      return [retry, rollBack, act('Keep for a look', 'keep'), log];
    case 'stuck':
      return [retry, rollBack, log];
    case 'failed':
    case 'cancelled':
    case 'expired':
      return [{ ...retry, label: 'Try again' }, log];
    case 'undoing':
      return [log];
    default:
      return [];
  }
}
