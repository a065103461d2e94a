import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A file that the image server hands out: from a path, or straight from memory. */
export type ImageFile = { readonly name: string } & ({ readonly file: string } | { readonly bytes: Buffer });

/** The lab's stand-in for a vendor's download site: images with a `SHA256SUMS` file beside them. */
export interface Images extends AsyncDisposable {
  readonly url: string;
  readonly catalog: readonly { readonly name: string; readonly url: string; readonly sums: string }[];
  /** Serve a wrong checksum for this image from now on (or the right one again). */
  falsify(name: string, wrong: boolean): void;
}

/** Serves plain HTTP on loopback. Hashes are worked out when first asked for. */
export async function startImages(files: readonly ImageFile[], port: number): Promise<Images> {
  const hashes = new Map<string, Promise<string>>();
  const wrong = new Set<string>();

  async function sums(): Promise<string> {
    const lines = await Promise.all(
      files.map(async (file) => {
        const hash = hashes.get(file.name) ?? hashOf(file);
        hashes.set(file.name, hash);
        return `${wrong.has(file.name) ? '0'.repeat(64) : await hash}  ${file.name}\n`;
      }),
    );
    return lines.join('');
  }

  const server = createServer((request, response) => {
    const name = basename(decodeURIComponent(request.url ?? '/'));
    const file = files.find((candidate) => candidate.name === name);
    const answer = async () => {
      if (name === 'SHA256SUMS') return void response.end(await sums());
      if (!file) return void response.writeHead(404, 'File not found').end();
      const size = 'bytes' in file ? file.bytes.length : (await stat(file.file)).size;
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': size });
      if (request.method === 'HEAD') return void response.end();
      if ('bytes' in file) return void response.end(file.bytes);
      await pipeline(createReadStream(file.file), response);
    };
    answer().catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  return {
    url,
    catalog: files.map(({ name }) => ({ name, url: `${url}/${name}`, sums: `${url}/SHA256SUMS` })),
    falsify: (name, isWrong) => void (isWrong ? wrong.add(name) : wrong.delete(name)),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function hashOf(file: ImageFile): Promise<string> {
  const hash = createHash('sha256');
  if ('bytes' in file) return hash.update(file.bytes).digest('hex');
  for await (const chunk of createReadStream(file.file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
