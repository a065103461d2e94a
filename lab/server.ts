import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttps, type Server } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { nobody } from './access.ts';
import { asProblem, sendProblem, sendResult } from './answer.ts';
import { checkTransfer, readParameters } from './body.ts';
import type { Certificate } from './certificate.ts';
import type { Cluster } from './cluster.ts';
import { type Fault, readFault, showFault, takeFault } from './faults.ts';
import { flood } from './flood.ts';
import type { Inspector } from './inspect.ts';
import { callerOf, type Tickets } from './login.ts';
import { verify, vmid } from './params.ts';
import { died, Problem } from './problem.ts';
import { checkQuorum } from './quorum.ts';
import type { Asking, Route } from './route.ts';
import { upload } from './routes/upload.ts';
import { allRoutes, findRoute } from './table.ts';
import { troubled } from './troubled.ts';

/** How often each call was made: `GET /nodes/{node}/qemu` → count. */
export type Calls = Map<string, number>;

export interface ServerParts {
  readonly cluster: Cluster;
  readonly certificate: Certificate;
  readonly faults: Fault[];
  readonly calls: Calls;
  readonly inspector: Inspector;
  readonly tickets: Tickets;
  /** The node whose address this is; undefined when one address stands for all. */
  readonly receiver?: string;
}

/** The API server, not yet listening. */
export function makeServer(parts: ServerParts): Server {
  const routes = allRoutes(parts.tickets);
  const { key, cert } = parts.certificate;
  const server = createHttps({ key, cert }, (request, response) => {
    serve({ ...parts, routes }, request, response).catch((error) => {
      if (!response.headersSent) sendProblem(response, asProblem(error));
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 5_000;
  return server;
}

interface Served extends ServerParts {
  readonly routes: readonly Route[];
}

async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Not by `URL`, which would tidy `/../` away before it is found wrong.
  const [pathname = '/', query = ''] = (request.url ?? '/').split('?', 2);
  if (pathname.startsWith('/_lab/')) return labDesk(served, request, response, pathname);
  const path = /^\/api2\/(?:json|extjs)(\/.*|)$/.exec(pathname)?.[1]?.replace(/\/+$/, '');
  if (path === undefined) return sendProblem(response, notImplemented(request.method, pathname));
  const fault = takeFault(served.faults, request.method ?? 'GET', decodeURIComponent(path));
  if (fault && (await strike(fault, request, response))) return;
  try {
    const result = await answerCall(served, request, response, path, new URLSearchParams(query), fault);
    if (fault?.mode === 'drop-after') request.socket.destroy();
    else if (fault?.mode === 'huge' || fault?.mode === 'endless') await flood(fault, response);
    else sendResult(response, result, served.cluster.settings.closeAfterCall && path.includes('/qemu/'));
  } catch (error) {
    if (fault?.mode === 'drop-after') return void request.socket.destroy();
    if (response.headersSent) return void response.destroy();
    const problem = asProblem(error);
    if (problem.delayed) await sleep(served.cluster.settings.authDelayMs, undefined, { ref: false });
    sendProblem(response, problem);
  }
}

/** True when the fault has answered (or not answered) the call by itself. */
async function strike(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const mode = fault.mode ?? (fault.status === undefined ? 'slow' : 'status');
  const answers = mode === 'drop-before' || mode === 'status' || mode === 'hold';
  if (answers && fault.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  if (mode === 'drop-before') request.socket.destroy();
  if (mode === 'status') {
    const reason = fault.reason ?? 'fault injected';
    const bare = (fault.status ?? 500) >= 595;
    sendProblem(response, new Problem(fault.status ?? 500, reason, { form: bare ? 'empty' : 'json' }));
  }
  return answers;
}

async function answerCall(
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
  fault: Fault | undefined,
): Promise<unknown> {
  const { cluster } = served;
  const method = request.method ?? 'GET';
  const isUpload = method === 'POST' && /^\/nodes\/[^/]+\/storage\/[^/]+\/upload$/.test(path);
  const found = isUpload ? undefined : findRoute(served.routes, method, path);
  const world = found?.route.access === 'world' && request.headers.authorization === undefined;
  const caller = world ? nobody : callerOf(cluster.state, served.tickets, isUpload ? 'GET' : method, request.headers);
  if (isUpload) checkTransfer(request);
  const given = isUpload ? {} : await readParameters(request, query);
  if (!found && !isUpload) throw notImplemented(method, path);
  const names = found?.names ?? uploadNames(path);
  const known = found?.route.path ?? '/nodes/{node}/storage/{storage}/upload';
  count(served.calls, `${method} ${known}`);

  const asking: Asking = { cluster, caller, path: names, given };
  const work = async () => carryOut(served, { asking, found, request, response, fault });
  return served.inspector.watch(method, known, () => ({ ...given, ...names }), work);
}

interface Arrived {
  readonly asking: Asking;
  /** Undefined for an upload, whose parameters are in a stream. */
  readonly found: ReturnType<typeof findRoute>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: Fault | undefined;
}

/** Rights, node, parameters, in Proxmox's order; then the work. */
function carryOut({ cluster, receiver }: Served, { asking, found, request, response, fault }: Arrived): unknown {
  const { path: names, given } = asking;
  if (found && typeof found.route.access === 'function') found.route.access(asking);
  if (names.node !== undefined) checkNode(cluster, names.node);
  if (found) checkQuorum(cluster, `${found.route.method} ${found.route.path}`);
  const limited = fault ? { ...asking, cluster: troubled(cluster, fault) } : asking;
  const busyMs = fault?.delayMs ?? 0;
  if (!found) return upload({ ...limited, request, receiver, busyMs });

  const params = typeof found.route.params === 'function' ? found.route.params(given) : found.route.params;
  const inPath = names.vmid;
  const { profile } = cluster.settings;
  const wanted = inPath === undefined ? params : { ...params, vmid };
  const { vmid: sent, ...rest } = verify(wanted, inPath === undefined ? given : { ...given, vmid: inPath }, profile);
  const values = inPath || sent === undefined ? rest : { ...rest, vmid: sent };
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const call = { ...limited, values, node: names.node ?? '', vmid: Number(inPath ?? 0), signal: gone.signal };
  const run = () => found.route.run(call);
  const work = busyMs > 0 ? sleep(busyMs, undefined, { ref: false }).then(run) : run();
  return withinProxy(work, cluster.settings.proxyTimeoutMs);
}

/** `pveproxy` waits only so long for the process that does the work, which goes on all the same. */
async function withinProxy(work: unknown, limitMs: number): Promise<unknown> {
  if (!(work instanceof Promise)) return work;
  const over = new AbortController();
  const late = sleep(limitMs, undefined, { ref: false, signal: over.signal }).then(() => {
    throw new Problem(596, 'Connection timed out', { form: 'empty' });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

function uploadNames(path: string): Record<string, string> {
  const [, , node = '', , storage = ''] = path.split('/').map((piece) => decodeURIComponent(piece));
  return { node, storage };
}

function checkNode(cluster: Cluster, name: string): void {
  const node = cluster.state.nodes.find((candidate) => candidate.name === name);
  if (!node) {
    const why = `failed to get address info for: ${name}: Temporary failure in name resolution`;
    throw died(`hostname lookup '${name}' failed - ${why}`);
  }
  if (!node.online) throw new Problem(595, 'No route to host', { form: 'empty' });
}

function notImplemented(method: string | undefined, path: string): Problem {
  return new Problem(501, `Method '${method} ${path.replace(/^\/api2\/json/, '')}' not implemented`);
}

function count(calls: Calls, name: string): void {
  calls.set(name, (calls.get(name) ?? 0) + 1);
}

/** `/_lab/faults`, `/_lab/calls`, `/_lab/violations`: the lab's own desk, beside the API. */
async function labDesk(
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const what = `${request.method} ${pathname}`;
  if (what === 'POST /_lab/faults') served.faults.push(readFault(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
  if (what === 'DELETE /_lab/faults') served.faults.length = 0;
  if (what === 'DELETE /_lab/calls') served.calls.clear();
  if (pathname === '/_lab/calls') return sendResult(response, Object.fromEntries(served.calls), false);
  if (pathname === '/_lab/violations') return sendResult(response, served.inspector.violations, false);
  if (pathname === '/_lab/faults') return sendResult(response, served.faults.map(showFault), false);
  sendProblem(response, notImplemented(request.method, pathname));
}
