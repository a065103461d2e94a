import { perm, type Route } from '../route.ts';

/** Where a firewall can have rules: the whole cluster, a node, a VM. In the lab it is off everywhere. */
const places = [
  ['/cluster/firewall', perm('/', 'Sys.Audit')],
  ['/nodes/{node}/firewall', perm('/nodes/{node}', 'Sys.Audit')],
  ['/nodes/{node}/qemu/{vmid}/firewall', perm('/vms/{vmid}', 'VM.Audit')],
] as const;

export const firewallRoutes: readonly Route[] = places.flatMap(([path, access]): Route[] => [
  { method: 'GET', path: `${path}/rules`, access, params: {}, run: () => [] },
  { method: 'GET', path: `${path}/options`, access, params: {}, run: () => ({ enable: 0 }) },
]);
