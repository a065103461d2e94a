import type { Api } from './api.ts';
import type { AddressIndex } from './claims/address-index.ts';
import type { Claims } from './claims.ts';
import type { ClusterSettings } from './settings.ts';

/** One Proxmox cluster, ready to use: how to call it, what is claimed in it, which addresses were seen, and how it is set up. */
export interface Cluster {
  readonly name: string;
  readonly api: Api;
  readonly claims: Claims;
  readonly addresses: AddressIndex;
  readonly settings: ClusterSettings;
}
