import { spell } from '#base/duration.ts';
import { UserError } from '#base/errors.ts';

/** Why no VMID was given, by the script's answer. */
export function noVmid(
  how: string | undefined,
  what: string,
  { from, to, wish }: { from: number; to: number; wish: number | undefined },
): UserError {
  const hint = 'Leave --vmid out to take the next free one.';
  if (how === 'taken') return new UserError(`VMID ${wish} is taken.`, { hint });
  if (how === 'claimed') {
    return new UserError(`VMID ${wish} is claimed by run ${what}, which is making a VM with it.`, { hint });
  }
  if (how === 'resting') {
    return new UserError(`VMID ${wish} was in use a short while ago and rests for another ${spell(Number(what))}.`, {
      hint,
    });
  }
  return new UserError(`No VMID from ${from} to ${to} is free.`, {
    hint: 'Destroy VMs that are not needed, or widen `vmids` in the configuration.',
  });
}

/** Only a worker that stood still for long asks this late; what it does fails, and nobody hears of it. */
export function runOver(run: string): Error {
  return new Error(`Run ${run} has ended, and is given nothing any more.`);
}

/** The name belongs to a run that is not through yet. */
export function nameClaimed(name: string, run: string | undefined): UserError {
  return new UserError(`The name ${name} is claimed by run ${run}, which is making a VM of that name.`, {
    hint: 'Choose another name, or wait until that run has ended.',
  });
}

export function nameTaken(name: string): UserError {
  return new UserError(`There is a VM named ${name} already.`, { hint: 'Choose another name.' });
}
