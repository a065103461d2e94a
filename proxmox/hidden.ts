import { UserError } from '#base/errors.ts';
import { readPermissionsAt } from './access.ts';
import type { Cluster } from './cluster.ts';

/**
 * Throws a `UserError` when the token may not see VMs and templates: what it does not find may be there all
 * the same. To be asked before somebody is told that there is no `what` (`a VM "web"`).
 *
 * GET /access/permissions
 */
export async function requireSight({ api, settings, name }: Cluster, what: string): Promise<void> {
  const path = settings.pool === undefined ? '/vms' : `/pool/${settings.pool}`;
  const permissions = await readPermissionsAt(api, [path]);
  if (permissions[path]?.['VM.Audit'] !== undefined) return;
  throw new UserError(
    `Whether there is ${what} can’t be seen: the API token ${settings.token.id} lacks VM.Audit on ${path} of ${name}.`,
    { hint: '/bot doctor' },
  );
}
