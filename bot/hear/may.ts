import type { Person } from '#chat/platform.ts';
import { authorize, Denied } from '#policy/authorize.ts';
import type { CommandKind } from '#policy/principal.ts';
import type { Office } from '../office.ts';

/** Whether a person may use a command; for what is only offered, so that nothing of a refusal is noted. */
export function may({ policy }: Pick<Office, 'policy'>, command: CommandKind, by: Person): boolean {
  try {
    authorize(policy, { kind: 'command', command }, by);
    return true;
  } catch (error) {
    if (error instanceof Denied) return false;
    throw error;
  }
}
