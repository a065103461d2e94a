import type { TestEvent } from 'node:test/reporters';

/** A reporter for `node --test` that tells only what was skipped and why, a line each: `- up --sim … (python is missing)`. */
// biome-ignore lint/style/noDefaultExport: node takes a reporter by its default export.
export default async function* skipped(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' || data.skip === undefined) continue;
    yield `- ${data.name}${typeof data.skip === 'string' ? ` (${data.skip})` : ''}\n`;
  }
}
