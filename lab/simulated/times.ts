/** How long things take in the simulated engine, in milliseconds. */
export interface Times {
  /** A full copy of a disk. */
  readonly copyMs: number;
  /** A linked clone. */
  readonly linkMs: number;
  /** From power to the system being up; cloud-init begins then. */
  readonly bootMs: number;
  /** The rest from there: an address, the guest agent, the SSH server, the end of cloud-init. */
  readonly dhcpMs: number;
  readonly agentMs: number;
  readonly sshMs: number;
  readonly cloudInitMs: number;
  /** Installing the packages that user-data asks for. */
  readonly packagesMs: number;
  readonly shutdownMs: number;
  /** How long at most a first boot that ends in a power-off waits after its work for somebody to ask its agent. */
  readonly lingerMs: number;
}

export const quickTimes: Times = {
  copyMs: 4,
  linkMs: 1,
  bootMs: 8,
  dhcpMs: 2,
  agentMs: 4,
  sshMs: 6,
  cloudInitMs: 10,
  packagesMs: 4,
  shutdownMs: 3,
  lingerMs: 400,
};

export const realisticTimes: Times = {
  copyMs: 8_000,
  linkMs: 400,
  bootMs: 9_000,
  dhcpMs: 1_500,
  agentMs: 3_000,
  sshMs: 4_000,
  cloudInitMs: 7_000,
  packagesMs: 12_000,
  shutdownMs: 2_000,
  lingerMs: 15_000,
};
