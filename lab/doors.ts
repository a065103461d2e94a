import type { Server } from 'node:net';
import { openDoor } from './door.ts';
import { makeServer, type ServerParts } from './server.ts';

/** The addresses under which the API is reached. */
export interface Doors extends AsyncDisposable {
  /** `https://127.0.0.1:PORT` by node; only the first node's when one address stands for all. */
  readonly urls: Readonly<Record<string, string>>;
}

/** Listens on loopback: on one address that stands for all nodes, or for `each` node on its own, which is shut while the node is offline. */
export async function openDoors(
  parts: Omit<ServerParts, 'receiver'>,
  { each, port }: { readonly each: boolean; readonly port: number },
): Promise<Doors> {
  const { nodes } = parts.cluster.state;
  await using made = new AsyncDisposableStack();
  const urls: Record<string, string> = {};
  for (const [at, { name }] of (each ? nodes : nodes.slice(0, 1)).entries()) {
    const server = makeServer(each ? { ...parts, receiver: name } : parts);
    const isUp = () => !each || nodes.some((node) => node.name === name && node.online);
    const door = openDoor(server, isUp);
    urls[name] = await listen(door, at === 0 ? port : 0);
    made.defer(() => close(door, server));
  }
  const open = made.move();
  return { urls, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

async function listen(door: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen(port, '127.0.0.1', resolve);
  });
  const address = door.address();
  return `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
}

async function close(door: Server, server: ReturnType<typeof makeServer>): Promise<void> {
  const closed = new Promise<void>((resolve) => door.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
