import type { Given } from './params.ts';
import { Problem } from './problem.ts';
import { Page } from './route.ts';
import { type ApiSchema, answerComplaints, requestComplaints } from './schema.ts';

/** What does not fit Proxmox's description of its API. */
export interface Violation {
  /** `POST /nodes/{node}/qemu/{vmid}/clone`. */
  readonly call: string;
  readonly of: 'request' | 'answer';
  /** The status that the call was answered with. */
  readonly status: number;
  readonly complaint: string;
}

export interface Inspector {
  readonly violations: Violation[];
  /** Does the work of a call, and then looks at what was asked (`given` has the names of the path too) and at what came of it. */
  watch<T>(method: string, path: string, given: () => Given, work: () => Promise<T>): Promise<T>;
}

/** Holds every call and every answer against a schema; without one it only lets them pass. */
export function makeInspector(schema: ApiSchema | undefined): Inspector {
  const violations: Violation[] = [];
  if (!schema) return { violations, watch: (_method, _path, _given, work) => work() };

  return {
    violations,
    async watch(method, path, given, work) {
      // The list of the API's own parts is not described.
      if (path === '') return work();
      const call = `${method} ${path}`;
      const note = (of: Violation['of'], status: number) => (complaint: string) =>
        void violations.push({ call, of, status, complaint });
      const requested = () => requestComplaints(schema, method, path, given());
      try {
        const result = await work();
        requested().forEach(note('request', 200));
        const data = result instanceof Page ? result.rows : (result ?? null);
        answerComplaints(schema, method, path, data).forEach(note('answer', 200));
        return result;
      } catch (error) {
        requested().forEach(note('request', error instanceof Problem ? error.status : 500));
        throw error;
      }
    },
  };
}
