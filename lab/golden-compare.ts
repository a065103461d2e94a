import type { Answer, Recorded } from './golden-replay.ts';
import type { Lab } from './start.ts';

/** How an answer differs from the recorded one: status, reason, complaints about parameters, shape. Undefined = not at all. */
export function compare(recorded: Recorded, answer: Answer): string | undefined {
  const [was, is] = [`${recorded.status} ${plain(recorded.statusText)}`, `${answer.status} ${plain(answer.reason)}`];
  if (was !== is) return `${was} | ${is} ${JSON.stringify(answer.body).slice(0, 200)}`;
  const [wasErrors, isErrors] = [errorsOf(recorded.body), errorsOf(answer.body)];
  if (plain(wasErrors) !== plain(isErrors)) return `${wasErrors} | ${isErrors}`;
  const [wasData, isData] = [dataOf(recorded.body), dataOf(answer.body)];
  if (shape(wasData) !== shape(isData)) return `${shape(wasData)} | ${shape(isData)}`;
  const missing = missingKeys(wasData, isData).filter((key) => !surroundings.test(key));
  return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`;
}

/** How the end of the task that a call began differs from the recorded one. */
export function compareTask(lab: Lab, recorded: Recorded, answer: Answer): string | undefined {
  const was = (dataOf(recorded.body) as Record<string, string> | undefined)?.exitstatus;
  const is = lab.cluster.tasks.find(String(dataOf(answer.body)))?.exitstatus;
  return was === undefined || plain(was) === plain(is ?? '') ? undefined : `task: ${was} | ${is}`;
}

/** How the last line of that task's log differs from the recorded one; of a log that was cut at its 50th line nothing is said. */
export function compareLog(lab: Lab, recorded: Recorded, answer: Answer): string | undefined {
  const lines = dataOf(recorded.body) as readonly { readonly t: string }[];
  const was = lines.at(-1)?.t ?? '';
  const is = lab.cluster.tasks.find(String(dataOf(answer.body)))?.lines.at(-1) ?? '';
  return lines.length >= 50 || plain(was) === plain(is) ? undefined : `log: ${was} | ${is}`;
}

/** What is in an answer's envelope. */
export function dataOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
}

function errorsOf(body: unknown): string {
  const errors = typeof body === 'object' && body !== null && 'errors' in body ? body.errors : {};
  return JSON.stringify(Object.entries(errors as object).sort());
}

/** What only says where the recording was made: its network, its root's address, its QEMU. */
const surroundings = /^(address|cidr|netmask|gateway|email|changes)$/;

/** Keys that the recorded object (or any row of the recorded list) has and ours has not. */
function missingKeys(was: unknown, is: unknown): string[] {
  const has = keysOf(is);
  if (Array.isArray(is) && is.length === 0) return [];
  return [...keysOf(was)].filter((key) => !has.has(key));
}

function keysOf(data: unknown): Set<string> {
  const rows = Array.isArray(data) ? data : [data];
  return new Set(rows.flatMap((row) => (typeof row === 'object' && row !== null ? Object.keys(row) : [])));
}

function shape(data: unknown): string {
  if (Array.isArray(data)) return 'list';
  return data === null ? 'null' : typeof data;
}

/** Without what can not be the same: addresses, hashes, temporary names. */
function plain(text: string): string {
  return text
    .replace(/pveupload-[0-9a-f]+/g, 'pveupload')
    .replace(/http:\/\/[\d.:]+|\d+\.\d+\.\d+\.\d+:\d+|[0-9a-f]{64}/g, '…')
    .replace(/qemu-img(\.real)?/g, 'qemu-img')
    .replace(/tmp_dwnl\.\d+/g, 'tmp_dwnl')
    .replace(/line \d+\./g, 'line n.');
}
