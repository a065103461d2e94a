import type { Tickets } from './login.ts';
import type { Route } from './route.ts';
import { accessRoutes } from './routes/access.ts';
import { agentRoutes } from './routes/agent.ts';
import { cloneRoutes } from './routes/clone.ts';
import { clusterRoutes } from './routes/cluster.ts';
import { configRoutes } from './routes/config.ts';
import { diskRoutes } from './routes/disks.ts';
import { firewallRoutes } from './routes/firewall.ts';
import { groupRoutes } from './routes/groups.ts';
import { guestRoutes } from './routes/guests.ts';
import { haRoutes } from './routes/ha.ts';
import { migrateRoutes } from './routes/migrate.ts';
import { moveDiskRoutes } from './routes/move-disk.ts';
import { nodeRoutes } from './routes/nodes.ts';
import { poolRoutes } from './routes/pools.ts';
import { powerRoutes } from './routes/power.ts';
import { roleRoutes } from './routes/roles.ts';
import { sendKeyRoutes } from './routes/send-key.ts';
import { snapshotRoutes } from './routes/snapshots.ts';
import { storageRoutes } from './routes/storage.ts';
import { storageDefinitionRoutes } from './routes/storage-definitions.ts';
import { taskRoutes } from './routes/tasks.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { uploadRoutes } from './routes/upload.ts';
import { userRoutes } from './routes/users.ts';

/** Every method of the API that the lab speaks, one list per area. */
export function allRoutes(tickets: Tickets): readonly Route[] {
  return [
    ...accessRoutes(tickets),
    ...userRoutes,
    ...tokenRoutes,
    ...groupRoutes,
    ...roleRoutes,
    ...clusterRoutes,
    ...haRoutes,
    ...firewallRoutes,
    ...nodeRoutes,
    ...taskRoutes,
    ...poolRoutes,
    ...storageRoutes,
    ...storageDefinitionRoutes,
    ...uploadRoutes,
    ...guestRoutes,
    ...configRoutes,
    ...powerRoutes,
    ...sendKeyRoutes,
    ...cloneRoutes,
    ...diskRoutes,
    ...snapshotRoutes,
    ...moveDiskRoutes,
    ...migrateRoutes,
    ...agentRoutes,
  ];
}

/** Finds the route of a path, and the values of the names in it; undefined = not implemented. */
export function findRoute(routes: readonly Route[], method: string, path: string): Found | undefined {
  const pieces = path.split('/').filter((piece) => piece !== '');
  for (const route of routes) {
    if (route.method !== method) continue;
    const names = match(route.path.split('/').slice(1), pieces);
    if (names) return { route, names };
  }
  return undefined;
}

interface Found {
  readonly route: Route;
  readonly names: Record<string, string>;
}

function match(template: readonly string[], pieces: readonly string[]): Record<string, string> | undefined {
  // A volume id has slashes of its own; it takes the rest of the path.
  const whole = template.at(-1) === '{volume}' && pieces.length > template.length;
  if (whole)
    return match(template, [...pieces.slice(0, template.length - 1), pieces.slice(template.length - 1).join('/')]);
  if (template.length !== pieces.length) return undefined;
  const names: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const piece = decodeURIComponent(pieces[index] ?? '');
    if (part.startsWith('{')) names[part.slice(1, -1)] = piece;
    else if (part !== piece) return undefined;
  }
  return names;
}
