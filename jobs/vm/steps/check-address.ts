import type { Step } from '#jobs/engine/step.ts';
import { answered, probeAddress } from '../addresses/claim-address.ts';
import { isRunning, type Machine } from './power.ts';

/** Right before a VM with a static address is started: nobody else may answer there by now. */
export const checkAddress: Step<Machine & { readonly address: string }, null> = {
  name: 'check address',
  label: ({ address }) => `Check that nobody has ${address}`,
  timeout: '2m',
  repeat: 'safe',

  async run(world, { address, ...vm }) {
    const probed = await probeAddress(world.settings, address, world.signal);
    if (probed.state === 'unknown') world.note(`Whether somebody has ${address} could not be tried: ${probed.why}.`);
    // After Redis has lost what was done, it may be the VM itself that answers.
    if (probed.state === 'answers' && !(await isRunning(world, vm))) throw answered(address);
    return null;
  },
};
