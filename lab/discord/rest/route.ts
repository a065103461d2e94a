import type { ZodMiniType } from 'zod/mini';
import type { Upload } from '../attachments.ts';
import { StatusError } from '../error.ts';
import type { Shape } from '../rules/check.ts';
import type { World } from '../world.ts';

/** One endpoint of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/channels/{channel}/messages`, without `/api/v10`. */
  readonly path: string;
  /** `open` needs no bot token: an interaction's own token is in the path. */
  readonly access?: 'open';
  /** How many calls in how many ms, for each top-level resource. Left out: {@link usualBucket}. `none` for callbacks, which are not limited. */
  readonly bucket?: Bucket | 'none';
  readonly request?: Shape;
  readonly answer?: ZodMiniType;
  /** `undefined` is answered 204. */
  readonly run: (asking: Asking) => unknown;
}

export interface Bucket {
  readonly limit: number;
  readonly perMs: number;
}

export const usualBucket: Bucket = { limit: 50, perMs: 1_000 };

export interface Asking {
  readonly world: World;
  /** `POST /channels/{channel}/messages` */
  readonly where: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly Upload[];
}

/** The part of a path in braces. */
export function part(asking: Asking, name: string): string {
  const value = asking.path[name];
  if (value === undefined) throw new StatusError(404, '404: Not Found');
  return value;
}

/** The route for a call, and what stands for the parts in braces. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly path: Readonly<Record<string, string>> } | undefined {
  const pieces = path.split('/');
  for (const route of routes) {
    if (route.method !== method) continue;
    const wanted = route.path.split('/');
    if (wanted.length !== pieces.length) continue;
    const named: Record<string, string> = {};
    const fits = wanted.every((piece, place) => {
      const given = decodeURIComponent(pieces[place] ?? '');
      if (!piece.startsWith('{')) return piece === given;
      named[piece.slice(1, -1)] = given;
      return given !== '';
    });
    if (fits) return { route, path: named };
  }
  return undefined;
}
