import { session } from './session.js';

/** A request that was refused, with what to do. */
export class ApiError extends Error {
  /** @param {number} status 0 when the console could not be reached @param {string} message @param {string} [hint] */
  constructor(status, message, hint) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/**
 * Calls the console. Throws an {@link ApiError} with the sentence to show.
 * @param {'GET' | 'POST'} method @param {string} path @param {unknown} [body] @param {AbortSignal} [signal]
 * @returns {Promise<any>} the answer's JSON
 */
export async function call(method, path, body, signal) {
  const response = await reach(path, {
    method,
    headers: { ...authorization(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  return response.json();
}

/**
 * Posts; 422 is an answer too.
 * @param {string} path @param {unknown} body @returns {Promise<Response>}
 */
export async function post(path, body) {
  const headers = { ...authorization(), 'Content-Type': 'application/json' };
  return reach(path, { method: 'POST', headers, body: JSON.stringify(body) }, [422]);
}

/**
 * A response that is a success, or one of these.
 * @param {string} path @param {RequestInit} options @param {readonly number[]} [also] @returns {Promise<Response>}
 */
export async function reach(path, options, also = []) {
  const response = await fetch(path, { cache: 'no-store', ...options }).catch((error) => {
    if (options.signal?.aborted) throw error;
    throw new ApiError(
      0,
      'The console can’t be reached.',
      'Nothing is lost: send it again when the connection is back.',
    );
  });
  if (response.ok || also.includes(response.status)) return response;
  const answer = await response.json().catch(() => undefined);
  const { message, hint } = answer?.error ?? { message: `The console answered ${response.status}.` };
  throw new ApiError(response.status, message, hint);
}

/** @returns {Record<string, string>} */
export function authorization() {
  const own = session();
  return own ? { Authorization: `Bearer ${own.token}` } : {};
}
