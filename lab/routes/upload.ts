import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchUrl } from '../fetch-url.ts';
import { readUpload } from '../multipart.ts';
import { needs, oneOf, optional, type Params, text, verify } from '../params.ts';
import { died, Problem } from '../problem.ts';
import { type Asking, type Call, perm, permNetwork, type Route } from '../route.ts';
import { keepSpool, spool, volidFor } from '../spool.ts';
import { enabledStorage, findVolume, pathOf } from '../volumes.ts';

const algorithms = oneOf('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512');
const file: Params = {
  content: oneOf('iso', 'vztmpl', 'import'),
  checksum: optional(needs('checksum-algorithm', text())),
  'checksum-algorithm': optional(algorithms),
  filename: text(),
};

export const uploadRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/nodes/{node}/storage/{storage}/download-url',
    access: (call) => {
      const may = perm('/storage/{storage}', 'Datastore.AllocateTemplate');
      may(call);
      permNetwork(call);
    },
    params: {
      ...file,
      url: text((value) => (/^https?:\/\/.*/.test(value) ? undefined : 'value does not match the regex pattern')),
      compression: optional(text()),
      'verify-certificates': optional({ type: 'boolean', optional: true }),
    },
    run: download,
  },
];

type Uploading = Asking & {
  readonly request: IncomingMessage;
  /** The node that the call came to; its task is of that node, whatever node the file is for. */
  readonly receiver: string | undefined;
  /** How long `pvedaemon` takes before it answers. */
  readonly busyMs: number;
};

/** `POST /nodes/{node}/storage/{storage}/upload`: its body is a stream, so it does not go through the ordinary parameters. */
export async function upload(asking: Uploading): Promise<string> {
  const { cluster, caller, path, request, receiver } = asking;
  const node = path.node ?? '';
  try {
    perm('/storage/{storage}', 'Datastore.AllocateTemplate')(asking);
  } catch (error) {
    // This one is refused like a failed login: late, and without a body.
    throw error instanceof Problem ? new Problem(error.status, error.message, { form: 'empty', delayed: true }) : error;
  }
  const sent = await readUpload(request);
  // They came in a stream; whoever looks at the call afterwards finds them where other calls have theirs.
  Object.assign(asking.given, sent.fields, { filename: sent.filename });
  const algorithm = sent.fields['checksum-algorithm'] ?? 'sha256';
  const known = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].includes(algorithm);
  const waiting = await spool(sent.bytes, known ? algorithm : 'sha256');
  try {
    const values = verify(file, { ...sent.fields, filename: sent.filename }, cluster.settings.profile);
    const storage = enabledStorage(cluster.state, path.storage ?? '');
    const content = values.content ?? '';
    const volid = volidFor(storage, content, sent.filename);
    await waitForDaemon(asking, waiting);
    return cluster.tasks.start({ node: receiver ?? node, type: 'imgcopy', id: '', caller }, async (task) => {
      if (request.socket.destroyed) throw died(`failed to stat '${waiting.name}': No such file or directory`);
      await using _waiting = waiting;
      const target = pathOf(cluster.state, volid);
      task.log(`starting file import from: ${waiting.name}`);
      if (values.checksum !== undefined) {
        const same = waiting.hash === values.checksum.toLowerCase();
        task.log(`calculating checksum...${same ? 'OK, checksum verified' : ''}`);
        if (!same) throw new Error(`checksum mismatch: got '${waiting.hash}' != expect '${values.checksum}'`);
      }
      task.log(`target node: ${node}`);
      task.log(`target file: ${target}`);
      task.log(`file size is: ${waiting.size}`);
      const across = receiver !== undefined && receiver !== node;
      task.log(`command: ${across ? `/usr/bin/scp -- ${waiting.name} [${node}]:` : `cp -- ${waiting.name} `}${target}`);
      await keepSpool(cluster, waiting, { volid, storage, node, content });
      task.log('finished file import successfully');
    });
  } catch (error) {
    await waiting[Symbol.asyncDispose]();
    throw error;
  }
}

/** `pvedaemon` is busy and answers late. After some seconds `pveproxy` gives up: it closes the connection and removes the file. */
async function waitForDaemon({ cluster, request, busyMs }: Uploading, waiting: AsyncDisposable): Promise<void> {
  const { uploadCutMs } = cluster.settings;
  await sleep(Math.min(busyMs, uploadCutMs), undefined, { ref: false });
  if (busyMs <= uploadCutMs) return;
  request.socket.destroy();
  await waiting[Symbol.asyncDispose]();
  await sleep(busyMs - uploadCutMs, undefined, { ref: false });
}

function download({ cluster, caller, node, path, values }: Call): string {
  const storage = enabledStorage(cluster.state, path.storage ?? '');
  const { url = '', content = '', filename = '', checksum } = values;
  const algorithm = values['checksum-algorithm'] ?? 'sha256';
  const volid = volidFor(storage, content, filename);
  const target = pathOf(cluster.state, volid);
  return cluster.tasks.start({ node, type: 'download', id: filename, caller }, async (task) => {
    task.log(`downloading ${url} to ${target}`);
    const there = findVolume(cluster.state, volid, node);
    if (there) {
      if (checksum === undefined) throw died(`refusing to override existing file '${target}'`);
      if (there.checksum !== `${algorithm}:${checksum.toLowerCase()}`) {
        throw died(`checksum mismatch: got '${there.checksum}' != expect '${checksum}'`);
      }
      return task.log('calculating checksum of existing file...OK, got correct file already, no need to download');
    }
    const bytes = await fetchBytes(url, task.signal);
    await using waiting = await spool(bytes, algorithm);
    task.log('download finished');
    if (checksum !== undefined) {
      const same = waiting.hash === checksum.toLowerCase();
      task.log(`calculating checksum...${same ? 'OK, checksum verified' : ''}`);
      if (!same) throw died(`checksum mismatch: got '${waiting.hash}' != expect '${checksum}'`);
    }
    const name = `${target}.tmp_dwnl.${process.pid}`;
    await keepSpool(cluster, { ...waiting, name }, { volid, storage, node, content }).catch((error: Error) => {
      throw died(`failed to verify file: ${error.message}`);
    });
    task.log(`download of '${url}' to '${target}' finished`);
  });
}

async function fetchBytes(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const { host } = new URL(url);
  const found = await fetchUrl(new URL(url), 'GET', signal).catch((error: Error) => {
    throw died(`download failed: Connecting to ${host}... failed: ${error.message}.`);
  });
  if (found.status === 200) return found.body;
  found.body.resume();
  throw died('download failed: exit code 8');
}
