/** The version of Proxmox VE that the lab plays. */
export type Profile = '8.4' | '9.2';

/** What differs between a lab for tests (no waiting) and one that feels like the real thing; all times in milliseconds. */
export interface Settings {
  readonly profile: Profile;
  /** How long a refused login is held back; 3 s in Proxmox. */
  readonly authDelayMs: number;
  /** How old `/cluster/resources` may be about a VM's name and status; about 10 s in Proxmox. */
  readonly resourcesLagMs: number;
  /** What a question to a guest agent that does not answer costs; 3 s in Proxmox. */
  readonly agentTimeoutMs: number;
  /** How long a call waits for a VM's lock; 10 s in Proxmox. */
  readonly lockTimeoutMs: number;
  /** After a reboot's shutdown, until `qmeventd` starts the VM again; 2 to 7 s in Proxmox. */
  readonly rebootGapMs: number;
  /** How long Proxmox's own processes wait for each other before they say 596; 30 s in Proxmox. */
  readonly proxyTimeoutMs: number;
  /** How long `pveproxy` keeps an upload's connection open while nobody answers it; 5 s in Proxmox. */
  readonly uploadCutMs: number;
  /** From a wish that HA takes down to its carrying out; about 10 s in Proxmox. */
  readonly haGapMs: number;
  /** How long a second of a call's own `timeout` (of a shutdown) is; tests have shorter ones. */
  readonly secondMs: number;
  /** Close the connection after each call that `pveproxy` hands to `pvedaemon`, as it does. */
  readonly closeAfterCall: boolean;
}

export const quickSettings: Settings = {
  profile: '9.2',
  authDelayMs: 0,
  resourcesLagMs: 0,
  agentTimeoutMs: 20,
  lockTimeoutMs: 1_000,
  rebootGapMs: 5,
  proxyTimeoutMs: 30_000,
  uploadCutMs: 5_000,
  haGapMs: 5,
  secondMs: 1_000,
  closeAfterCall: false,
};

export const realisticSettings: Settings = {
  profile: '9.2',
  authDelayMs: 3_000,
  resourcesLagMs: 10_000,
  agentTimeoutMs: 3_000,
  lockTimeoutMs: 10_000,
  rebootGapMs: 3_000,
  proxyTimeoutMs: 30_000,
  uploadCutMs: 5_000,
  haGapMs: 10_000,
  secondMs: 1_000,
  closeAfterCall: true,
};
